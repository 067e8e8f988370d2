package dev.fairlead.gateway.store;

import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one writer: takes every unit that waits, runs them as one transaction, tells their callers after the commit; the
 * next group gathers meanwhile. One thread and one connection, so that units never wait for each other's locks.
 */
final class GroupWriter {
    /** Units of one transaction at most: beyond this a group gains nothing and its first caller waits longer. */
    static final int MAX_GROUP = 512;

    /** Units that wait at most; past it callers are refused rather than memory filled. */
    static final int MAX_WAITING = 100_000;

    /** Milliseconds between tries to connect: doubled from the first to the last. */
    private static final long FIRST_BACKOFF_MS = 50;

    private static final long LAST_BACKOFF_MS = 1_000;

    /** Milliseconds without a group after which the writer looks after its files. */
    private static final long IDLE_MS = 2_000;

    private final WriteTransaction transaction;

    private final Outage outage;

    private final BlockingQueue<PendingWrite<?>> waiting;

    private final CountDownLatch closing = new CountDownLatch(1);

    private final AtomicLong groups = new AtomicLong();

    private final AtomicLong units = new AtomicLong();

    private volatile boolean ended;

    private long backoffMs = FIRST_BACKOFF_MS;

    GroupWriter(WriteTransaction transaction, Outage outage) {
        this(transaction, outage, MAX_WAITING);
    }

    GroupWriter(WriteTransaction transaction, Outage outage, int maxWaiting) {
        this.transaction = transaction;
        this.outage = outage;
        this.waiting =
                maxWaiting > MAX_GROUP ? new LinkedBlockingQueue<>(maxWaiting) : new ArrayBlockingQueue<>(maxWaiting);
    }

    <T> Future<T> submit(List<Fence> under, WriteUnit<T> unit, Context context) {
        PendingWrite<T> write = new PendingWrite<>(under, unit, context);
        if (closing.getCount() == 0) {
            return Future.failedFuture(Storage.closed());
        }
        if (!waiting.offer(write)) {
            return Future.failedFuture(Storage.overloaded(waiting.size()));
        }
        if (ended && waiting.remove(write)) {
            return Future.failedFuture(Storage.closed());
        }
        return write.future();
    }

    /** Lets what waits be written, then ends {@link #run}. */
    void close() {
        closing.countDown();
        // Wakes the writer; where the queue is full it is awake.
        boolean woken = waiting.offer(new PendingWrite<>(List.of(), c -> 0, null));
        assert woken || !waiting.isEmpty();
    }

    /** The writer's life, on its own thread. */
    void run() {
        try {
            List<PendingWrite<?>> group = new ArrayList<>(MAX_GROUP);
            while (closing.getCount() > 0 || !waiting.isEmpty()) {
                PendingWrite<?> first = waiting.poll(IDLE_MS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    rest();
                    continue;
                }
                group.add(first);
                waiting.drainTo(group, MAX_GROUP - 1);
                write(group);
                group.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            transaction.close();
            List<PendingWrite<?>> late = new ArrayList<>();
            waiting.drainTo(late);
            late.forEach(write -> write.fail(Storage.closed()));
            complete(late);
        }
    }

    long groups() {
        return groups.get();
    }

    long units() {
        return units.get();
    }

    int waiting() {
        return waiting.size();
    }

    private void write(List<PendingWrite<?>> group) throws InterruptedException {
        boolean sound = false;
        try {
            transaction.run(group);
            groups.incrementAndGet();
            units.addAndGet(group.size());
            backoffMs = FIRST_BACKOFF_MS;
            sound = true;
            outage.end();
        } catch (Throwable e) {
            // The outcome of a commit that failed is not known; what is not known to be kept is not acknowledged. The
            // writer outlives whatever it meets: without it nothing is written until a restart.
            if (!(e instanceof SQLException)) {
                transaction.abandon();
            }
            String why = outage.begin(e);
            FairleadException refusal = transaction.isInDoubt()
                    ? Storage.inDoubt(why, RootCause.isLackOfRoom(e))
                    : Storage.unavailable(why);
            if (transaction.foundNoDatabase()) {
                // Each would wait as long for the same answer.
                waiting.drainTo(group);
            }
            group.forEach(write -> write.fail(refusal));
        }
        complete(group);
        if (!sound && !transaction.isOpen()) {
            backOff();
        }
    }

    /** Nobody writes: looks whether what is open is still what the next group should go to. */
    private void rest() {
        try {
            transaction.rest();
            outage.end();
        } catch (Throwable e) {
            if (!(e instanceof SQLException)) {
                transaction.abandon();
            }
            outage.begin(e);
        }
    }

    private void backOff() throws InterruptedException {
        boolean ending = closing.await(backoffMs, TimeUnit.MILLISECONDS);
        backoffMs = ending ? FIRST_BACKOFF_MS : Math.min(2 * backoffMs, LAST_BACKOFF_MS);
    }

    /** One task per context and group: a hop per unit would cost more than the write. */
    private static void complete(List<PendingWrite<?>> group) {
        IdentityHashMap<Context, List<PendingWrite<?>>> callers = new IdentityHashMap<>();
        for (PendingWrite<?> write : group) {
            if (write.context() != null) {
                callers.computeIfAbsent(write.context(), context -> new ArrayList<>())
                        .add(write);
            }
        }
        callers.forEach((context, writes) -> context.runOnContext(turn -> writes.forEach(PendingWrite::complete)));
    }
}
