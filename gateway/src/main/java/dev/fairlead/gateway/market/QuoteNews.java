package dev.fairlead.gateway.market;

import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Quote;
import dev.fairlead.protocol.QuotesFrame;

/** A new quote, and its frame, which is encoded once and shared by all views of the stream. */
final class QuoteNews {
    private final String symbol;
    private final byte[] frame;

    QuoteNews(Quote quote) {
        this.symbol = quote.symbol();
        this.frame = FrameCodec.encode(new QuotesFrame.Update(quote));
    }

    String symbol() {
        return symbol;
    }

    /** The shared bytes themselves, not a copy; nobody writes to them. */
    byte[] frame() {
        return frame;
    }
}
