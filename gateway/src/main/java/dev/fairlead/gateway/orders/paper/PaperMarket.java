package dev.fairlead.gateway.orders.paper;

import dev.fairlead.gateway.upstream.Brokerage.Ticket;
import dev.fairlead.protocol.Quote;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * At which price an order is filled on paper. A purchase takes the ask and a sale the bid, at the limit or better and
 * in whole: the sizes quoted do not bound it, since an index has none and others show the best price's alone.
 */
final class PaperMarket {
    private PaperMarket() {}

    /** The price at which the order is filled by this quote; empty where it is not. */
    static Optional<BigDecimal> fill(Ticket order, Quote quote) {
        boolean buys = order.side().buys();
        // A bid of 0 is nobody who would pay anything.
        return (buys ? quote.ask() : quote.bid())
                .filter(price -> price.signum() > 0)
                .filter(price -> order.limitPrice()
                        .map(limit -> buys ? price.compareTo(limit) <= 0 : price.compareTo(limit) >= 0)
                        .orElse(true));
    }
}
