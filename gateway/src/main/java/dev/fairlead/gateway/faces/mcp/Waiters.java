package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Those who wait for something of a name to end. Each is a request of a client: there are no more than connections. */
final class Waiters {
    private final Scheduler scheduler;
    private final Map<String, Set<Promise<Void>>> waiting = new HashMap<>();

    Waiters(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Completes when {@link #ended} says so, or time is up. */
    Future<Void> await(String name, Duration patience) {
        Promise<Void> end = Promise.promise();
        waiting.computeIfAbsent(name, first -> new HashSet<>()).add(end);
        Scheduler.Cancellable timer = scheduler.after(patience, end::tryComplete);
        return end.future().onComplete(done -> {
            timer.cancel();
            waiting.computeIfPresent(name, (key, all) -> {
                all.remove(end);
                return all.isEmpty() ? null : all;
            });
        });
    }

    void ended(String name) {
        Set<Promise<Void>> all = waiting.remove(name);
        if (all != null) {
            Set.copyOf(all).forEach(Promise::tryComplete);
        }
    }
}
