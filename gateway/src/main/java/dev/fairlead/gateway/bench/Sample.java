package dev.fairlead.gateway.bench;

import org.HdrHistogram.Histogram;

/**
 * What one server did in one round.
 *
 * @param done deliveries or round trips
 * @param nanos how long it took
 * @param latencies of each, in nanoseconds
 */
record Sample(long done, long nanos, Histogram latencies) {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    /** Three digits, up to a minute. */
    static Histogram histogram() {
        return new Histogram(LONGEST_NANOS, 3);
    }

    double perSecond() {
        return done * 1e9 / nanos;
    }
}
