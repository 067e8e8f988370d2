package dev.fairlead.gateway.market;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.protocol.Quote;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest quote of each symbol, and whether it is fresh. One that came over the feed is fresh for a while, and for
 * as long as the session that brought it is in order: no news means that nothing changed. Plain state.
 */
@StateMachine
final class QuoteCache {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    /** The session of quotes that came by a single call. */
    private static final long NO_SESSION = 0;

    private record Held(MarketQuote prices, Quote.Source source, long session, long receivedAt, Instant at) {}

    private final TimeSource time;
    private final Duration freshFor;
    private final Duration restCache;
    private final Map<String, Held> newest = new HashMap<>();
    private long liveSession = NO_SESSION;
    private long sessions = NO_SESSION;

    QuoteCache(TimeSource time, Duration freshFor, Duration restCache) {
        this.time = time;
        this.freshFor = freshFor;
        this.restCache = restCache;
    }

    /** A session of the feed begins; until the next call of this or {@link #sessionEnded} it is in order. */
    void sessionBegan() {
        liveSession = ++sessions;
    }

    void sessionEnded() {
        liveSession = NO_SESSION;
    }

    boolean isLive() {
        return liveSession != NO_SESSION;
    }

    void streamed(MarketQuote quote) {
        newest.put(quote.symbol(), new Held(quote, Quote.Source.DXLINK, liveSession, time.nanos(), time.instant()));
    }

    /** The newest of another node, as old as it is there. */
    void told(Quote quote) {
        Quote.Source source = quote.source().orElseThrow();
        newest.put(
                quote.symbol(),
                new Held(
                        new MarketQuote(
                                quote.symbol(),
                                number(quote.bid()),
                                number(quote.ask()),
                                number(quote.bidSize()),
                                number(quote.askSize())),
                        source,
                        source == Quote.Source.DXLINK ? liveSession : NO_SESSION,
                        time.nanos()
                                - Duration.ofMillis(quote.ageMs().orElse(0L)).toNanos(),
                        quote.receivedAt().orElseGet(time::instant)));
    }

    /** A quote of a single call; a fresh one of the feed is newer. */
    boolean looked(MarketQuote quote) {
        Held held = newest.get(quote.symbol());
        if (held != null && held.source() == Quote.Source.DXLINK && isFresh(held)) {
            return false;
        }
        newest.put(quote.symbol(), new Held(quote, Quote.Source.REST, NO_SESSION, time.nanos(), time.instant()));
        return true;
    }

    void forget(String symbol) {
        newest.remove(symbol);
    }

    boolean knows(String symbol) {
        return newest.containsKey(symbol);
    }

    /** The quote, where it is fresh. */
    Optional<Quote> fresh(String symbol) {
        return Optional.ofNullable(newest.get(symbol)).filter(this::isFresh).map(this::quote);
    }

    /** The quote, however old; without a source and prices where there is none. */
    Quote newest(String symbol) {
        return Optional.ofNullable(newest.get(symbol)).map(this::quote).orElseGet(() -> none(symbol));
    }

    static Quote none(String symbol) {
        return new Quote(
                symbol,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private boolean isFresh(Held held) {
        if (held.session() != NO_SESSION && held.session() == liveSession) {
            return true;
        }
        Duration age = Duration.ofNanos(time.nanos() - held.receivedAt());
        return age.compareTo(held.source() == Quote.Source.REST ? restCache : freshFor) <= 0;
    }

    private Quote quote(Held held) {
        Optional<BigDecimal> bid = decimal(held.prices().bid());
        Optional<BigDecimal> ask = decimal(held.prices().ask());
        return new Quote(
                held.prices().symbol(),
                bid,
                ask,
                bid.isPresent() && ask.isPresent()
                        ? Optional.of(plain(bid.get().add(ask.get()).divide(TWO)))
                        : Optional.empty(),
                decimal(held.prices().bidSize()),
                decimal(held.prices().askSize()),
                Optional.of(held.source()),
                Optional.of(held.at()),
                Optional.of(Duration.ofNanos(time.nanos() - held.receivedAt()).toMillis()));
    }

    private static double number(Optional<BigDecimal> value) {
        return value.map(BigDecimal::doubleValue).orElse(Double.NaN);
    }

    private static Optional<BigDecimal> decimal(double value) {
        return Double.isNaN(value) ? Optional.empty() : Optional.of(plain(BigDecimal.valueOf(value)));
    }

    /** {@code 100}, neither {@code 100.0} nor {@code 1E+2}. */
    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
