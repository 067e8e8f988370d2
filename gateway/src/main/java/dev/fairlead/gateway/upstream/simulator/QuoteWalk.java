package dev.fairlead.gateway.upstream.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Quotes that walk at random, each symbol from a price of its own. Used on the simulator's event loop only. */
final class QuoteWalk {
    /** Indices have no sizes. */
    private static final Set<String> INDICES = Set.of("SPX", "NDX", "RUT", "VIX", "XSP", "DJX");

    private static final int MOST_SYMBOLS = 10_000;

    /**
     * One symbol's best prices.
     *
     * @param bid in cents
     * @param ask in cents
     */
    record Quoted(String symbol, long bid, long ask, int bidSize, int askSize) {
        boolean isIndex() {
            return INDICES.contains(symbol);
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
        long price = 2_000L + Math.floorMod(symbol.hashCode(), 60_000);
        Quoted first = new Quoted(symbol, price, price + 2, 1 + random.nextInt(20), 1 + random.nextInt(20));
        if (quotes.size() < MOST_SYMBOLS) {
            quotes.put(symbol, first);
        }
        return first;
    }

    /** Moves every quote by at most three cents. */
    void step() {
        quotes.replaceAll((symbol, quote) -> {
            long bid = Math.max(100, quote.bid() + random.nextInt(-3, 4));
            return new Quoted(symbol, bid, bid + 1 + random.nextInt(4), 1 + random.nextInt(20), 1 + random.nextInt(20));
        });
    }
}
