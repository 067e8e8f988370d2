package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.OrderStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Orders, and replacements of orders, that wait for a person, which they do not for ever. Plain state on injected time.
 */
@StateMachine
final class Confirmations {
    private static final class Waiting {
        private Order order;
        private boolean busy;
        private long notBefore;

        Waiting(Order order, long notBefore) {
            this.order = order;
            this.notBefore = notBefore;
        }
    }

    private final Settings.Orders settings;
    private final TimeSource time;
    private final Transitions transitions;
    private final Map<UUID, Waiting> waiting = new LinkedHashMap<>();

    Confirmations(Settings.Orders settings, TimeSource time, Transitions transitions) {
        this.settings = settings;
        this.time = time;
        this.transitions = transitions;
    }

    /** Takes up what the database says waits for a person. */
    void resume(List<Order> left) {
        left.stream().filter(order -> !waiting.containsKey(order.id())).forEach(this::stored);
    }

    /** An order is stored as it is now: it waits, or no longer does. */
    void stored(Order now) {
        Waiting before = waiting.get(now.id());
        if (now.status() != OrderStatus.NEEDS_CONFIRMATION && !now.asksToBeReplaced()) {
            waiting.remove(now.id());
        } else if (before != null && before.order.replacement().equals(now.replacement())) {
            before.order = now;
            before.busy = false;
        } else {
            waiting.put(now.id(), new Waiting(now, expiry(now)));
        }
    }

    /** The wall clock says how long it has waited before, which it says once: after that the monotonic clock does. */
    private long expiry(Order order) {
        Instant since = order.replacement().map(Replacement::askedAt).orElse(order.receivedAt());
        Duration waited = Duration.between(since, time.instant());
        Duration ttl = settings.confirmTtl();
        Duration left = waited.isNegative() ? ttl : ttl.minus(waited);
        return time.nanos() + (left.isNegative() ? 0 : left.toNanos());
    }

    /** Those that have waited for long enough, as they are to be stored; that is under way then. */
    List<Orders.Store> takeWork() {
        List<Orders.Store> due = new ArrayList<>();
        long now = time.nanos();
        for (Waiting one : waiting.values()) {
            if (!one.busy && now - one.notBefore >= 0) {
                one.busy = true;
                due.add(new Orders.Store(one.order, expired(one.order)));
            }
        }
        return due;
    }

    private Order expired(Order order) {
        String within = "within orders.confirm_ttl=" + settings.confirmTtl().toMinutes() + " min";
        return order.asksToBeReplaced()
                ? transitions
                        .to(order, order.status(), Optional.of("nobody confirmed its replacement " + within))
                        .replacedBy(Optional.empty())
                : transitions.to(order, OrderStatus.EXPIRED, Optional.of("nobody confirmed it " + within));
    }

    void forget() {
        waiting.clear();
    }

    void leave(Order before) {
        waiting.computeIfPresent(before.id(), (id, one) -> one.order.isSameChange(before) ? null : one);
    }
}
