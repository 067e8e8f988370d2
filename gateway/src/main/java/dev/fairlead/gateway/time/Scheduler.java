package dev.fairlead.gateway.time;

import java.time.Duration;

/** Runs something later on the event loop it was made for. */
public interface Scheduler {
    /** Runs {@code task} once, after {@code delay}; a delay below one millisecond counts as one. */
    Cancellable after(Duration delay, Runnable task);

    /**
     * Runs {@code task} once, after {@code delay} or up to a second sooner, together with what else is due then; for
     * what nobody waits for.
     */
    default Cancellable about(Duration delay, Runnable task) {
        return after(delay, task);
    }

    /** Runs {@code task} every {@code period}, the first time after one period or up to a second later. */
    Cancellable every(Duration period, Runnable task);

    /** What was scheduled and may be taken back; cancelling twice does nothing. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }
}
