package dev.fairlead.gateway.logs;

import java.util.ArrayList;
import java.util.List;

/**
 * What was read from one position to another.
 *
 * @param more whether there is more to read right away
 * @param unfinished whether a line has begun at {@code to} that waits for its end
 */
record LogStretch(long from, long to, List<LogPart> parts, boolean more, boolean unfinished) {
    /** Its lines, whatever is between them. */
    List<LogLine> allLines() {
        List<LogLine> all = new ArrayList<>();
        for (LogPart part : parts) {
            if (part instanceof LogPart.Lines some) {
                all.addAll(some.lines());
            }
        }
        return all;
    }

    int lines() {
        int lines = 0;
        for (LogPart part : parts) {
            lines += part instanceof LogPart.Lines some ? some.lines().size() : 0;
        }
        return lines;
    }
}
