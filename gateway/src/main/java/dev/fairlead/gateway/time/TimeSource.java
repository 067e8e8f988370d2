package dev.fairlead.gateway.time;

import java.time.InstantSource;

/**
 * The wall clock, for what people and tokens are told, and the monotonic clock, for every duration. The one place that
 * reads either, so that tests can move both, each by itself.
 */
public interface TimeSource extends InstantSource {
    /** Nanoseconds of a clock that never goes back; only differences mean anything. */
    long nanos();

    /** The clocks of this machine. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
