package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps alerts and what receivers are still to be told. While the store is away alerts are told all the same, it may be
 * what they are about, and are kept as soon as it is back. Used on one event loop.
 */
final class AlertStore {
    private static final Logger log = LoggerFactory.getLogger(AlertStore.class);

    private static final Duration RETRY = Duration.ofSeconds(5);

    /** Most alerts that wait for the store, and most notices that were taken; past it the oldest are not kept. */
    private static final int MOST_WAITING = 5_000;

    private final Database database;
    private final Scheduler scheduler;
    private final Collection<String> receivers;

    private record Taken(String receiver, String alert, Notice.Status status) {}

    private final Set<Taken> taken = new LinkedHashSet<>();
    private final Map<String, Change> waiting = new LinkedHashMap<>();
    private boolean writing;
    private boolean failing;

    AlertStore(Database database, Scheduler scheduler, Collection<String> receivers) {
        this.database = database;
        this.scheduler = scheduler;
        this.receivers = List.copyOf(receivers);
    }

    void keep(List<Change> changes) {
        for (Change change : changes) {
            Change before = waiting.remove(change.alert().id());
            boolean owed = change.tell().isEmpty() && before != null;
            waiting.put(change.alert().id(), owed ? new Change(change.alert(), change.news(), before.tell()) : change);
        }
        while (waiting.size() > MOST_WAITING) {
            waiting.remove(waiting.keySet().iterator().next());
        }
        write();
    }

    /** A receiver has taken it: it need not be told again after a restart. */
    void settled(String receiver, Notice notice) {
        taken.add(new Taken(receiver, notice.alert(), notice.status()));
        if (taken.size() > MOST_WAITING) {
            taken.remove(taken.iterator().next()); // it may be told again
        }
        write();
    }

    private void write() {
        if (writing || (waiting.isEmpty() && taken.isEmpty())) {
            return;
        }
        writing = true;
        List<Change> batch = List.copyOf(waiting.values());
        List<Taken> settled = List.copyOf(taken);
        database.write(c -> {
                    AlertRows.put(c, batch.stream().map(Change::alert).toList());
                    for (Change change : batch) {
                        if (change.tell().isPresent()) {
                            AlertRows.owe(c, change.alert().id(), change.tell().get(), receivers);
                        }
                    }
                    // After what is owed: it may have been taken before that could be written.
                    for (Taken one : settled) {
                        AlertRows.settle(c, one.alert, one.receiver, one.status);
                    }
                    return batch.size();
                })
                .onComplete(done -> {
                    writing = false;
                    if (done.succeeded()) {
                        failing = false;
                        batch.forEach(this::kept);
                        settled.forEach(taken::remove);
                        write();
                    } else {
                        if (!failing) {
                            failing = true;
                            log.warn(
                                    "Alerts are told but not kept: {}",
                                    done.cause().getMessage());
                        }
                        scheduler.after(RETRY, this::write);
                    }
                });
    }

    /** What came of it meanwhile owes nothing that is owed already: once taken, it would be told again. */
    private void kept(Change change) {
        waiting.computeIfPresent(
                change.alert().id(),
                (id, now) -> now.equals(change)
                        ? null
                        : now.tell().equals(change.tell())
                                ? new Change(now.alert(), now.news(), Optional.empty())
                                : now);
    }

    /** Done when what waits is kept, or the store is away. */
    Future<Integer> flushed() {
        write();
        return database.write(c -> 0)
                .compose(before -> {
                    write(); // what waited for a write that was under way
                    return database.write(c -> 0);
                })
                .recover(away -> Future.succeededFuture(0));
    }
}
