package dev.fairlead.gateway.time;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Timers of the Vert.x context that schedules them; monotonic, untouched by changes of the wall clock. */
public final class VertxScheduler implements Scheduler {
    private final Vertx vertx;

    public VertxScheduler(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        long timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    @Override
    public Cancellable every(Duration period, Runnable task) {
        long timer = vertx.setPeriodic(Math.max(1, period.toMillis()), id -> task.run());
        return () -> vertx.cancelTimer(timer);
    }
}
