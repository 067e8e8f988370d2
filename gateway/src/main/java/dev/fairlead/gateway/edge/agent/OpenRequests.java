package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.edge.agent.PendingRequests.Asker;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The requests of one sender that wait for an answer; bounded. Plain state, of one event loop. */
final class OpenRequests {
    private static final Duration AGAIN_AFTER = Duration.ofMillis(100);

    private final int most;
    private int open;

    /** At most {@code most} at a time. */
    OpenRequests(int most) {
        this.most = most;
    }

    /**
     * Counts one more until its outcome is told.
     *
     * @throws FairleadException {@code busy}, where too many wait already
     */
    Asker open(Consumer<Optional<RawJson>> answered, Consumer<FairleadException> failed) {
        if (open >= most) {
            throw new FairleadException(
                    ErrorCode.BUSY,
                    open + " of your requests wait for an answer already; agents.request_max_pending bounds them",
                    AGAIN_AFTER);
        }
        open++;
        return new Asker() {
            @Override
            public void answered(Optional<RawJson> data) {
                open--;
                answered.accept(data);
            }

            @Override
            public void failed(FairleadException why) {
                open--;
                failed.accept(why);
            }
        };
    }
}
