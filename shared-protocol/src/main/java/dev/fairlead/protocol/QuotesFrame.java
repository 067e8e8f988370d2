package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stream of quotes. Conflated: a slow client gets the newest of each symbol, never a backlog. */
@JsonSubTypes({
    @JsonSubTypes.Type(QuotesFrame.Snapshot.class),
    @JsonSubTypes.Type(QuotesFrame.Update.class),
    @JsonSubTypes.Type(QuotesFrame.SymbolError.class)
})
public sealed interface QuotesFrame extends StreamFrame {

    /**
     * The newest quote of each symbol asked for.
     *
     * @param unknown those that there are no quotes of, and why
     */
    @JsonTypeName("snapshot")
    record Snapshot(List<Quote> quotes, Optional<Map<String, String>> unknown) implements QuotesFrame {
        public Snapshot {
            quotes = List.copyOf(quotes);
            unknown = unknown.map(Map::copyOf);
        }
    }

    /** There are no quotes of one symbol, and none will come; the stream goes on with the others. */
    @JsonTypeName("symbol_error")
    record SymbolError(String symbol, String code, String message) implements QuotesFrame {
        /** That there are no quotes of a symbol; {@code why} is for people. */
        public static SymbolError of(String symbol, String why) {
            return new SymbolError(symbol, ErrorCode.QUOTE_UNAVAILABLE.wire(), "No quotes of " + symbol + ": " + why);
        }
    }

    /** One quote, its fields in the frame itself. */
    @JsonTypeName("quote")
    record Update(@JsonUnwrapped Quote quote) implements QuotesFrame {}
}
