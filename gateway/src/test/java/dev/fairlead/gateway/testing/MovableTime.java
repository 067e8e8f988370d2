package dev.fairlead.gateway.testing;

import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of this machine, which go on by themselves and which a test sets ahead or back, each by itself. */
public final class MovableTime implements TimeSource {
    private final AtomicLong wallAhead = new AtomicLong();
    private final AtomicLong monotonicAhead = new AtomicLong();

    /** As if that much time had passed. */
    public void advance(Duration by) {
        shiftWallClock(by);
        monotonicAhead.addAndGet(by.toNanos());
    }

    /** As an administrator or a time server sets the wall clock. */
    public void shiftWallClock(Duration by) {
        wallAhead.addAndGet(by.toNanos());
    }

    @Override
    public Instant instant() {
        return TimeSource.system().instant().plusNanos(wallAhead.get());
    }

    @Override
    public long nanos() {
        return TimeSource.system().nanos() + monotonicAhead.get();
    }
}
