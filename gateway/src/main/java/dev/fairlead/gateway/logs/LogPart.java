package dev.fairlead.gateway.logs;

import java.util.List;

/** What reading a log on brings, in order. */
sealed interface LogPart {
    /** Lines, oldest first. */
    record Lines(List<LogLine> lines) implements LogPart {}

    /** What follows comes from a new file, or from the start of one that was cut. */
    record Rotated() implements LogPart {}

    /** So many bytes are gone; what follows begins at the oldest one kept. */
    record Skipped(long bytes) implements LogPart {}
}
