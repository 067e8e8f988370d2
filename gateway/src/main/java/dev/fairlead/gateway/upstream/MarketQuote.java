package dev.fairlead.gateway.upstream;

/**
 * The best prices of one symbol as an upstream gave them. What nobody quotes is {@code NaN} here, as the feeds have it;
 * some send a zero or an infinity for the same, which becomes {@code NaN} too.
 */
public record MarketQuote(String symbol, double bid, double ask, double bidSize, double askSize) {
    public MarketQuote {
        bid = price(bid);
        ask = price(ask);
        bidSize = size(bidSize, bid);
        askSize = size(askSize, ask);
    }

    private static double price(double value) {
        return Double.isFinite(value) && value != 0 ? value : Double.NaN;
    }

    /** The size of a side that is not quoted means nothing. */
    private static double size(double value, double price) {
        return Double.isFinite(value) && !Double.isNaN(price) ? value : Double.NaN;
    }
}
