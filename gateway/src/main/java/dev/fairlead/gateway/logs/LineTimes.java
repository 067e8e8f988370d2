package dev.fairlead.gateway.logs;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** When the lines of a stretch of a log were written, as it was known when the stretch was read. Immutable. */
final class LineTimes {
    static final long UNKNOWN = Long.MIN_VALUE;

    private final long[] positions;
    private final long[] millis;

    /**
     * From marks in their order.
     *
     * @param positions all bytes before one had come
     * @param millis by this time of the wall clock, or {@link #UNKNOWN}
     */
    LineTimes(long[] positions, long[] millis) {
        this.positions = positions;
        this.millis = millis;
    }

    /** When the line began to be there. */
    Optional<Instant> at(LogLine line) {
        int found = Arrays.binarySearch(positions, line.start() + 1);
        int mark = found >= 0 ? found : -found - 1;
        return mark < millis.length && millis[mark] != UNKNOWN
                ? Optional.of(Instant.ofEpochMilli(millis[mark]))
                : Optional.empty();
    }

    List<Optional<Instant>> of(List<LogLine> lines) {
        return lines.stream().map(this::at).toList();
    }
}
