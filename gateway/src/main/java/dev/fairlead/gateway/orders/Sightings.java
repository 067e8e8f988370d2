package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderStatus;
import java.util.Optional;
import java.util.UUID;

/** What an order becomes by what the upstream has of it. */
final class Sightings {
    private Sightings() {}

    /** @param key what the upstream knows it by */
    static Order of(Transitions transitions, Order order, UUID key, Brokerage.State state) {
        Order known = order.known(order.upstream().seen(key, state));
        return transitions.to(known, status(state), reason(order, state));
    }

    private static OrderStatus status(Brokerage.State state) {
        return switch (state.standing()) {
            case PENDING -> OrderStatus.SUBMITTED;
            case WORKING -> state.filled().signum() > 0 ? OrderStatus.PARTIALLY_FILLED : OrderStatus.WORKING;
            case FILLED -> OrderStatus.FILLED;
            case CANCELLED -> OrderStatus.CANCELLED;
            case REJECTED -> OrderStatus.FAILED;
        };
    }

    private static Optional<String> reason(Order order, Brokerage.State state) {
        return switch (state.standing()) {
            case PENDING -> Optional.empty();
            case WORKING, FILLED ->
                state.averagePrice()
                        .map(price -> state.filled().toPlainString() + " of "
                                + order.terms().quantity().toPlainString() + " filled at " + price.toPlainString());
            case CANCELLED, REJECTED ->
                Optional.of("the upstream has ended it: " + state.reason().orElse(state.status()));
        };
    }
}
