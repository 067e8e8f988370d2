package dev.fairlead.gateway.upstream;

/**
 * The best prices of one symbol as an upstream gave them. What nobody quotes is {@code NaN} here, as the feeds have it;
 * some send an infinity for the same, or offer at zero, which becomes {@code NaN} too. A bid of zero is one: that of an
 * option nobody wants.
 */
public record MarketQuote(String symbol, double bid, double ask, double bidSize, double askSize) {
    public MarketQuote {
        bid = Double.isFinite(bid) ? bid : Double.NaN;
        ask = Double.isFinite(ask) && ask != 0 ? ask : Double.NaN;
        bidSize = size(bidSize, bid);
        askSize = size(askSize, ask);
    }

    /** The size of a side that is not quoted means nothing. */
    private static double size(double value, double price) {
        return Double.isFinite(value) && !Double.isNaN(price) ? value : Double.NaN;
    }
}
