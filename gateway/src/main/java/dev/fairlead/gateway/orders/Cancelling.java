package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of an order that is being cancelled. The upstream is told once, from a status that is stored before that
 * and that no order comes back to by itself; from then on it is only asked what it has.
 */
final class Cancelling {
    /** What an order comes to. */
    record Outcome(OrderStatus status, Optional<String> reason) {}

    private Cancelling() {}

    /**
     * What the upstream's word on an order means for its cancellation.
     *
     * @param found what the upstream says of the order; empty where it does not know it
     * @param standing of that order at the upstream
     * @param refusal why the upstream refuses to cancel it, where it does
     * @param since for how long it is unknown what became of the cancellation
     * @return empty where it is to be asked again
     */
    static Optional<Outcome> of(
            Optional<Brokerage.Submission> found,
            Brokerage.Standing standing,
            Optional<String> refusal,
            boolean taken,
            Duration since) {
        boolean late = since.compareTo(Orders.ABSENT_AFTER) >= 0;
        if (found.isEmpty()) {
            return late
                    ? Optional.of(new Outcome(OrderStatus.FAILED, Optional.of("the upstream does not have it")))
                    : Optional.empty();
        }
        if (found.get() instanceof Brokerage.Declined declined) {
            return Optional.of(new Outcome(OrderStatus.FAILED, Optional.of(declined.reason())));
        }
        return switch (standing) {
            case CANCELLED -> Optional.of(new Outcome(OrderStatus.CANCELLED, Optional.empty()));
            case FILLED ->
                Optional.of(new Outcome(
                        OrderStatus.FILLED, Optional.of("it was filled before its cancellation came there")));
            case REJECTED -> Optional.of(new Outcome(OrderStatus.FAILED, Optional.of("the upstream has rejected it")));
            case PENDING, WORKING -> working(refusal, taken, late);
        };
    }

    private static Optional<Outcome> working(Optional<String> refusal, boolean taken, boolean late) {
        if (refusal.isPresent()) {
            return Optional.of(new Outcome(OrderStatus.SUBMITTED, refusal));
        }
        return late && !taken
                ? Optional.of(new Outcome(
                        OrderStatus.SUBMITTED,
                        Optional.of("its cancellation did not come to the upstream; it may be cancelled again")))
                : Optional.empty();
    }
}
