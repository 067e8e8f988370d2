package dev.fairlead.gateway.edge.socket;

/**
 * A token bucket: so many frames a second, twice as many at once. Kept as the time at which all that was taken is paid
 * for, so that a frame costs one comparison. An agent has one at a time that counts; while another connection takes its
 * place both may, and a frame that the count then misses is no matter.
 */
public final class FrameRate {
    private static final long SECOND = 1_000_000_000L;
    private static final long BURST = 2 * SECOND;

    private final long nanosPerFrame;
    private volatile long paidAt;

    /** Full, {@code now} in nanoseconds of the monotonic clock. */
    public FrameRate(int perSecond, long now) {
        this.nanosPerFrame = Math.max(1, SECOND / perSecond);
        this.paidAt = now;
    }

    /** Takes a frame; false where there is none left. */
    public boolean take(long now) {
        long from = Math.max(paidAt - now, 0) + now;
        if (from + nanosPerFrame - now > BURST) {
            return false;
        }
        paidAt = from + nanosPerFrame;
        return true;
    }

    /** Whether nothing of the burst is used up. */
    public boolean isFull(long now) {
        return paidAt - now <= 0;
    }
}
