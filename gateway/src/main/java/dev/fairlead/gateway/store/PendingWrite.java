package dev.fairlead.gateway.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.List;

/** A unit on its way through the writer, with the outcome its caller is told once the group's fate is known. */
final class PendingWrite<T> {
    private final List<Fence> under;

    private final WriteUnit<T> unit;

    private final Context context;

    private final Promise<T> promise = Promise.promise();

    private T result;

    private Throwable failure;

    PendingWrite(List<Fence> under, WriteUnit<T> unit, Context context) {
        this.under = List.copyOf(under);
        this.unit = unit;
        this.context = context;
    }

    Future<T> future() {
        return promise.future();
    }

    /** What its node must still have for it to be run. */
    List<Fence> under() {
        return under;
    }

    Context context() {
        return context;
    }

    void run(WriteConnection connection) throws SQLException {
        failure = null;
        connection.begin();
        result = unit.apply(connection);
        connection.rethrowSwallowed();
    }

    void fail(Throwable cause) {
        result = null;
        failure = cause;
    }

    /** Tells the caller; on the caller's context. */
    void complete() {
        if (failure != null) {
            promise.fail(failure);
        } else {
            promise.complete(result);
        }
    }
}
