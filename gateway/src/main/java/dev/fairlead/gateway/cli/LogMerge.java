package dev.fairlead.gateway.cli;

import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;

/**
 * Prints the lines of several logs in the order in which they were written. A line whose time nobody knows stands right
 * behind the one before it in its log.
 */
final class LogMerge {
    private static final class Source {
        private final Iterator<LogRange.Line> lines;
        private final LogLinesText text;
        private final int order;
        private LogRange.Line head;
        private Instant at = Instant.MIN;

        Source(Iterator<LogRange.Line> lines, LogLinesText text, int order) {
            this.lines = lines;
            this.text = text;
            this.order = order;
        }

        boolean advance() {
            if (!lines.hasNext()) {
                return false;
            }
            head = lines.next();
            at = head.at().orElse(at);
            return true;
        }

        Instant at() {
            return at;
        }

        int order() {
            return order;
        }
    }

    private final PriorityQueue<Source> sources =
            new PriorityQueue<>(Comparator.comparing(Source::at).thenComparingInt(Source::order));
    private int added;

    /** One of the logs. */
    void add(Iterator<LogRange.Line> lines, LogLinesText text) {
        Source source = new Source(lines, text, added++);
        if (source.advance()) {
            sources.add(source);
        }
    }

    void print() {
        for (Source next = sources.poll(); next != null; next = sources.poll()) {
            next.text.print(next.head);
            if (next.advance()) {
                sources.add(next);
            }
        }
    }
}
