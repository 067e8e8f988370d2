package dev.fairlead.protocol.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: 1 s, doubled with each failure up to a cap, for ever; each delay × (0.5 +
 * random × 0.5), so that a fleet that lost its gateway does not come back as one. Not thread-safe.
 */
public final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);

    private final Duration first;
    private final Duration cap;
    private final RandomGenerator random;
    private Duration step;

    private Backoff(Duration first, Duration cap, RandomGenerator random) {
        this.first = first;
        this.cap = cap;
        this.random = random;
        this.step = first;
    }

    /** 1, 2, 4, 8, 16, then 30 s: reset at the first frame received. */
    public static Backoff streams(RandomGenerator random) {
        return new Backoff(FIRST, Duration.ofSeconds(30), random);
    }

    /** 1, 2, 4 … then 60 s: reset at registration. */
    public static Backoff agents(RandomGenerator random) {
        return new Backoff(FIRST, Duration.ofSeconds(60), random);
    }

    /** Steps of one's own; both more than nothing. */
    public static Backoff of(Duration first, Duration cap, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("A backoff begins with more than nothing and ends with no less");
        }
        return new Backoff(first, cap, random);
    }

    /** The delay before the next attempt; the one after that is longer. */
    public Duration next() {
        long nanos = (long) (step.toNanos() * (0.5 + random.nextDouble() * 0.5));
        Duration doubled = step.multipliedBy(2);
        step = doubled.compareTo(cap) < 0 ? doubled : cap;
        return Duration.ofNanos(nanos);
    }

    /** The connection is good: the next failure is the first again. */
    public void reset() {
        step = first;
    }
}
