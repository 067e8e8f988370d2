package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Brokerage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Orders that work at the upstream, and when it is asked what has become of them: a batch at a time, those first that
 * were not asked about for longest. Plain state on injected time.
 */
@StateMachine
final class LiveOrders {
    /** Kraken answers for so many in one call. */
    static final int MOST_ASKED = 50;

    /** News come in bursts; one question answers them. */
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(15);

    private static final class Following {
        private Order order;
        private boolean storing;
        private long notBefore;
        private Optional<Long> missingSince = Optional.empty();

        Following(Order order, long notBefore) {
            this.order = order;
            this.notBefore = notBefore;
        }
    }

    private final TimeSource time;
    private final Transitions transitions;
    private final Duration period;
    private final Map<UUID, Following> followed = new LinkedHashMap<>();
    private boolean asking;
    private long next;

    /** @param period between two questions about an order */
    LiveOrders(TimeSource time, Transitions transitions, Duration period) {
        this.time = time;
        this.transitions = transitions;
        this.period = period;
        this.next = time.nanos();
    }

    /** Takes up what the database says works. */
    void resume(List<Order> left) {
        left.stream()
                .filter(order -> !followed.containsKey(order.id()))
                .forEach(order -> followed.put(order.id(), new Following(order, time.nanos())));
    }

    /** An order is stored as it is now: it works, or no longer does. */
    void stored(Order now) {
        Following before = followed.get(now.id());
        if (!now.status().isAtUpstream() || now.upstreamId().isEmpty()) {
            followed.remove(now.id());
        } else if (before == null) {
            followed.put(now.id(), new Following(now, time.nanos() + period.toNanos()));
        } else {
            before.order = now;
            before.storing = false;
        }
    }

    void leave(Order before) {
        followed.computeIfPresent(before.id(), (id, one) -> one.order.isSameChange(before) ? null : one);
    }

    void forget() {
        followed.clear();
    }

    /** Whether there are orders to ask about. */
    boolean isFollowing() {
        return !followed.isEmpty();
    }

    /** Something has become of an order, it is not known of which. */
    void hurry() {
        long soon = time.nanos();
        followed.values().forEach(one -> one.notBefore = Math.min(one.notBefore, soon));
    }

    /** Those to ask about now; that is under way then. Empty where there are none. */
    List<Order> takeQuestion() {
        long now = time.nanos();
        if (asking || now - next < 0) {
            return List.of();
        }
        List<Order> due = followed.values().stream()
                .filter(one -> !one.storing && now - one.notBefore >= 0)
                .sorted(Comparator.comparingLong(one -> one.notBefore - now))
                .limit(MOST_ASKED)
                .map(one -> one.order)
                .toList();
        asking = !due.isEmpty();
        return due;
    }

    /**
     * What the upstream has of those that were asked about.
     *
     * @param states one each; empty where it does not know it
     * @return what is to be stored; that is under way then
     */
    List<Orders.Store> answered(List<Order> asked, List<Optional<Brokerage.State>> states) {
        asking = false;
        next = time.nanos() + BETWEEN.toNanos();
        List<Orders.Store> due = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Following one = followed.get(asked.get(i).id());
            if (one == null || !one.order.isSameChange(asked.get(i))) {
                continue; // it has become something else meanwhile
            }
            one.notBefore = time.nanos() + period.toNanos();
            Optional<Brokerage.State> state = states.get(i);
            if (state.isEmpty()) {
                missing(one);
                continue;
            }
            one.missingSince = Optional.empty();
            Order seen =
                    Sightings.of(transitions, one.order, one.order.upstream().key(), state.get());
            if (isNews(one.order, seen)) {
                one.storing = true;
                due.add(new Orders.Store(one.order, seen));
            }
        }
        return due;
    }

    /** The question got no answer. */
    void notAnswered() {
        asking = false;
        next = time.nanos() + AFTER_FAILURE.toNanos();
    }

    private static boolean isNews(Order before, Order seen) {
        return before.status() != seen.status()
                || before.upstream().filled().compareTo(seen.upstream().filled()) != 0;
    }

    /** One the upstream does not know any more is left as it was last seen. */
    private void missing(Following one) {
        long since = one.missingSince.orElseGet(time::nanos);
        one.missingSince = Optional.of(since);
        if (time.nanos() - since >= Orders.ABSENT_AFTER.toNanos()) {
            followed.remove(one.order.id());
        }
    }
}
