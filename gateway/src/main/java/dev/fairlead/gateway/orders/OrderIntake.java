package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is asked of orders, judged: what may be taken, and what an order is to become by what a person or an agent says.
 * Nothing is stored or sent by it.
 */
final class OrderIntake {
    private final Settings.Orders settings;
    private final Transitions transitions;
    private final RiskGuard guard;
    private final OrderRate rate;

    /** @param upstreamRefuses why the upstream takes no order for a symbol; empty where it does */
    OrderIntake(
            Settings.Orders settings,
            TimeSource time,
            Transitions transitions,
            Function<String, Optional<String>> upstreamRefuses) {
        this.settings = settings;
        this.transitions = transitions;
        this.guard = new RiskGuard(settings, upstreamRefuses);
        this.rate = new OrderRate(time, settings.maxPerMinute());
    }

    /**
     * Whether orders can be taken at all now.
     *
     * @throws FairleadException {@code forbidden}, {@code token_unavailable} or {@code busy}
     */
    void requireOpen(TokenState token, int open) {
        if (!settings.enabled()) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN, "Orders are switched off; orders.enabled=true switches them on");
        }
        if (!token.usable()) {
            throw new FairleadException(
                    ErrorCode.TOKEN_UNAVAILABLE,
                    "The upstream token is " + token.wire() + ", so that no order can be placed; see /api/token");
        }
        if (open >= Orders.MOST_OPEN) {
            throw new FairleadException(ErrorCode.BUSY, Orders.MOST_OPEN + " orders are under way; try again");
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
        return judged(transitions.received(asked), quote, false);
    }

    /**
     * An order that a person confirms, as it is to be stored: approved, unless it breaks a rule by now; one that is to
     * be replaced, replacing.
     */
    Order confirm(Order waiting, Optional<BigDecimal> quote) {
        if (!waiting.asksToBeReplaced()) {
            return judged(waiting, quote, true);
        }
        Terms terms = waiting.replacement().orElseThrow().terms();
        RiskGuard.Verdict verdict = guard.judge(waiting.asked().on(terms), quote);
        return verdict.violation()
                .map(why -> keep(waiting, "its replacement is refused: " + why))
                .orElseGet(() -> transitions.to(waiting, OrderStatus.REPLACING, Optional.empty()));
    }

    /** An order, or its replacement, that a person rejects, as it is to be stored. */
    Order reject(Order waiting, Optional<String> reason) {
        String why = reason.map(text -> "rejected by the operator: " + text).orElse("rejected by the operator");
        return waiting.asksToBeReplaced()
                ? keep(waiting, "its replacement was " + why)
                : transitions.to(waiting, OrderStatus.REJECTED, Optional.of(why));
    }

    private Order keep(Order order, String why) {
        return transitions.to(order, order.status(), Optional.of(why)).replacedBy(Optional.empty());
    }

    /** An order that is not let out after all. */
    Order refuse(Order order, String why) {
        return transitions.to(order, OrderStatus.REJECTED, Optional.of(why));
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
                Optional.of(transitions.to(order, OrderStatus.CANCELLED, Optional.of("cancelled before it was sent")));
            case SUBMITTED, WORKING, PARTIALLY_FILLED ->
                Optional.of(transitions.to(order, OrderStatus.CANCELLING, Optional.empty()));
            case CANCELLING, CANCELLED -> Optional.empty();
            case SUBMITTING, UNKNOWN, REPLACING ->
                throw new FairleadException(
                        ErrorCode.INVALID_STATE,
                        "The order is " + order.status().wire()
                                + ": it can be cancelled once it is known what the upstream has");
            case REJECTED, FAILED, EXPIRED, FILLED ->
                throw new FairleadException(
                        ErrorCode.INVALID_STATE,
                        "The order is " + order.status().wire() + "; there is nothing to cancel");
        };
    }

    /**
     * An order that is to be replaced, as it is to be stored: replacing, or waiting for a person with what it is to be
     * replaced by.
     *
     * @return empty where it is on those terms, or on the way to them, already
     * @throws FairleadException {@code bad_request}, {@code invalid_state} or {@code unprocessable}
     */
    Optional<Order> replace(Order order, Terms wanted, Optional<BigDecimal> quote) {
        boolean underWay =
                order.replacement().filter(next -> next.terms().same(wanted)).isPresent();
        if (underWay || (order.replacement().isEmpty() && order.terms().same(wanted))) {
            return Optional.empty();
        }
        if (!order.status().isAtUpstream()) {
            throw new FairleadException(
                    ErrorCode.INVALID_STATE,
                    "The order is " + order.status().wire() + "; only one that works at the upstream can be replaced");
        }
        if (wanted.quantity().compareTo(order.upstream().filled()) <= 0) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    order.upstream().filled().toPlainString()
                            + " of the order are filled: 'quantity' is more than that," + " or cancel it");
        }
        RiskGuard.Verdict verdict = guard.judge(order.asked().on(wanted), quote);
        if (verdict.violation().isPresent()) {
            throw refused(verdict.violation().get());
        }
        Replacement next =
                new Replacement(transitions.newId(), wanted, verdict.notional().orElseThrow());
        return Optional.of(
                verdict.confirmation().isPresent()
                        ? transitions
                                .to(
                                        order,
                                        order.status(),
                                        Optional.of("its replacement by " + wanted.inWords() + " waits for a person: "
                                                + verdict.confirmation().get()))
                                .replacedBy(Optional.of(next))
                        : transitions
                                .to(order, OrderStatus.REPLACING, Optional.empty())
                                .replacedBy(Optional.of(next)));
    }

    /** What is said to a replacement that breaks a rule; the order works on as it is. */
    static FairleadException refused(String why) {
        return new FairleadException(
                ErrorCode.UNPROCESSABLE, "The replacement is refused: " + why + "; the order works on as it is");
    }

    private Order judged(Order order, Optional<BigDecimal> quote, boolean confirmed) {
        RiskGuard.Verdict verdict = guard.judge(order.asked(), quote);
        Order worth = verdict.notional().map(order::worth).orElse(order);
        if (verdict.violation().isPresent()) {
            return transitions.to(worth, OrderStatus.REJECTED, verdict.violation());
        }
        if (verdict.confirmation().isPresent() && !confirmed) {
            return transitions.to(worth, OrderStatus.NEEDS_CONFIRMATION, verdict.confirmation());
        }
        return transitions.to(worth, OrderStatus.APPROVED, Optional.empty());
    }
}
