package dev.fairlead.gateway.events;

import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the stream tells, behind it: nothing waits for the database to be told, and while that is away what is to
 * be kept waits here, up to a bound. Confined to one event loop.
 */
final class EventJournal {
    /** Most that waits for the database; what comes on top is told, but not kept. */
    static final int MOST_WAITING = 4_096;

    /** After a failure, until it is tried again. */
    static final Duration RETRY = Duration.ofSeconds(1);

    private static final int BATCH = 256;

    private static final Logger log = LoggerFactory.getLogger(EventJournal.class);

    private final EventTable table;
    private final Scheduler timers;
    private final ArrayDeque<EventTable.Told> waiting = new ArrayDeque<>();
    private Optional<Future<Void>> writing = Optional.empty();
    private Scheduler.Cancellable retry = () -> {};
    private boolean closed;
    private long dropped;
    private boolean incomplete; // something was told that is not kept

    EventJournal(EventTable table, Scheduler timers) {
        this.table = table;
        this.timers = timers;
    }

    void keep(EventTable.Told told) {
        if (waiting.size() == MOST_WAITING) {
            dropped++;
            incomplete = true;
            return;
        }
        waiting.addLast(told);
        if (writing.isEmpty()) {
            write();
        }
    }

    /** As {@link EventTable#page}, of all that was told until now. */
    Future<EventCommands.Kept> page(Optional<String> before, int limit) {
        return writing.orElseGet(Future::succeededFuture).transform(written -> table.page(before, limit));
    }

    /** As {@link EventTable#since}, of all that was told until now. */
    Future<List<EventTable.Told>> since(Instant from, int most) {
        return writing.orElseGet(Future::succeededFuture).transform(written -> table.since(from, most));
    }

    /** Writes what still waits, where the database takes it; says whether all is kept that was told. */
    Future<Boolean> close() {
        closed = true;
        retry.cancel();
        if (writing.filter(one -> !one.failed()).isEmpty() && !waiting.isEmpty()) { // waits for its next try
            write();
        }
        return writing.orElseGet(Future::succeededFuture)
                .otherwiseEmpty()
                .map(written -> waiting.isEmpty() && !incomplete);
    }

    private void write() {
        Future<Void> all = writeAll();
        if (!all.isComplete()) {
            writing = Optional.of(all);
        }
        all.onComplete(done -> {
            writing = Optional.empty();
            if (done.failed() && !closed) {
                // Stands for a write that is under way: what comes meanwhile waits with the others.
                writing = Optional.of(Future.failedFuture(done.cause()));
                retry = timers.after(RETRY, this::write);
            }
        });
    }

    private Future<Void> writeAll() {
        List<EventTable.Told> batch = new ArrayList<>();
        waiting.stream().limit(BATCH).forEach(batch::add);
        if (batch.isEmpty()) {
            return Future.succeededFuture();
        }
        return table.add(batch)
                .recover(failure -> {
                    if (Database.isOutage(failure)) {
                        return Future.failedFuture(failure); // which the log has been told of
                    }
                    log.error("{} events were told and are not kept", batch.size(), failure);
                    incomplete = true;
                    return Future.succeededFuture();
                })
                .compose(written -> {
                    batch.forEach(kept -> waiting.removeFirst());
                    if (dropped > 0) {
                        log.warn(
                                "{} events are missing from what is kept: the database was away while they were told",
                                dropped);
                        dropped = 0;
                    }
                    return writeAll();
                });
    }
}
