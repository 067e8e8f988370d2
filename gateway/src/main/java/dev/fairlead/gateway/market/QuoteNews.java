package dev.fairlead.gateway.market;

import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Quote;
import dev.fairlead.protocol.QuotesFrame;

/** A new quote, or that there is none, and its frame, which is encoded once and shared by all views of the stream. */
final class QuoteNews {
    private final String symbol;
    private final byte[] frame;

    private QuoteNews(String symbol, QuotesFrame frame) {
        this.symbol = symbol;
        this.frame = FrameCodec.encode(frame);
    }

    static QuoteNews of(Quote quote) {
        return new QuoteNews(quote.symbol(), new QuotesFrame.Update(quote));
    }

    static QuoteNews unknown(String symbol, String why) {
        return new QuoteNews(symbol, QuotesFrame.SymbolError.of(symbol, why));
    }

    String symbol() {
        return symbol;
    }

    /** The shared bytes themselves, not a copy; nobody writes to them. */
    byte[] frame() {
        return frame;
    }
}
