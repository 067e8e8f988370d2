package dev.fairlead.gateway.market;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.protocol.Quote;
import java.util.List;

/** What the node that has the upstream tells the others of the market. */
public sealed interface MarketNews extends Event {
    /** The node that tells it. */
    String node();

    /** There are no quotes of a symbol that somebody follows. */
    record Unknown(String node, String symbol, String why) implements MarketNews {}

    /**
     * New quotes, the newest of each symbol alone.
     *
     * @param quotes of symbols that somebody follows
     */
    record Updated(String node, List<Quote> quotes) implements MarketNews {
        public Updated {
            quotes = List.copyOf(quotes);
        }
    }

    /** The upstream's feed streams no more for now. */
    record Stopped(String node) implements MarketNews {}
}
