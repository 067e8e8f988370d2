package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.ledger.Backlog;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.WriteConnection;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * Keeps alerts and what receivers are still to be told, behind it: while the database is away alerts are told all the
 * same, it may be what they are about. Used on one event loop.
 */
final class AlertStore implements Backlog.Entries<AlertStore.Fact> {
    /** What is to be kept, in its order: something may have been taken before that it was owed could be written. */
    sealed interface Fact {
        record Became(Change change) implements Fact {}

        /** A receiver has been told. */
        record Taken(String receiver, String alert, Notice.Status status) implements Fact {}
    }

    private final Backlog<Fact> backlog;
    private final Collection<String> receivers;

    AlertStore(Ledger ledger, Collection<String> receivers) {
        this.backlog = new Backlog<>(ledger, "the table of alerts", this);
        this.receivers = List.copyOf(receivers);
    }

    void keep(List<Change> changes) {
        changes.forEach(change -> backlog.add(new Fact.Became(change)));
    }

    /** A receiver has taken it: it need not be told again after a restart. */
    void settled(String receiver, Notice notice) {
        backlog.add(new Fact.Taken(receiver, notice.alert(), notice.status()));
    }

    /** Done when what waits is kept, or the database is away. */
    Future<Boolean> close() {
        return backlog.close();
    }

    @Override
    public Object key(Fact fact) {
        return fact instanceof Fact.Became became ? became.change().alert().id() : fact;
    }

    /** What nobody is told anew of is owed as it was. */
    @Override
    public Fact merged(Fact earlier, Fact later) {
        return earlier instanceof Fact.Became before
                        && later instanceof Fact.Became now
                        && now.change().tell().isEmpty()
                ? new Fact.Became(new Change(
                        now.change().alert(),
                        now.change().news(),
                        before.change().tell()))
                : later;
    }

    @Override
    public void keep(WriteConnection c, List<Fact> batch) throws SQLException {
        for (Fact fact : batch) {
            if (fact instanceof Fact.Became became) {
                keep(c, became.change());
            } else if (fact instanceof Fact.Taken taken) {
                AlertRows.settle(c, taken.alert(), taken.receiver(), taken.status());
            }
        }
    }

    private void keep(WriteConnection c, Change change) throws SQLException {
        AlertRows.put(c, change.alert());
        if (change.tell().isPresent()) {
            AlertRows.owe(c, change.alert().id(), change.tell().get(), receivers);
        }
    }
}
