package dev.fairlead.gateway.market;

import dev.fairlead.gateway.bus.NodeEvent;
import dev.fairlead.protocol.Quote;
import java.util.List;

/** News of the market, to the node it is told on. */
public sealed interface MarketEvent extends NodeEvent {
    /** There are no quotes of a symbol that somebody follows. */
    record Unknown(String symbol, String why) implements MarketEvent {}

    /**
     * New quotes, the newest of each symbol alone.
     *
     * @param quotes of symbols that somebody follows
     */
    record Updated(List<Quote> quotes) implements MarketEvent {
        public Updated {
            quotes = List.copyOf(quotes);
        }
    }
}
