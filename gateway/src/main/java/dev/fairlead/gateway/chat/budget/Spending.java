package dev.fairlead.gateway.chat.budget;

import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.Future;
import java.util.Optional;

/** Bounds what models cost. */
public interface Spending {
    /** For who counts nothing. */
    Spending UNBOUNDED = (who, estimate) -> Future.succeededFuture(used -> Future.succeededFuture(Optional.empty()));

    /**
     * Takes room for a call before it is made; what is taken stays taken over a restart.
     *
     * @param estimate of what it will read and write
     * @return fails with {@code budget_exhausted} where nothing is left
     */
    Future<Reservation> reserve(Spender who, ChatFrame.Usage estimate);

    /** Room that was taken. */
    @FunctionalInterface
    interface Reservation {
        /**
         * Gives it back for what the call did use; to be called once.
         *
         * @return where that leaves each bound there is, in words; empty, and at once, where there is none
         */
        Future<Optional<String>> settle(ChatFrame.Usage used);
    }
}
