package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What anybody may ask, and what costs more than its answer: asked anew so many times a second, and beyond that
 * answered with what was found last. Who asks now and then always hears how it is now. On one event loop.
 */
final class SharedCheck<T> {
    /** More than any watchdog, load balancer or page asks. */
    static final int FRESH_A_SECOND = 20;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Supplier<Future<T>> check;
    private final Scheduler scheduler;
    private int fresh;
    private Optional<Future<T>> last = Optional.empty();

    SharedCheck(Scheduler scheduler, Supplier<Future<T>> check) {
        this.scheduler = scheduler;
        this.check = check;
    }

    Future<T> result() {
        if (last.isPresent() && fresh >= FRESH_A_SECOND) {
            return last.get();
        }
        if (fresh++ == 0) {
            scheduler.after(SECOND, () -> fresh = 0);
        }
        Future<T> asked = check.get();
        last = Optional.of(asked);
        return asked;
    }
}
