package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An order as it is stored.
 *
 * @param asked as it was placed
 * @param terms as they are now
 * @param replacement what it is being replaced by, or will be once a person confirms it
 * @param node the node that has it in hand
 * @param changeId of the change that made it what it is: two who change it at once are told apart by it
 * @param sentAt when it was about to be sent
 * @param mode what it is meant for: it is looked after in no other
 */
record Order(
        UUID id,
        NewOrder asked,
        Terms terms,
        Optional<BigDecimal> notional,
        OrderStatus status,
        Optional<String> reason,
        AtUpstream upstream,
        Optional<Replacement> replacement,
        String node,
        UUID changeId,
        Instant receivedAt,
        Instant changedAt,
        Optional<Instant> sentAt,
        OrderMode mode) {

    /**
     * What the upstream has of it.
     *
     * @param key what it was told to know the order by: the order's id, after a replacement that one's
     * @param id what it calls the order
     * @param status its own word
     * @param filled how much of the quantity
     * @param averagePrice of what is filled
     */
    record AtUpstream(
            UUID key,
            Optional<String> id,
            Optional<String> status,
            BigDecimal filled,
            Optional<BigDecimal> averagePrice) {
        static AtUpstream unknown(UUID key) {
            return new AtUpstream(key, Optional.empty(), Optional.empty(), BigDecimal.ZERO, Optional.empty());
        }

        AtUpstream called(String upstreamId, String itsStatus) {
            return new AtUpstream(
                    key,
                    Optional.of(upstreamId),
                    Optional.of(itsStatus).filter(text -> !text.isEmpty()),
                    filled,
                    averagePrice);
        }

        AtUpstream seen(UUID knownBy, Brokerage.State state) {
            return new AtUpstream(
                    knownBy,
                    Optional.of(state.upstreamId()),
                    Optional.of(state.status()).filter(text -> !text.isEmpty()),
                    state.filled(),
                    state.averagePrice());
        }
    }

    Optional<String> upstreamId() {
        return upstream.id();
    }

    Brokerage.Ticket ticket() {
        return new Brokerage.Ticket(id, asked.symbol(), asked.side(), terms.quantity(), terms.limitPrice());
    }

    /** As it is to be sent in its place. */
    Brokerage.Amendment amendment() {
        Replacement next = replacement.orElseThrow();
        return new Brokerage.Amendment(
                upstream.key(),
                upstream.id().orElseThrow(),
                new Brokerage.Ticket(
                        next.id(),
                        asked.symbol(),
                        asked.side(),
                        next.terms().quantity(),
                        next.terms().limitPrice()));
    }

    Brokerage.Sought sought() {
        return new Brokerage.Sought(upstream.key(), upstream.id().orElseThrow(), sentAt.orElse(receivedAt), ticket());
    }

    boolean isPaper() {
        return mode == OrderMode.PAPER;
    }

    /** A replacement of it waits for a person. */
    boolean asksToBeReplaced() {
        return replacement.isPresent() && status.isAtUpstream();
    }

    OrderCommands.OrderSummary summary() {
        return new OrderCommands.OrderSummary(
                id.toString(),
                NewOrder.agent(asked.submitter()).orElse(NewOrder.OPERATOR),
                asked.clientOrderId(),
                asked.symbol(),
                asked.side(),
                terms.quantity(),
                asked.type(),
                terms.limitPrice(),
                notional,
                status,
                reason,
                Optional.of(upstream.filled()).filter(filled -> filled.signum() > 0),
                upstream.averagePrice(),
                replacement.map(next -> new OrderCommands.Replacing(
                        next.terms().quantity(), next.terms().limitPrice(), next.notional())),
                upstream.id(),
                upstream.status(),
                receivedAt,
                changedAt,
                mode);
    }

    /** The same order in another status; what it was to be replaced by is forgotten where that cannot be any more. */
    Order become(OrderStatus next, Optional<String> why, String byNode, UUID change, Instant at) {
        return new Order(
                id,
                asked,
                terms,
                notional,
                next,
                why,
                upstream,
                replacement.filter(still -> next.isAtUpstream() || next == OrderStatus.REPLACING),
                byNode,
                change,
                receivedAt,
                at,
                next == OrderStatus.SUBMITTING ? Optional.of(at) : sentAt,
                mode);
    }

    /** Whether the same change made both what they are. */
    boolean isSameChange(Order other) {
        return changeId.equals(other.changeId);
    }

    /** The same order in the same status, for another reason. */
    Order because(String why) {
        return with(asked, terms, notional, Optional.of(why), upstream, replacement);
    }

    /** The same order, confirmed in the course of a trace: it is sent in that one where it was placed in none. */
    Order confirmedIn(Optional<String> trace) {
        return with(asked.within(asked.traceparent().or(() -> trace)), terms, notional, reason, upstream, replacement);
    }

    /** The same order, and what the upstream has of it. */
    Order known(AtUpstream known) {
        return with(asked, terms, notional, reason, known, replacement);
    }

    /** The same order, judged at another price. */
    Order worth(BigDecimal now) {
        return with(asked, terms, Optional.of(now), reason, upstream, replacement);
    }

    /** The same order, which is to be replaced, or not to be. */
    Order replacedBy(Optional<Replacement> next) {
        return with(asked, terms, notional, reason, upstream, next);
    }

    /** The same order on the terms it was to be replaced by. */
    Order replaced(AtUpstream now) {
        Replacement done = replacement.orElseThrow();
        return with(asked, done.terms(), Optional.of(done.notional()), reason, now, Optional.empty());
    }

    /** The same change of the same order, where only this differs. */
    private Order with(
            NewOrder asking,
            Terms onTerms,
            Optional<BigDecimal> value,
            Optional<String> why,
            AtUpstream known,
            Optional<Replacement> next) {
        return new Order(
                id,
                asking,
                onTerms,
                value,
                status,
                why,
                known,
                next,
                node,
                changeId,
                receivedAt,
                changedAt,
                sentAt,
                mode);
    }
}
