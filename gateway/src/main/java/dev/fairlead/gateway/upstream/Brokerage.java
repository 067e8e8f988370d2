package dev.fairlead.gateway.upstream;

import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Where orders go. It never sends anything twice by itself. Answers come on the context of the caller. */
public interface Brokerage {
    /**
     * An order to be placed.
     *
     * @param id what the upstream is told to know it by, and what it is found by again
     * @param limitPrice empty for an order at the market
     */
    record Ticket(UUID id, String symbol, Side side, BigDecimal quantity, Optional<BigDecimal> limitPrice) {}

    /** What became of one attempt to place an order. */
    sealed interface Submission {}

    /** The upstream has it. */
    record Placed(String upstreamId, String status) implements Submission {}

    /**
     * The upstream does not have it and will not have it.
     *
     * @param reason for people, never a secret
     */
    record Declined(String reason) implements Submission {}

    /** Nobody knows: it may have arrived. */
    record Lost(String reason) implements Submission {}

    /** What became of one attempt to cancel an order. */
    sealed interface Cancellation {}

    /** The upstream will cancel it, or has. */
    record Taken() implements Cancellation {}

    /**
     * The upstream does not cancel it: it works on, or has ended.
     *
     * @param reason for people, never a secret
     */
    record Refused(String reason) implements Cancellation {}

    /** Nobody knows: it may have arrived. */
    record Unanswered(String reason) implements Cancellation {}

    /** How an order stands at the upstream. */
    enum Standing {
        WORKING,
        FILLED,
        CANCELLED
    }

    /** Asks once to cancel an order the upstream has; never fails. */
    Future<Cancellation> cancel(UUID id, String upstreamId);

    /** What the upstream's own word for an order's status means. */
    Standing standing(String status);

    /** Why no order for a symbol can be placed there at all; empty where it can. */
    default Optional<String> refuses(String symbol) {
        return Optional.empty();
    }

    /** Sends the order once; never fails. */
    Future<Submission> submit(Ticket ticket);

    /**
     * Asks whether the upstream has, or had, the order.
     *
     * @param since when it was sent, at the earliest
     * @return {@link Placed}, {@link Declined} where the upstream knows it and has refused it, or nothing where it does
     *     not know it; fails, with a reason for people, where that could not be found out
     */
    Future<Optional<Submission>> find(UUID id, Instant since);
}
