package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The stream of one log. A cursor is opaque: given as {@code since}, the stream goes on after the frame that had it.
 * Each line has a time, when it was written as far as the gateway saw it; empty where nobody was there to see.
 */
@JsonSubTypes({
    @JsonSubTypes.Type(LogsFrame.Backlog.class),
    @JsonSubTypes.Type(LogsFrame.Lines.class),
    @JsonSubTypes.Type(LogsFrame.Rotated.class),
    @JsonSubTypes.Type(LogsFrame.Skipped.class),
    @JsonSubTypes.Type(LogsFrame.Ended.class)
})
public sealed interface LogsFrame extends StreamFrame {

    /** The last lines so far, oldest first; empty where there is no log yet. */
    @JsonTypeName("backlog")
    record Backlog(
            List<String> lines,
            @JsonSetter(contentNulls = Nulls.SET) List<Optional<Instant>> times,
            int count,
            String cursor)
            implements LogsFrame {
        public Backlog {
            lines = List.copyOf(lines);
            times = List.copyOf(times);
        }

        public static Backlog of(List<String> lines, List<Optional<Instant>> times, String cursor) {
            return new Backlog(lines, times, lines.size(), cursor);
        }
    }

    /** New lines, oldest first. */
    @JsonTypeName("lines")
    record Lines(
            List<String> lines,
            @JsonSetter(contentNulls = Nulls.SET) List<Optional<Instant>> times,
            int count,
            String cursor)
            implements LogsFrame {
        public Lines {
            lines = List.copyOf(lines);
            times = List.copyOf(times);
        }

        public static Lines of(List<String> lines, List<Optional<Instant>> times, String cursor) {
            return new Lines(lines, times, lines.size(), cursor);
        }
    }

    /** The lines that follow come from a new file, or from the start of one that was cut. */
    @JsonTypeName("rotated")
    record Rotated() implements LogsFrame {}

    /**
     * What came was gone before it could be told: the lines that follow begin at the oldest byte kept, which may be
     * within a line.
     *
     * @param bytes how many are left out
     */
    @JsonTypeName("skipped")
    record Skipped(long bytes) implements LogsFrame {}

    /** The last frame before a normal close: what was watched is {@code archived} or {@code deleted}. */
    @JsonTypeName("ended")
    record Ended(String reason) implements LogsFrame {}
}
