package dev.fairlead.gateway.upstream.simulator;

import dev.fairlead.gateway.upstream.Instrument;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Quotes that walk at random, each symbol from a price of its own. Used on the simulator's event loop only. */
final class QuoteWalk {
    /** Where well-known symbols begin, in cents, so that it looks like the market that they are from. */
    private static final Map<String, Long> KNOWN = Map.ofEntries(
            Map.entry("SPX", 602_400L),
            Map.entry("NDX", 2_164_000L),
            Map.entry("RUT", 228_700L),
            Map.entry("VIX", 1_640L),
            Map.entry("SPY", 60_080L),
            Map.entry("QQQ", 52_710L),
            Map.entry("IWM", 22_650L),
            Map.entry("AAPL", 22_940L),
            Map.entry("MSFT", 46_320L),
            Map.entry("NVDA", 14_150L),
            Map.entry("TSLA", 33_860L),
            Map.entry("AMZN", 20_790L),
            Map.entry("BTC/USD", 9_512_000L),
            Map.entry("ETH/USD", 331_400L));

    private static final int MOST_SYMBOLS = 10_000;

    /**
     * One symbol's best prices.
     *
     * @param bid in cents
     * @param ask in cents
     */
    record Quoted(String symbol, long bid, long ask, int bidSize, int askSize) {
        /** Indices have no sizes. */
        boolean isIndex() {
            return Instrument.of(symbol) == Instrument.INDEX;
        }

        /** The same under another name. */
        Quoted named(String name) {
            return new Quoted(name, bid, ask, bidSize, askSize);
        }

        double bidPrice() {
            return bid / 100.0;
        }

        double askPrice() {
            return ask / 100.0;
        }
    }

    private final SplittableRandom random;
    private final Map<String, Quoted> quotes = new LinkedHashMap<>();

    QuoteWalk(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The symbol's quote now; it begins to walk when it is first asked for. */
    Quoted of(String symbol) {
        Quoted known = quotes.get(symbol);
        if (known != null) {
            return known;
        }
        long price = KNOWN.getOrDefault(symbol, 2_000L + Math.floorMod(symbol.hashCode(), 60_000));
        Quoted first = new Quoted(symbol, price, price + 2, 1 + random.nextInt(20), 1 + random.nextInt(20));
        if (quotes.size() < MOST_SYMBOLS) {
            quotes.put(symbol, first);
        }
        return first;
    }

    /** Moves every quote by at most three cents, or one hundredth of a percent. */
    void step() {
        quotes.replaceAll((symbol, quote) -> {
            int most = (int) Math.max(3, quote.bid() / 10_000);
            long bid = Math.max(100, quote.bid() + random.nextInt(-most, most + 1));
            return new Quoted(symbol, bid, bid + 1 + random.nextInt(4), 1 + random.nextInt(20), 1 + random.nextInt(20));
        });
    }
}
