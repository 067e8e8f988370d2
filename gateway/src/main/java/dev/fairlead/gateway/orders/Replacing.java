package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of an order that is being replaced. The upstream is told once, from a status that is stored before that
 * and that no order comes back to by itself; from then on it is only asked what it has.
 */
final class Replacing {
    private Replacing() {}

    /** The upstream has another in its place. */
    static Order done(Transitions transitions, Order order, Brokerage.Successor successor) {
        Order replaced = order.replaced(order.upstream().seen(successor.key(), successor.state()));
        return Sightings.of(transitions, replaced, successor.key(), successor.state());
    }

    /**
     * What the upstream's word on the order itself means, where it has none in its place.
     *
     * @param state empty where the upstream does not know it
     * @param refusal why the upstream refuses to replace it, where it does
     * @param taken whether it has said that it replaces it
     * @param since for how long it is unknown what became of the replacement
     * @return empty where it is to be asked again
     */
    static Optional<Order> notDone(
            Transitions transitions,
            Order order,
            Optional<Brokerage.State> state,
            Optional<String> refusal,
            boolean taken,
            Duration since) {
        boolean late = since.compareTo(Orders.ABSENT_AFTER) >= 0;
        if (state.isEmpty()) {
            return late
                    ? Optional.of(
                            transitions.to(order, OrderStatus.FAILED, Optional.of("the upstream does not have it")))
                    : Optional.empty();
        }
        Order unreplaced = order.replacedBy(Optional.empty());
        Order seen = Sightings.of(transitions, unreplaced, order.upstream().key(), state.get());
        return switch (state.get().standing()) {
            case FILLED -> Optional.of(because(transitions, seen, "it was filled before its replacement came there"));
            // What is in its place may be listed a moment later.
            case CANCELLED, REJECTED -> late ? Optional.of(seen) : Optional.empty();
            case PENDING, WORKING -> {
                if (refusal.isPresent()) {
                    yield Optional.of(because(transitions, seen, refusal.get()));
                }
                yield late && !taken
                        ? Optional.of(because(
                                transitions,
                                seen,
                                "its replacement did not come to the upstream; it may be replaced again"))
                        : Optional.empty();
            }
        };
    }

    private static Order because(Transitions transitions, Order order, String why) {
        return transitions.to(order, order.status(), Optional.of(why));
    }
}
