package dev.fairlead.gateway.logs;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/** Blocking work on one log, one piece after the other, on any thread of the workers. Used on one event loop. */
final class SerialWork {
    private final WorkerExecutor workers;
    private Future<?> last = Future.succeededFuture();

    SerialWork(WorkerExecutor workers) {
        this.workers = workers;
    }

    <T> Future<T> run(Callable<T> work) {
        Future<T> next = last.isComplete()
                ? workers.executeBlocking(work, false)
                : last.transform(ignored -> workers.executeBlocking(work, false));
        last = next;
        return next;
    }
}
