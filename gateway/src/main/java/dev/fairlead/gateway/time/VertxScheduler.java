package dev.fairlead.gateway.time;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Timers of the Vert.x context that schedules them; monotonic, untouched by changes of the wall clock. What may come a
 * little later or sooner comes on whole seconds of that clock, all of it at once: a processor that is woken for one
 * thing does the others for next to nothing.
 */
public final class VertxScheduler implements Scheduler {
    private static final long BEAT = TimeUnit.SECONDS.toMillis(1);

    private final Vertx vertx;

    public VertxScheduler(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        return timer(delay.toMillis(), task);
    }

    @Override
    public Cancellable about(Duration delay, Runnable task) {
        long millis = delay.toMillis();
        return timer(millis < BEAT ? millis : millis - sinceBeat(), task);
    }

    @Override
    public Cancellable every(Duration period, Runnable task) {
        long millis = Math.max(1, period.toMillis());
        long first = millis < BEAT ? millis : millis + BEAT - sinceBeat();
        long timer = vertx.setPeriodic(first, millis, id -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    private Cancellable timer(long millis, Runnable task) {
        long timer = vertx.setTimer(Math.max(1, millis), id -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    /** Milliseconds that have passed of this second. */
    private static long sinceBeat() {
        return Math.floorMod(TimeUnit.NANOSECONDS.toMillis(TimeSource.system().nanos()), BEAT);
    }
}
