package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An order as it is stored.
 *
 * @param id also what the upstream is told to know it by
 * @param node the node that has it in hand
 * @param changeId of the change that made it what it is: two who change it at once are told apart by it
 * @param sentAt when it was about to be sent
 */
record Order(
        UUID id,
        NewOrder asked,
        Optional<BigDecimal> notional,
        OrderStatus status,
        Optional<String> reason,
        Optional<String> upstreamId,
        Optional<String> upstreamStatus,
        String node,
        UUID changeId,
        Instant receivedAt,
        Instant changedAt,
        Optional<Instant> sentAt) {

    Brokerage.Ticket ticket() {
        return new Brokerage.Ticket(id, asked.symbol(), asked.side(), asked.quantity(), asked.limitPrice());
    }

    OrderCommands.OrderSummary summary() {
        return new OrderCommands.OrderSummary(
                id.toString(),
                NewOrder.agent(asked.submitter()).orElse(NewOrder.OPERATOR),
                asked.clientOrderId(),
                asked.symbol(),
                asked.side(),
                asked.quantity(),
                asked.type(),
                asked.limitPrice(),
                notional,
                status,
                reason,
                upstreamId,
                upstreamStatus,
                receivedAt,
                changedAt);
    }

    /** The same order in another status. */
    Order become(OrderStatus next, Optional<String> why, String byNode, UUID change, Instant at) {
        return new Order(
                id,
                asked,
                notional,
                next,
                why,
                upstreamId,
                upstreamStatus,
                byNode,
                change,
                receivedAt,
                at,
                next == OrderStatus.SUBMITTING ? Optional.of(at) : sentAt);
    }

    /** The same order, and what the upstream calls it. */
    Order knownAs(String upstream, String itsStatus) {
        return new Order(
                id,
                asked,
                notional,
                status,
                reason,
                Optional.of(upstream),
                Optional.of(itsStatus).filter(text -> !text.isEmpty()),
                node,
                changeId,
                receivedAt,
                changedAt,
                sentAt);
    }

    /** The same order, judged at another price. */
    Order worth(BigDecimal now) {
        return new Order(
                id,
                asked,
                Optional.of(now),
                status,
                reason,
                upstreamId,
                upstreamStatus,
                node,
                changeId,
                receivedAt,
                changedAt,
                sentAt);
    }
}
