package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/** The stream of quotes. Conflated: a slow client gets the newest of each symbol, never a backlog. */
@JsonSubTypes({@JsonSubTypes.Type(QuotesFrame.Snapshot.class), @JsonSubTypes.Type(QuotesFrame.Update.class)})
public sealed interface QuotesFrame extends StreamFrame {

    /** The newest quote of each symbol asked for. */
    @JsonTypeName("snapshot")
    record Snapshot(List<Quote> quotes) implements QuotesFrame {
        public Snapshot {
            quotes = List.copyOf(quotes);
        }
    }

    /** One quote, its fields in the frame itself. */
    @JsonTypeName("quote")
    record Update(@JsonUnwrapped Quote quote) implements QuotesFrame {}
}
