package dev.fairlead.gateway.orders;

import dev.fairlead.protocol.client.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** An order that this node has in hand, and what is being done with it. */
final class OpenOrder {
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** As it is stored. */
    Order order;

    /** What is to be stored next. */
    Optional<Order> next = Optional.empty();

    /** A statement, a call or a question is under way. */
    boolean busy;

    /** Nothing is done with it before then, in nanoseconds of the monotonic clock. */
    long notBefore;

    /** The upstream was told to cancel or replace it, or may have been. */
    boolean told;

    /** The upstream has said that it does so. */
    boolean taken;

    /** Why the upstream does not. */
    Optional<String> refusal = Optional.empty();

    /** Since when it is unknown to us what became of it. */
    long unknownSince;

    final Backoff looks;

    OpenOrder(Order order, long now, RandomGenerator random) {
        this.order = order;
        this.notBefore = now;
        this.unknownSince = now;
        this.looks = Backoff.of(FIRST_LOOK, LONGEST_WAIT, random);
    }
}
