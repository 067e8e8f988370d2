package dev.fairlead.gateway.time;

import java.time.Duration;

/**
 * Keeps a sweep from judging others by time in which this process did not run: a virtual machine was frozen, a lid
 * closed, the process stopped. What came meanwhile lies in the network's buffers and is read first. Plain state.
 */
@StateMachine
public final class LeapGuard {
    /** No garbage collection and no busy machine keeps a sweep waiting for so long. */
    private static final Duration LEAP = Duration.ofSeconds(5);

    /**
     * Long enough to read what has come; a timer that was late may fire many times at once, so no count of ticks is.
     */
    private static final Duration READING = Duration.ofSeconds(2);

    private long last;
    private long readingUntil;
    private boolean reading;

    /** From {@code now} on, in nanoseconds of the monotonic clock. */
    public LeapGuard(long now) {
        this.last = now;
    }

    /**
     * To be asked at each tick of a sweep.
     *
     * @return whether this sweep may judge; after a leap it waits, and however many leaps follow each other it judges
     *     once after each wait
     */
    public boolean mayJudge(long now) {
        boolean leapt = now - last > LEAP.toNanos();
        last = now;
        if (reading) {
            reading = now - readingUntil < 0;
            return !reading;
        }
        if (leapt) {
            reading = true;
            readingUntil = now + READING.toNanos();
        }
        return !leapt;
    }
}
