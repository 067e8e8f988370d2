package dev.fairlead.gateway.store;

import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The readers' connections.
 *
 * <p>vertx-jdbc-client never lets go of a dead connection, so the whole pool is replaced when one shows; readers on the
 * old one finish undisturbed. It also leaves connections without autocommit behind after a transaction, so that every
 * read runs in one. Safe for use by several threads.
 */
final class ReadPool {
    /** Readers that wait for a connection at most. */
    private static final int MAX_WAITING = 10_000;

    /** What a reader waits for a connection while nobody else is served either: then the database is to blame. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    /** How often a reader waits that long while others are served: then there are too many of them. */
    private static final int MAX_WAITS = 8;

    private final Vertx vertx;

    private final Connections connections;

    private final int size;

    private final Outage outage;

    private final Duration patience;

    private final AtomicLong served = new AtomicLong();

    private Generation current;

    private boolean replacing;

    private boolean closed;

    /** Called on a thread without a Vert.x context, which would otherwise close the pool with itself. */
    ReadPool(Vertx vertx, Connections connections, int size, Outage outage, Duration patience) {
        this.vertx = vertx;
        this.connections = connections;
        this.size = size;
        this.outage = outage;
        this.patience = patience;
        this.current = newGeneration();
    }

    <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
        return attempt(work, true, 1);
    }

    Future<Void> close() {
        Generation last;
        synchronized (this) {
            closed = true;
            last = current;
        }
        return last.pool.close();
    }

    private <T> Future<T> attempt(Function<SqlConnection, Future<T>> work, boolean again, int waits) {
        Generation generation = enter();
        long servedBefore = served.get();
        Attempt<T> attempt = new Attempt<>(work);
        return generation.pool.withTransaction(attempt).transform(outcome -> {
            leave(generation);
            if (outcome.succeeded()) {
                served.incrementAndGet();
                outage.end();
                return Future.succeededFuture(outcome.result());
            }
            Throwable failure = outcome.cause();
            if (failure instanceof FairleadException) {
                return Future.failedFuture(failure);
            }
            SQLException sql = sqlCause(failure);
            if (sql != null && attempt.begun && SqlFault.of(sql) == SqlFault.STATEMENT) {
                return Future.failedFuture(StatementException.of(sql, "a read"));
            }
            boolean broken = sql == null ? SqlFault.ofDriver(failure) : broke(sql);
            if (sql == null && attempt.begun && !broken) {
                return Future.failedFuture(failure);
            }
            if (broken) {
                return replace(generation)
                        .transform(done -> again && done.succeeded() ? attempt(work, false, waits) : refuse(failure));
            }
            if (sql == null && served.get() != servedBefore && !isClosed()) {
                boolean room = waits < MAX_WAITS && !(failure instanceof ConnectionPoolTooBusyException);
                return room ? attempt(work, again, waits + 1) : Future.failedFuture(Storage.crowded());
            }
            return refuse(failure);
        });
    }

    private <T> Future<T> refuse(Throwable cause) {
        if (isClosed()) {
            return Future.failedFuture(Storage.closed());
        }
        return Future.failedFuture(Storage.unavailable(outage.begin(cause)));
    }

    private Future<Void> replace(Generation dead) {
        synchronized (this) {
            if (closed || current != dead || replacing) {
                return Future.succeededFuture();
            }
            replacing = true;
        }
        // A thread of its own: a pool made on a Vert.x context would be closed with the verticle that met the fault.
        CompletableFuture<Void> replaced = new CompletableFuture<>();
        Thread thread = new Thread(() -> renew(dead, replaced), "fairlead-db-renewal");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // no thread to be had now
            renewed(replaced, Optional.of(e));
        }
        return Future.fromCompletionStage(replaced, vertx.getOrCreateContext());
    }

    private void renew(Generation dead, CompletableFuture<Void> replaced) {
        Optional<Throwable> failure = Optional.empty();
        try {
            connections.renew(dead.connections);
            succeed(dead, newGeneration());
        } catch (RuntimeException | Error e) {
            failure = Optional.of(e);
        }
        renewed(replaced, failure);
    }

    /** Whatever kept a pool from being replaced, the next reader that meets it tries again. */
    private void renewed(CompletableFuture<Void> replaced, Optional<Throwable> failure) {
        synchronized (this) {
            replacing = false;
        }
        failure.ifPresentOrElse(replaced::completeExceptionally, () -> replaced.complete(null));
    }

    private void succeed(Generation dead, Generation next) {
        boolean idle;
        boolean late;
        synchronized (this) {
            late = closed;
            current = next;
            dead.retired = true;
            idle = dead.active == 0;
        }
        if (idle) {
            dead.pool.close();
        }
        if (late) {
            next.pool.close();
        }
    }

    private Generation newGeneration() {
        int generation = connections.generation();
        Pool pool = JDBCPool.pool(
                vertx,
                connections.source(),
                new PoolOptions()
                        .setMaxSize(size)
                        .setMaxWaitQueueSize(MAX_WAITING)
                        .setConnectionTimeout(Math.toIntExact(patience.toMillis()))
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS));
        return new Generation(pool, generation);
    }

    private synchronized Generation enter() {
        current.active++;
        return current;
    }

    private void leave(Generation generation) {
        boolean drained;
        synchronized (this) {
            generation.active--;
            drained = generation.retired && generation.active == 0;
        }
        if (drained) {
            generation.pool.close();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Whether a connection broke, be it before the work began: one that died idle says so when the transaction is to
     * begin. What is told of a connection that was not given at all, a new pool would be told as well.
     */
    private static boolean broke(SQLException e) {
        return SqlFault.of(e) == SqlFault.BROKEN && !(e instanceof SQLTransientConnectionException);
    }

    private static SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /** A pool and the reads on it; guarded by the ReadPool's monitor. */
    private static final class Generation {
        final Pool pool;

        final int connections;

        int active;

        boolean retired;

        Generation(Pool pool, int connections) {
            this.pool = pool;
            this.connections = connections;
        }
    }

    /** The caller's work, and whether a connection was there for it. */
    private static final class Attempt<T> implements Function<SqlConnection, Future<T>> {
        private final Function<SqlConnection, Future<T>> work;

        private volatile boolean begun;

        Attempt(Function<SqlConnection, Future<T>> work) {
            this.work = work;
        }

        @Override
        public Future<T> apply(SqlConnection connection) {
            begun = true;
            return work.apply(connection);
        }
    }
}
