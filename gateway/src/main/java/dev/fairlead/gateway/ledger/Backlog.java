package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has happened and been told, kept behind it in its order, some of it at a time: nobody waits for the database.
 * While that is away what is to be kept waits here, up to {@link #MOST} entries; what comes on top is told and not
 * kept. The log hears of an outage once and of its end once, however often the database comes and goes meanwhile. One
 * entry that is refused for what it is costs no other. Confined to the context of its concern.
 */
public final class Backlog<T> {
    /** Entries that wait for the database at most: it may be away for long. */
    public static final int MOST = 4_096;

    /** Entries of one transaction. */
    static final int BATCH = 256;

    /** Without a fault for so long the database is back for good. */
    static final Duration CALM = Duration.ofSeconds(3);

    /** Entries a gateway says at most that ends without its database. */
    private static final int MOST_SAID = 20;

    private static final Logger log = LoggerFactory.getLogger(Backlog.class);

    /** What a concern's entries are. */
    public interface Entries<T> {
        /** What tells an entry from others: one that waits is taken up by a later one of the same key, in its place. */
        default Object key(T entry) {
            return new Object();
        }

        /** What is to be kept of two of the same key. */
        default T merged(T earlier, T later) {
            return later;
        }

        /** Keeps them in their order. What may have been kept already is kept again: it bears that. */
        void keep(WriteConnection c, List<T> batch) throws SQLException;
    }

    private final Ledger ledger;
    private final String name;
    private final Entries<T> entries;
    private final Map<Object, T> waiting = new LinkedHashMap<>();
    private final Map<Object, T> underWay = new LinkedHashMap<>();
    private Promise<Void> tried = Promise.promise();
    private Scheduler.Cancellable calming = () -> {};
    private boolean writing;
    private boolean away; // it waits for its next try
    private boolean told;
    private boolean closed;
    private boolean incomplete;
    private int singly; // of those that were refused together
    private long late;
    private long dropped;
    private long lost;

    /** @param name of where they are kept, as the log says it: {@code the audit trail} */
    public Backlog(Ledger ledger, String name, Entries<T> entries) {
        this.ledger = ledger;
        this.name = name;
        this.entries = entries;
    }

    /** Has an entry kept, now or later. */
    public void add(T entry) {
        Object key = entries.key(entry);
        boolean known = waiting.containsKey(key) || underWay.containsKey(key);
        if (closed || (!known && waiting.size() + underWay.size() >= MOST)) {
            dropped++;
            incomplete = true;
            return;
        }
        waiting.merge(key, entry, entries::merged);
        write();
    }

    /** When all so far is kept, or the database has not taken it. */
    public Future<Void> tried() {
        return writing && !away ? tried.future() : Future.succeededFuture();
    }

    /** Fails where entries are lost for good; tells of those that wait. */
    public HealthCommands.Result health() {
        // That the database is away is told by the store's own check.
        if (dropped > 0 || (told && waiting.size() + underWay.size() > 0)) {
            return new HealthCommands.Result(
                    dropped == 0,
                    waiting.size() + underWay.size() + " entries wait for the database, " + dropped + " are lost");
        }
        return lost == 0
                ? HealthCommands.Result.OK
                : new HealthCommands.Result(false, lost + " entries stand in the log only; see there for the cause");
    }

    /**
     * Waits for what is under way, tries what waits once more, and says what remains. Takes no more from then on.
     *
     * @return whether all is kept that ever came
     */
    public Future<Boolean> close() {
        calming.cancel();
        return tried().compose(done -> {
            closed = true;
            takeBack();
            List<T> rest = List.copyOf(waiting.values());
            waiting.clear();
            return rest.isEmpty()
                    ? Future.succeededFuture(!incomplete)
                    : ledger.commit(unit(rest)).map(kept -> !incomplete).otherwise(cause -> say(rest, cause));
        });
    }

    private void write() {
        if (writing || waiting.isEmpty()) {
            return;
        }
        writing = true;
        ledger.keep(this::next, this::delay).onComplete(done -> {
            writing = false;
            away = false;
            boolean ends = done.failed() && Ledger.isEnd(done.cause());
            if (done.succeeded()) {
                kept(underWay.size());
                underWay.clear();
            } else if (ends || underWay.size() > 1) {
                singly = underWay.size(); // one of them is refused for what it is: each is tried alone
                takeBack();
            } else {
                lose(done.cause());
            }
            if (ends || waiting.isEmpty()) {
                told();
            } else {
                write();
            }
        });
    }

    /** Of what waits by now, at each try. */
    private WriteUnit<Integer> next() {
        away = false;
        takeBack();
        var first = waiting.entrySet().iterator();
        for (int room = singly > 0 ? 1 : BATCH; room > 0 && first.hasNext(); room--) {
            var one = first.next();
            underWay.put(one.getKey(), one.getValue());
            first.remove();
        }
        return unit(List.copyOf(underWay.values()));
    }

    private WriteUnit<Integer> unit(List<T> batch) {
        return c -> {
            entries.keep(c, batch);
            return batch.size();
        };
    }

    /** What was not taken waits before what came since. */
    private void takeBack() {
        if (!underWay.isEmpty()) {
            Map<Object, T> since = new LinkedHashMap<>(waiting);
            waiting.clear();
            waiting.putAll(underWay);
            underWay.clear();
            since.forEach((key, entry) -> waiting.merge(key, entry, entries::merged));
        }
    }

    private void delay() {
        away = true;
        calming.cancel();
        if (!told && !closed) {
            told = true;
            log.warn(
                    "Not in {} yet: what happens from now on. Up to {} entries are kept in memory and written when the"
                            + " database serves again.",
                    name,
                    MOST);
        }
        told();
    }

    private void kept(int many) {
        lost = 0;
        singly = Math.max(0, singly - many);
        if (told || dropped > 0) {
            late += many;
            calming.cancel();
            calming = ledger.scheduler().after(CALM, this::end);
        }
    }

    private void lose(Throwable cause) {
        lost++;
        incomplete = true;
        singly = Math.max(0, singly - 1);
        // What cannot be kept must at least be seen.
        underWay.values().forEach(entry -> log.error("Not in {} ({}): {}", name, cause.getMessage(), entry));
        underWay.clear();
    }

    private void told() {
        Promise<Void> now = tried;
        tried = Promise.promise();
        now.complete();
    }

    private void end() {
        told = false;
        if (dropped == 0) {
            log.info("The database serves again, and {} has taken up the {} entries that waited.", name, late);
        } else {
            log.error(
                    "Not in {}: {} entries for which there was no room while they waited for the database; the {} before"
                            + " them are in it.",
                    name,
                    dropped,
                    late);
        }
        late = 0;
        dropped = 0;
    }

    private boolean say(List<T> rest, Throwable cause) {
        List<T> said = new ArrayList<>(rest.subList(0, Math.min(MOST_SAID, rest.size())));
        said.forEach(entry -> log.error("Not in {} ({}): {}", name, cause.getMessage(), entry));
        long more = rest.size() - said.size() + dropped;
        if (more > 0) {
            log.error("Not in {}: {} more entries", name, more);
        }
        return false;
    }
}
