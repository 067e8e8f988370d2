package dev.fairlead.gateway.upstream.simulator;

import java.util.Optional;

/** The quotes of the feed by the names the feed has for what is quoted. On the simulator's event loop only. */
final class QuotedNames {
    private final SimulatedInstruments instruments;
    private final QuoteWalk quotes;

    QuotedNames(SimulatedInstruments instruments, QuoteWalk quotes) {
        this.instruments = instruments;
        this.quotes = quotes;
    }

    /** The quote now, under that very name; empty where the feed knows none. */
    Optional<QuoteWalk.Quoted> of(String name) {
        return instruments.quoted(name).map(quotes::of).map(quote -> quote.named(name));
    }
}
