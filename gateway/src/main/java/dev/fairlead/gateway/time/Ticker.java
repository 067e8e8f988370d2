package dev.fairlead.gateway.time;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Runs a task again and again: at its period while there is something to do, every four seconds while there is not, so
 * that a gateway at rest costs next to nothing. Who adds the first thing to do calls {@link #wake}; where that is
 * forgotten, the task runs four seconds late and not never. Confined to the event loop of its scheduler.
 */
public final class Ticker {
    /** Between two runs with nothing to do; less than what a {@link LeapGuard} takes for a leap. */
    private static final Duration IDLE = Duration.ofSeconds(4);

    private final Scheduler scheduler;
    private final Duration period;
    private final BooleanSupplier busy;
    private final Runnable task;
    private boolean idle;
    private boolean cancelled;
    private Scheduler.Cancellable next;

    /**
     * Starts it; the task runs first after one period.
     *
     * @param period between two runs while there is something to do; if it is longer than four seconds, always
     * @param busy whether there is something to do, asked after each run
     * @param task what runs
     */
    public Ticker(Scheduler scheduler, Duration period, BooleanSupplier busy, Runnable task) {
        this.scheduler = scheduler;
        this.period = period;
        this.busy = busy;
        this.task = task;
        this.next = scheduler.after(period, this::run);
    }

    /** There is something to do: the task runs after one period at the latest. */
    public void wake() {
        if (idle && !cancelled) {
            idle = false;
            next.cancel();
            next = scheduler.after(period, this::run);
        }
    }

    /** Stops it. */
    public void cancel() {
        cancelled = true;
        next.cancel();
    }

    private void run() {
        try {
            task.run();
        } finally {
            if (!cancelled) {
                idle = !busy.getAsBoolean();
                next = idle && period.compareTo(IDLE) < 0
                        ? scheduler.about(IDLE, this::run)
                        : scheduler.after(period, this::run);
            }
        }
    }
}
