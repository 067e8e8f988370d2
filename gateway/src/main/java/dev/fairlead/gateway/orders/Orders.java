package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.gateway.upstream.Brokerage.Declined;
import dev.fairlead.gateway.upstream.Brokerage.Lost;
import dev.fairlead.gateway.upstream.Brokerage.Placed;
import dev.fairlead.gateway.upstream.Brokerage.Submission;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The life of orders: {@code received → (rejected | needs_confirmation →) approved → submitting → submitted | failed |
 * unknown}. Plain state on injected time: it is told what was asked, what is stored and what the upstream said, and
 * says what is to be done next ({@link #takeWork}).
 *
 * <p>An order is sent at most once: only from {@code submitting}, which is stored before anything is sent, and which no
 * order comes back to. One that is found there after a restart, or whose answer was lost, is {@code unknown}; then the
 * upstream is asked until it says that it has the order, or until it has said, late enough for anything under way to
 * have arrived, that it has not.
 */
final class Orders {
    /** Longer than any call to an upstream takes: what has not arrived by then never will. */
    static final Duration ABSENT_AFTER = Duration.ofSeconds(30);

    /** An order that could not be sent for so long is not what was wanted any more. */
    static final Duration STALE_AFTER = Duration.ofMinutes(2);

    private static final Duration STORE_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final int MOST_OPEN = 1000;

    /** So that none waits for another's answer for long, and no time limit runs out in a queue. */
    private static final int MOST_CALLS = 4;

    /** What is to be done with an order. */
    sealed interface Work {
        Order order();
    }

    /** Store what it becomes. */
    record Store(Order order, Order next) implements Work {}

    /** Send it, this once. */
    record Send(Order order) implements Work {}

    /** Tell the upstream to cancel it, this once. */
    record Cancel(Order order) implements Work {}

    /** Ask the upstream whether it has it. */
    record LookUp(Order order) implements Work {}

    private final Settings.Orders settings;
    private final TimeSource time;
    private final RandomGenerator random;
    private final String node;
    private final RiskGuard guard;
    private final OrderRate rate;
    private final Map<UUID, OpenOrder> open = new LinkedHashMap<>();
    private final Map<UUID, OpenOrder> waiting = new LinkedHashMap<>();
    private TokenState token = TokenState.UNAVAILABLE;
    private int calls;

    /** @param upstreamRefuses why the upstream takes no order for a symbol; empty where it does */
    Orders(
            Settings.Orders settings,
            TimeSource time,
            RandomGenerator random,
            String node,
            Function<String, Optional<String>> upstreamRefuses) {
        this.settings = settings;
        this.time = time;
        this.random = random;
        this.node = node;
        this.guard = new RiskGuard(settings, upstreamRefuses);
        this.rate = new OrderRate(time, settings.maxPerMinute());
    }

    void token(TokenState state) {
        token = state;
    }

    /** Orders in hand: those a person has yet to confirm are not among them. */
    int open() {
        return open.size();
    }

    /**
     * Whether orders can be taken at all now.
     *
     * @throws FairleadException {@code forbidden}, {@code token_unavailable} or {@code busy}
     */
    void requireOpen() {
        if (!settings.enabled()) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN, "Orders are switched off; orders.enabled=true switches them on");
        }
        if (!token.usable()) {
            throw new FairleadException(
                    ErrorCode.TOKEN_UNAVAILABLE,
                    "The upstream token is " + token.wire() + ", so that no order can be placed; see /api/token");
        }
        if (open.size() >= MOST_OPEN) {
            throw new FairleadException(ErrorCode.BUSY, MOST_OPEN + " orders are under way; try again");
        }
    }

    /**
     * Counts one more order.
     *
     * @throws FairleadException {@code too_many_requests}
     */
    void count(NewOrder asked) {
        if (!rate.take(asked.submitter())) {
            throw new FairleadException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "More than orders.max_per_minute=" + settings.maxPerMinute() + " orders; try again in a minute");
        }
    }

    /** A new order as it is to be stored: judged. */
    Order judge(NewOrder asked, Optional<BigDecimal> quote) {
        Instant now = time.instant();
        Order received = new Order(
                newId(now),
                asked,
                Optional.empty(),
                OrderStatus.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                node,
                newId(now),
                now,
                now,
                Optional.empty());
        return judged(received, quote, false);
    }

    /** An order that a person confirms, as it is to be stored: approved, unless it breaks a rule by now. */
    Order confirm(Order waiting, Optional<BigDecimal> quote) {
        return judged(waiting, quote, true);
    }

    /** An order that a person rejects, as it is to be stored. */
    Order reject(Order waiting, Optional<String> reason) {
        return become(
                waiting,
                OrderStatus.REJECTED,
                Optional.of(
                        reason.map(text -> "rejected by the operator: " + text).orElse("rejected by the operator")));
    }

    /** An order that is not let out after all. */
    Order refuse(Order order, String why) {
        return become(order, OrderStatus.REJECTED, Optional.of(why));
    }

    /**
     * An order that is to be cancelled, as it is to be stored: cancelled where it was not sent yet.
     *
     * @return empty where it is cancelled or being cancelled already
     * @throws FairleadException {@code invalid_state}
     */
    Optional<Order> cancel(Order order) {
        return switch (order.status()) {
            case RECEIVED, NEEDS_CONFIRMATION, APPROVED ->
                Optional.of(become(order, OrderStatus.CANCELLED, Optional.of("cancelled before it was sent")));
            case SUBMITTED -> Optional.of(become(order, OrderStatus.CANCELLING, Optional.empty()));
            case CANCELLING, CANCELLED -> Optional.empty();
            case SUBMITTING, UNKNOWN ->
                throw new FairleadException(
                        ErrorCode.INVALID_STATE,
                        "The order is " + order.status().wire()
                                + ": it can be cancelled once it is known whether the upstream has it");
            case REJECTED, FAILED, EXPIRED, FILLED ->
                throw new FairleadException(
                        ErrorCode.INVALID_STATE,
                        "The order is " + order.status().wire() + "; there is nothing to cancel");
        };
    }

    /** That is stored: it is forgotten, or this node's to tell the upstream. */
    void cancelled(Order order) {
        waiting.remove(order.id());
        if (order.status() == OrderStatus.CANCELLING) {
            open.put(order.id(), new OpenOrder(order, time.nanos(), random));
        } else {
            open.remove(order.id());
        }
    }

    private Order judged(Order order, Optional<BigDecimal> quote, boolean confirmed) {
        RiskGuard.Verdict verdict = guard.judge(order.asked(), quote);
        Order worth = verdict.notional().map(order::worth).orElse(order);
        if (verdict.violation().isPresent()) {
            return become(worth, OrderStatus.REJECTED, verdict.violation());
        }
        if (verdict.confirmation().isPresent() && !confirmed) {
            return become(worth, OrderStatus.NEEDS_CONFIRMATION, verdict.confirmation());
        }
        return become(worth, OrderStatus.APPROVED, Optional.empty());
    }

    /**
     * An order is stored: one that is approved is this node's to send, one that waits for a person does not for ever.
     */
    void take(Order stored) {
        waiting.remove(stored.id());
        if (stored.status() == OrderStatus.APPROVED) {
            open.putIfAbsent(stored.id(), new OpenOrder(stored, time.nanos(), random));
        } else if (stored.status() == OrderStatus.NEEDS_CONFIRMATION) {
            await(stored);
        }
    }

    /** Takes up what the database says waits for a person. */
    void resumeWaiting(List<Order> left) {
        left.stream().filter(order -> !waiting.containsKey(order.id())).forEach(this::await);
    }

    /** The wall clock says how long it has waited before, which it says once: after that the monotonic clock does. */
    private void await(Order order) {
        Duration waited = Duration.between(order.receivedAt(), time.instant());
        Duration ttl = settings.confirmTtl();
        Duration left = waited.isNegative() ? ttl : ttl.minus(waited);
        OpenOrder one = new OpenOrder(order, time.nanos(), random);
        one.notBefore = time.nanos() + (left.isNegative() ? 0 : left.toNanos());
        waiting.put(order.id(), one);
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
            resumed.cancelSent = true; // it may have been: only asked about
            if (order.status() == OrderStatus.SUBMITTING) {
                resumed.next = Optional.of(
                        become(order, OrderStatus.UNKNOWN, Optional.of("the gateway ended while it was sent")));
            }
            open.put(order.id(), resumed);
        }
    }

    /** What is to be done now; it is under way then. */
    List<Work> takeWork() {
        List<Work> due = new ArrayList<>();
        long now = time.nanos();
        for (OpenOrder one : waiting.values()) {
            if (!one.busy && now - one.notBefore >= 0) {
                one.busy = true;
                due.add(new Store(
                        one.order,
                        become(
                                one.order,
                                OrderStatus.EXPIRED,
                                Optional.of("nobody confirmed it within orders.confirm_ttl="
                                        + settings.confirmTtl().toMinutes() + " min"))));
            }
        }
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
        if (one.next.isEmpty() && one.order.status() == OrderStatus.APPROVED) {
            one.next = fromApproved(one.order);
        }
        if (one.next.isPresent()) {
            return Optional.of(new Store(one.order, one.next.get()));
        }
        if (calls >= MOST_CALLS) {
            return Optional.empty();
        }
        if (one.order.status() == OrderStatus.SUBMITTING) {
            return Optional.of(new Send(one.order));
        }
        if (one.order.status() == OrderStatus.CANCELLING && !one.cancelSent && token.usable()) {
            one.cancelSent = true;
            return Optional.of(new Cancel(one.order));
        }
        boolean asked = one.order.status() == OrderStatus.UNKNOWN || one.order.status() == OrderStatus.CANCELLING;
        return asked && token.usable() ? Optional.of(new LookUp(one.order)) : Optional.empty();
    }

    private Optional<Order> fromApproved(Order order) {
        if (Duration.between(order.changedAt(), time.instant()).compareTo(STALE_AFTER) > 0) {
            return Optional.of(become(
                    order,
                    OrderStatus.FAILED,
                    Optional.of("not sent: it could not be for " + STALE_AFTER.toSeconds() + " s")));
        }
        return token.usable() && calls < MOST_CALLS
                ? Optional.of(become(order, OrderStatus.SUBMITTING, Optional.empty()))
                : Optional.empty();
    }

    /** What an order was to become is stored. */
    void stored(Order now) {
        waiting.remove(now.id());
        OpenOrder one = open.get(now.id());
        if (one == null) {
            return;
        }
        one.busy = false;
        one.order = now;
        one.next = Optional.empty();
        if (now.status().isFinal()) {
            open.remove(now.id());
        }
    }

    /** It could not be stored, for the time being. */
    void notStored(UUID id) {
        OpenOrder one = open.getOrDefault(id, waiting.get(id));
        if (one != null) {
            one.busy = false;
            one.notBefore = time.nanos() + STORE_AGAIN_AFTER.toNanos();
        }
    }

    /** Another node has taken the order in hand. */
    void leave(UUID id) {
        open.remove(id);
        waiting.remove(id);
    }

    /** What became of sending it. */
    void sent(UUID id, Submission outcome) {
        answered(id).ifPresent(one -> {
            if (outcome instanceof Lost lost) {
                one.unknownSince = time.nanos();
                one.next = Optional.of(become(one.order, OrderStatus.UNKNOWN, Optional.of(lost.reason())));
            } else {
                one.next = Optional.of(known(one.order, outcome));
            }
        });
    }

    /** What became of telling the upstream to cancel it. */
    void cancelAnswered(UUID id, Brokerage.Cancellation outcome) {
        answered(id).ifPresent(one -> {
            one.unknownSince = time.nanos();
            one.cancelTaken = outcome instanceof Brokerage.Taken;
            if (outcome instanceof Brokerage.Refused refused) {
                one.cancelRefusal = Optional.of(refused.reason());
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
                Duration since = Duration.ofNanos(time.nanos() - one.unknownSince);
                Cancelling.of(found, standing, one.cancelRefusal, one.cancelTaken, since)
                        .ifPresentOrElse(
                                outcome ->
                                        one.next = Optional.of(become(one.order, outcome.status(), outcome.reason())),
                                () -> one.notBefore =
                                        time.nanos() + one.looks.next().toNanos());
            } else if (found.isPresent() && !(found.get() instanceof Lost)) {
                one.next = Optional.of(known(one.order, found.get()));
            } else if (found.isEmpty() && time.nanos() - one.unknownSince >= ABSENT_AFTER.toNanos()) {
                one.next = Optional.of(become(
                        one.order,
                        OrderStatus.FAILED,
                        Optional.of("the upstream does not have it: "
                                + one.order.reason().orElse("its answer was lost"))));
            } else {
                one.notBefore = time.nanos() + one.looks.next().toNanos();
            }
        });
    }

    /** The question got no answer. */
    void notLookedUp(UUID id) {
        answered(id)
                .ifPresent(
                        one -> one.notBefore = time.nanos() + one.looks.next().toNanos());
    }

    private Optional<OpenOrder> answered(UUID id) {
        calls--;
        Optional<OpenOrder> one = Optional.ofNullable(open.get(id));
        one.ifPresent(still -> still.busy = false);
        return one;
    }

    private Order known(Order order, Submission outcome) {
        if (outcome instanceof Placed placed) {
            return become(order, OrderStatus.SUBMITTED, Optional.empty()).knownAs(placed.upstreamId(), placed.status());
        }
        return become(order, OrderStatus.FAILED, Optional.of(((Declined) outcome).reason()));
    }

    private Order become(Order order, OrderStatus next, Optional<String> why) {
        Instant now = time.instant();
        return order.become(next, why, node, newId(now), now);
    }

    /** Of version 7 (RFC 9562): they sort by time. */
    private UUID newId(Instant now) {
        long high = (now.toEpochMilli() << 16) | 0x7000L | (random.nextInt() & 0xfff);
        return new UUID(high, (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }
}
