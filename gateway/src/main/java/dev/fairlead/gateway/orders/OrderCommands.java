package dev.fairlead.gateway.orders;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.OfUpstream;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.gateway.upstream.Side;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be asked of the orders' concern. Every request may also be refused with {@code storage_unavailable}. */
public final class OrderCommands {
    private OrderCommands() {}

    /** At which price. */
    public enum Type {
        MARKET,
        LIMIT;

        /** As it stands in JSON. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Type> of(String wire) {
            return Arrays.stream(values())
                    .filter(type -> type.wire().equals(wire))
                    .findFirst();
        }
    }

    /** What a person says to an order that waits for one. */
    public enum Decision {
        CONFIRM,
        REJECT
    }

    /**
     * Places an order. The same {@code clientOrderId} of the same agent again is answered with the order it made.
     * Answered when it is stored and judged; what becomes of it then is told by {@link OrderEvent} and to the agent.
     *
     * <p>Refused with {@code bad_request}; {@code conflict} where the id stands for another order; {@code forbidden}
     * where orders are switched off; {@code token_unavailable}; {@code too_many_requests}; {@code busy};
     * {@code quote_unavailable} where an order at the market cannot be priced. Nothing is kept of what is so refused.
     *
     * @param agent who places it; empty for the operator
     * @param side as on the wire: {@code buy}, {@code sell}, {@code sell_to_open}…
     * @param orderType {@code market} or {@code limit}
     * @param limitPrice with {@code limit}, and only there
     * @param address from where, for the audit trail
     * @param traceparent in the course of which trace: it goes out in that one
     */
    public record Submit(
            Optional<String> agent,
            String clientOrderId,
            String symbol,
            String side,
            BigDecimal quantity,
            String orderType,
            Optional<BigDecimal> limitPrice,
            String address,
            Optional<String> traceparent)
            implements Request<Submitted>, OfUpstream {
        /** One that is in no trace. */
        public Submit(
                Optional<String> agent,
                String clientOrderId,
                String symbol,
                String side,
                BigDecimal quantity,
                String orderType,
                Optional<BigDecimal> limitPrice,
                String address) {
            this(agent, clientOrderId, symbol, side, quantity, orderType, limitPrice, address, Optional.empty());
        }
    }

    /**
     * The answer.
     *
     * @param known whether it was there before
     */
    public record Submitted(OrderSummary order, boolean known) {}

    /**
     * Confirms or rejects an order that waits for a person. Refused with {@code order_not_found}, {@code invalid_state}
     * or, for a confirmation, as {@link Submit}. An order that breaks a rule by now is rejected in place of confirmed.
     *
     * @param reason of a rejection, for the agent
     * @param actor who decides, for the audit trail
     * @param traceparent in the course of which trace, for an order that was placed in none
     */
    public record Decide(
            String orderId,
            Decision decision,
            Optional<String> reason,
            String actor,
            String address,
            Optional<String> traceparent)
            implements Request<Decided>, OfUpstream {
        /** One that is in no trace. */
        public Decide(String orderId, Decision decision, Optional<String> reason, String actor, String address) {
            this(orderId, decision, reason, actor, address, Optional.empty());
        }
    }

    public record Decided(OrderSummary order) {}

    /**
     * Cancels an order: at once where it was not sent yet, else the upstream is told once and asked what became of it.
     * Again, it is answered with the order as it is. Refused with {@code order_not_found}, {@code invalid_state} or
     * {@code token_unavailable}.
     *
     * @param agent whose order it is, which is then named by its client's id; empty for the operator
     * @param order the order's id, or the client's id of an agent's own
     * @param actor who cancels, for the audit trail
     */
    public record Cancel(Optional<String> agent, String order, String actor, String address)
            implements Request<Decided>, OfUpstream {}

    /**
     * Replaces an order that works at the upstream by one with another limit, quantity or both: judged as a new one is,
     * and confirmed by a person where that one would be; then the upstream is told once and asked what became of it.
     * Again, it is answered with the order as it is. Refused with {@code order_not_found}, {@code bad_request},
     * {@code invalid_state}, {@code unprocessable} where it breaks a rule, or as {@link Submit}.
     *
     * @param agent whose order it is, which is then named by its client's id; empty for the operator
     * @param order the order's id, or the client's id of an agent's own
     * @param quantity in all, what is filled included; empty leaves it as it is
     * @param limitPrice empty leaves it as it is
     * @param actor who replaces, for the audit trail
     */
    public record Replace(
            Optional<String> agent,
            String order,
            Optional<BigDecimal> quantity,
            Optional<BigDecimal> limitPrice,
            String actor,
            String address)
            implements Request<Decided>, OfUpstream {}

    /** What an order is being replaced by, or will be once a person confirms it. */
    public record Replacing(BigDecimal quantity, Optional<BigDecimal> limitPrice, BigDecimal notional) {}

    /** Asks for one order and its history. Refused with {@code order_not_found}. */
    public record Get(String orderId) implements Request<Found> {}

    /**
     * The answer.
     *
     * @param history every status it had, the first one first
     * @param facts while it can be decided on: it waits for a person, or can be cancelled or replaced
     */
    public record Found(OrderSummary order, List<Step> history, Optional<OrderFacts> facts) {
        public Found {
            history = List.copyOf(history);
        }
    }

    /**
     * Asks what the account holds. Refused with {@code forbidden} where there is no account, {@code token_unavailable},
     * or {@code upstream_unavailable}.
     */
    public record GetPositions() implements Request<Positions>, OfUpstream {}

    /**
     * The answer.
     *
     * @param asOf when the upstream was asked, at most five seconds ago
     */
    public record Positions(List<Brokerage.Position> positions, Instant asOf, OrderMode mode) {
        public Positions {
            positions = List.copyOf(positions);
        }
    }

    /** Asks what the account has. Refused as {@link GetPositions}. */
    public record GetBalances() implements Request<Balances>, OfUpstream {}

    /** The answer. */
    public record Balances(List<Brokerage.Balance> balances, Instant asOf, OrderMode mode) {
        public Balances {
            balances = List.copyOf(balances);
        }
    }

    /** A status an order came to. */
    public record Step(OrderStatus status, Optional<String> reason, Instant at) {}

    /** Asks for orders, newest first. Refused with {@code bad_request} where the cursor is none. */
    public record Page(Optional<OrderStatus> status, int limit, Optional<String> cursor)
            implements Request<OrderList> {}

    /**
     * A page.
     *
     * @param cursor where the next page begins; empty at the end
     */
    public record OrderList(List<OrderSummary> orders, Optional<String> cursor) {
        public OrderList {
            orders = List.copyOf(orders);
        }
    }

    /**
     * An order as it is shown.
     *
     * @param submitter {@code operator} or the agent's name
     * @param notional quantity × price × multiplier, as it was judged
     * @param reason why it is in its status, where that needs one
     * @param quantity as it is now, as the limit: it may have been replaced
     * @param filledQuantity how much of it is filled; empty where nothing is
     * @param averagePrice of what is filled
     * @param replacement present while it is {@code replacing}, or waits for a person
     * @param upstreamStatus the upstream's own word when it was last heard
     * @param mode whether it is meant for the market or for paper
     */
    public record OrderSummary(
            String orderId,
            String submitter,
            String clientOrderId,
            String symbol,
            Side side,
            BigDecimal quantity,
            Type orderType,
            Optional<BigDecimal> limitPrice,
            Optional<BigDecimal> notional,
            OrderStatus status,
            Optional<String> reason,
            Optional<BigDecimal> filledQuantity,
            Optional<BigDecimal> averagePrice,
            Optional<Replacing> replacement,
            Optional<String> upstreamOrderId,
            Optional<String> upstreamStatus,
            Instant receivedAt,
            Instant changedAt,
            OrderMode mode) {}
}
