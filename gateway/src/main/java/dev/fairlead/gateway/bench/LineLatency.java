package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/** Reads from lines when they were written, and keeps how long they took. Safe for use by several threads. */
final class LineLatency {
    private static final String MARK = "t=";
    private static final String COUNT = "\"count\":";

    private final TimeSource time;
    private final ConcurrentHistogram micros = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
    private final LongAdder delivered = new LongAdder();
    private volatile long ignoredBefore = Long.MIN_VALUE;

    LineLatency(TimeSource time) {
        this.time = time;
    }

    /** What a line begins with. */
    static String stamp(long nanos) {
        return MARK + nanos;
    }

    /** Forgets what came so far, and what was written so far and is still to come. */
    void reset() {
        ignoredBefore = time.nanos();
        micros.reset();
        delivered.reset();
    }

    /** Lines that have come, to all readers together. */
    long delivered() {
        return delivered.sum();
    }

    /** A frame of a log's stream; the lines of all are counted, those of some measured. */
    void frame(String frame, boolean measured) {
        int count = frame.lastIndexOf(COUNT);
        if (count >= 0) {
            int end = frame.indexOf(',', count);
            delivered.add(Long.parseLong(frame.substring(count + COUNT.length(), end)));
        }
        if (measured) {
            long now = time.nanos();
            for (int at = frame.indexOf(MARK); at >= 0; at = frame.indexOf(MARK, at + 1)) {
                record(frame, at, now);
            }
        }
    }

    /** A line of its own. */
    void line(String line) {
        delivered.increment();
        int at = line.indexOf(MARK);
        if (at >= 0) {
            record(line, at, time.nanos());
        }
    }

    LogFigures figures(String server, int watchers, int linesASecond, long written, double cpu) {
        return new LogFigures(
                server,
                watchers,
                linesASecond,
                written,
                delivered.sum(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                cpu);
    }

    private void record(String text, int mark, long now) {
        long written = Long.parseLong(text, mark + MARK.length(), text.indexOf(' ', mark), 10);
        if (written >= ignoredBefore) {
            micros.recordValue(Math.max(0, (now - written) / 1000));
        }
    }
}
