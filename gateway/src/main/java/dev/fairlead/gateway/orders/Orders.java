package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.gateway.upstream.Brokerage.Declined;
import dev.fairlead.gateway.upstream.Brokerage.Lost;
import dev.fairlead.gateway.upstream.Brokerage.Placed;
import dev.fairlead.gateway.upstream.Brokerage.Submission;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Orders on their way: {@code approved → submitting → submitted | failed | unknown}, and what works at the upstream
 * through {@code cancelling} and {@code replacing}. Plain state on injected time: it is told what is stored and what
 * the upstream said, and says what is to be done next ({@link #takeWork}).
 *
 * <p>An order is sent at most once: only from {@code submitting}, which is stored before anything is sent, and which no
 * order comes back to. One that is found there after a restart, or whose answer was lost, is {@code unknown}; then the
 * upstream is asked until it says that it has the order, or until it has said, late enough for anything under way to
 * have arrived, that it has not. A cancellation and a replacement are told it by the same rule.
 */
@StateMachine
final class Orders {
    /** Longer than any call to an upstream takes: what has not arrived by then never will. */
    static final Duration ABSENT_AFTER = Duration.ofSeconds(30);

    /** An order that could not be sent for so long is not what was wanted any more. */
    static final Duration STALE_AFTER = Duration.ofMinutes(2);

    static final int MOST_OPEN = 1000;

    /** Between two tries to let an order out. */
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

    /** So that none waits for another's answer for long, and no time limit runs out in a queue. */
    private static final int MOST_CALLS = 4;

    /** What is to be done with an order. */
    sealed interface Work {
        Order order();
    }

    /** Store what it becomes. */
    record Store(Order order, Order next) implements Work {
        /** It is to be sent, and nothing has been done for that yet; else it has become so whatever is stored. */
        boolean isWanted() {
            return next.status() == OrderStatus.SUBMITTING;
        }
    }

    /** Send it, this once. */
    record Send(Order order) implements Work {}

    /** Tell the upstream to cancel it, this once. */
    record Cancel(Order order) implements Work {}

    /** Tell the upstream to replace it, this once. */
    record Replace(Order order) implements Work {}

    /** Ask the upstream whether it has it. */
    record LookUp(Order order) implements Work {}

    /** Ask the upstream whether it has another in its place, and else what it has of it. */
    record LookForSuccessor(Order order) implements Work {}

    private final TimeSource time;
    private final RandomGenerator random;
    private final Transitions transitions;
    private final Map<UUID, OpenOrder> open = new LinkedHashMap<>();
    private TokenState token = TokenState.UNAVAILABLE;
    private int calls;

    Orders(TimeSource time, RandomGenerator random, Transitions transitions) {
        this.time = time;
        this.random = random;
        this.transitions = transitions;
    }

    void token(TokenState state) {
        token = state;
    }

    TokenState token() {
        return token;
    }

    /** Orders in hand: those that wait for a person or for the market are not among them. */
    int open() {
        return open.size();
    }

    /**
     * Takes up what the database says this node has in hand: all of it after a restart, and what was kept without our
     * being told so. Whatever has changed meanwhile is noticed when it is to be changed again.
     */
    void resume(List<Order> left) {
        for (Order order : left) {
            if (open.containsKey(order.id())) {
                continue;
            }
            OpenOrder resumed = new OpenOrder(order, time.nanos(), random);
            resumed.told = true; // it may have been: only asked about
            if (order.status() == OrderStatus.SUBMITTING) {
                resumed.next = Optional.of(
                        transitions.to(order, OrderStatus.UNKNOWN, Optional.of("the gateway ended while it was sent")));
            }
            open.put(order.id(), resumed);
        }
    }

    /** What is to be done now; it is under way then. */
    List<Work> takeWork() {
        List<Work> due = new ArrayList<>();
        long now = time.nanos();
        for (OpenOrder one : open.values()) {
            if (!one.busy && now - one.notBefore >= 0) {
                work(one).ifPresent(work -> {
                    one.busy = true;
                    calls += work instanceof Store ? 0 : 1;
                    due.add(work);
                });
            }
        }
        return due;
    }

    private Optional<Work> work(OpenOrder one) {
        if (one.order.status() == OrderStatus.APPROVED) {
            one.next = fromApproved(one);
        }
        if (one.next.isPresent()) {
            return Optional.of(new Store(one.order, one.next.get()));
        }
        if (one.order.status() == OrderStatus.SUBMITTING
                && isStale(one.order)) { // all calls were under way for so long
            return Optional.of(new Store(one.order, notSent(one.order)));
        }
        if (calls >= MOST_CALLS) {
            return Optional.empty();
        }
        if (one.order.status() == OrderStatus.SUBMITTING) {
            return Optional.of(new Send(one.order));
        }
        if (!token.usable()) {
            return Optional.empty();
        }
        return switch (one.order.status()) {
            case CANCELLING -> Optional.of(tell(one) ? new Cancel(one.order) : new LookUp(one.order));
            case REPLACING -> Optional.of(tell(one) ? new Replace(one.order) : new LookForSuccessor(one.order));
            case UNKNOWN -> Optional.of(new LookUp(one.order));
            default -> Optional.empty();
        };
    }

    /** Whether the upstream is to be told: the first time that is asked, and never again. */
    private static boolean tell(OpenOrder one) {
        boolean first = !one.told;
        one.told = true;
        return first;
    }

    /** One that could not be stored as being sent is not sent ever so late, and is the same change until then. */
    private Optional<Order> fromApproved(OpenOrder one) {
        Order order = one.order;
        if (isStale(order)) {
            return Optional.of(notSent(order));
        }
        return one.next.isEmpty() && token.usable() && calls < MOST_CALLS
                ? Optional.of(transitions.to(order, OrderStatus.SUBMITTING, Optional.empty()))
                : one.next;
    }

    private boolean isStale(Order order) {
        return Duration.between(order.changedAt(), time.instant()).compareTo(STALE_AFTER) > 0;
    }

    private Order notSent(Order order) {
        return transitions.to(
                order,
                OrderStatus.FAILED,
                Optional.of("not sent: it could not be for " + STALE_AFTER.toSeconds() + " s"));
    }

    /** An order is stored as it is now; this node has it in hand while something is to be done with it. */
    void stored(Order now) {
        if (!isInHand(now.status())) {
            open.remove(now.id());
            return;
        }
        boolean mayBeSent = now.status() == OrderStatus.SUBMITTING || now.status() == OrderStatus.UNKNOWN;
        if (mayBeSent && !open.containsKey(now.id())) {
            return; // no longer in hand: it is taken up again as one that may have been sent
        }
        OpenOrder one = open.computeIfAbsent(now.id(), id -> new OpenOrder(now, time.nanos(), random));
        one.busy = false;
        one.order = now;
        one.next = Optional.empty();
    }

    private static boolean isInHand(OrderStatus status) {
        return switch (status) {
            case APPROVED, SUBMITTING, UNKNOWN, CANCELLING, REPLACING -> true;
            default -> false;
        };
    }

    /** That it is to be sent could not be stored, for the time being. */
    void notStored(UUID id) {
        OpenOrder one = open.get(id);
        if (one != null) {
            one.busy = false;
            one.notBefore = time.nanos() + AGAIN_AFTER.toNanos();
        }
    }

    /** Another node has taken the order in hand. */
    void leave(Order before) {
        open.computeIfPresent(before.id(), (id, one) -> one.order.isSameChange(before) ? null : one);
    }

    /** Another node has them all; calls that are under way are still waited for. */
    void forget() {
        open.clear();
    }

    /** What became of sending it. */
    void sent(UUID id, Submission outcome) {
        answered(id).ifPresent(one -> {
            if (outcome instanceof Lost lost) {
                one.unknownSince = time.nanos();
                one.next = Optional.of(transitions.to(one.order, OrderStatus.UNKNOWN, Optional.of(lost.reason())));
            } else {
                one.next = Optional.of(known(one.order, outcome));
            }
        });
    }

    /** What became of telling the upstream to cancel or replace it. */
    void told(UUID id, Brokerage.Instruction outcome) {
        answered(id).ifPresent(one -> {
            one.unknownSince = time.nanos();
            one.taken = outcome instanceof Brokerage.Taken;
            if (outcome instanceof Brokerage.Refused refused) {
                one.refusal = Optional.of(refused.reason());
            }
        });
    }

    /**
     * What the upstream said to the question whether it has it.
     *
     * @param standing what the status it names means
     */
    void lookedUp(UUID id, Optional<Submission> found, Brokerage.Standing standing) {
        answered(id).ifPresent(one -> {
            if (one.order.status() == OrderStatus.CANCELLING) {
                next(
                        one,
                        Cancelling.of(found, standing, one.refusal, one.taken, unknownFor(one))
                                .map(outcome -> transitions.to(
                                        one.order,
                                        outcome.status(),
                                        outcome.reason().or(one.order::reason))));
            } else if (found.isPresent() && !(found.get() instanceof Lost)) {
                one.next = Optional.of(known(one.order, found.get()));
            } else if (found.isEmpty() && unknownFor(one).compareTo(ABSENT_AFTER) >= 0) {
                one.next = Optional.of(transitions.to(
                        one.order,
                        OrderStatus.FAILED,
                        Optional.of("the upstream does not have it: "
                                + one.order.reason().orElse("its answer was lost"))));
            } else {
                later(one);
            }
        });
    }

    /**
     * What the upstream said to the question whether it has another in its place.
     *
     * @param state what it has of the order itself; empty where it has a successor or does not know it
     */
    void successorSought(UUID id, Optional<Brokerage.Successor> successor, Optional<Brokerage.State> state) {
        answered(id)
                .ifPresent(one -> next(
                        one,
                        successor.isPresent()
                                ? Optional.of(Replacing.done(transitions, one.order, successor.get()))
                                : Replacing.notDone(
                                        transitions, one.order, state, one.refusal, one.taken, unknownFor(one))));
    }

    private void next(OpenOrder one, Optional<Order> next) {
        one.next = next;
        if (next.isEmpty()) {
            later(one);
        }
    }

    private void later(OpenOrder one) {
        one.notBefore = time.nanos() + one.looks.next().toNanos();
    }

    private Duration unknownFor(OpenOrder one) {
        return Duration.ofNanos(time.nanos() - one.unknownSince);
    }

    /** The question got no answer. */
    void notLookedUp(UUID id) {
        answered(id).ifPresent(this::later);
    }

    private Optional<OpenOrder> answered(UUID id) {
        calls--;
        Optional<OpenOrder> one = Optional.ofNullable(open.get(id));
        one.ifPresent(still -> still.busy = false);
        return one;
    }

    private Order known(Order order, Submission outcome) {
        if (outcome instanceof Placed placed) {
            return transitions
                    .to(order, OrderStatus.SUBMITTED, Optional.empty())
                    .known(order.upstream().called(placed.upstreamId(), placed.status()));
        }
        return transitions.to(order, OrderStatus.FAILED, Optional.of(((Declined) outcome).reason()));
    }
}
