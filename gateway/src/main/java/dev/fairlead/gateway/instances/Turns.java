package dev.fairlead.gateway.instances;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * One thing after another: the next decision is made only when the one before is stored, so that each is made on what
 * is certain. Confined to one event loop.
 */
final class Turns {
    private Future<?> last = Future.succeededFuture();

    /** Runs {@code work} when all before it is done, however that ended. */
    <T> Future<T> next(Supplier<Future<T>> work) {
        Future<T> mine = last.transform(done -> {
            try {
                return work.get();
            } catch (RuntimeException e) {
                return Future.failedFuture(e);
            }
        });
        last = mine;
        return mine;
    }
}
