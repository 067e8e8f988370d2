package dev.fairlead.gateway.time;

import java.time.Duration;

/**
 * Keeps a sweep from judging others by time in which this process did not run: a virtual machine was frozen, a lid
 * closed, the process stopped. What came meanwhile lies in the network's buffers and is read first. Plain state.
 */
public final class LeapGuard {
    /** No garbage collection and no busy machine keeps a sweep waiting for so long. */
    private static final Duration LEAP = Duration.ofSeconds(5);

    private final int ticksToRead;
    private long last;
    private int reading;

    /**
     * From {@code now} on, in nanoseconds of the monotonic clock.
     *
     * @param ticksToRead how many ticks of the sweep pass after a leap before it judges
     */
    public LeapGuard(long now, int ticksToRead) {
        this.last = now;
        this.ticksToRead = ticksToRead;
    }

    /**
     * To be asked at each tick of a sweep.
     *
     * @return whether this sweep may judge; after a leap it waits for some ticks, and however many leaps follow each
     *     other it judges once after each wait
     */
    public boolean mayJudge(long now) {
        boolean leapt = now - last > LEAP.toNanos();
        last = now;
        if (reading > 0) {
            return --reading == 0;
        }
        if (leapt) {
            reading = ticksToRead;
        }
        return !leapt;
    }
}
