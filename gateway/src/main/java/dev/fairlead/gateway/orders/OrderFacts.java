package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.UpstreamNumber;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.Quote;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a person has to know who is to decide on an order, or on its replacement, now.
 *
 * @param ageMs milliseconds since it was asked for
 * @param expiresAt when it expires unless somebody confirms it; empty where it does not wait
 * @param quote of its symbol; empty where there is none
 * @param distance how far the price the market takes has to come to its limit: 0 or below where it is there
 * @param distancePercent the same, of that price
 * @param cost what is paid, or for a sale received, at the limit or else at the market: without fees, which only the
 *     upstream knows
 * @param today what the bounds of the day leave; empty where there are none
 */
public record OrderFacts(
        long ageMs,
        Optional<Instant> expiresAt,
        Optional<Quote> quote,
        Optional<BigDecimal> distance,
        Optional<BigDecimal> distancePercent,
        Optional<BigDecimal> cost,
        Optional<Today> today) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /**
     * What is left of a day (UTC) without the order; each empty where it has no bound.
     *
     * @param orders its submitter may place
     * @param submitterNotional of its submitter's
     * @param notional of all
     */
    public record Today(Optional<Long> orders, Optional<BigDecimal> submitterNotional, Optional<BigDecimal> notional) {}

    /** Whether there is something left to decide. */
    static boolean matter(Order order) {
        return order.status() == OrderStatus.NEEDS_CONFIRMATION
                || order.status().isAtUpstream();
    }

    static OrderFacts of(Order order, Optional<Quote> quote, Optional<Today> today, Instant now, Duration confirmLife) {
        Terms terms = order.replacement().map(Replacement::terms).orElse(order.terms());
        Instant asked = order.replacement().map(Replacement::askedAt).orElse(order.receivedAt());
        boolean waits = order.status() == OrderStatus.NEEDS_CONFIRMATION || order.asksToBeReplaced();
        boolean buys = order.asked().side().buys();
        Optional<BigDecimal> market = quote.flatMap(known -> buys ? known.ask() : known.bid());
        Optional<BigDecimal> distance = market.flatMap(
                price -> terms.limitPrice().map(limit -> buys ? price.subtract(limit) : limit.subtract(price)));
        return new OrderFacts(
                Math.max(0, Duration.between(asked, now).toMillis()),
                waits ? Optional.of(asked.plus(confirmLife)) : Optional.empty(),
                quote,
                distance.map(UpstreamNumber::plain),
                distance.flatMap(far -> market.filter(price -> price.signum() > 0)
                        .map(price -> far.multiply(HUNDRED).divide(price, 2, RoundingMode.HALF_UP))),
                terms.limitPrice().or(() -> market).flatMap(price -> Instrument.of(
                                order.asked().symbol())
                        .multiplier()
                        .map(multiplier -> UpstreamNumber.plain(
                                terms.quantity().multiply(price).multiply(BigDecimal.valueOf(multiplier))))),
                today);
    }
}
