package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.market.MarketCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Quote;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the market takes for an order now. */
final class MarketPrices {
    /** Who looks at an order does not wait for long for the quote besides. */
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(2);

    private final Bus bus;

    MarketPrices(Bus bus) {
        this.bus = bus;
    }

    /**
     * The price the market takes now, where the order needs one; where one would only say more, it may be missing.
     * Fails with {@code quote_unavailable}.
     */
    Future<Optional<BigDecimal>> of(NewOrder asked) {
        if (!RiskGuard.wantsQuote(asked)) {
            return Future.succeededFuture(Optional.empty());
        }
        return quoted(asked.symbol())
                .map(quote -> (asked.side().buys() ? quote.ask() : quote.bid()).or(quote::mid))
                .otherwise(Optional.empty())
                .map(price -> {
                    if (price.isEmpty() && RiskGuard.needsQuote(asked)) {
                        throw new FairleadException(
                                ErrorCode.QUOTE_UNAVAILABLE,
                                "No quote of " + asked.symbol()
                                        + " to judge an order at the market by; give a limit, or try again");
                    }
                    return price;
                });
    }

    /** The newest quote of a symbol, to be shown; empty where there is none soon. */
    Future<Optional<Quote>> shown(String symbol) {
        return quoted(symbol)
                .timeout(SHOWN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .map(quote -> Optional.of(quote).filter(known -> known.source().isPresent()))
                .otherwise(Optional.empty());
    }

    /** The newest quote of a symbol. Fails with {@code quote_unavailable}. */
    Future<Quote> quoted(String symbol) {
        return bus.request(new MarketCommands.GetQuotes(List.of(symbol)))
                .map(found -> found.quotes().get(0));
    }
}
