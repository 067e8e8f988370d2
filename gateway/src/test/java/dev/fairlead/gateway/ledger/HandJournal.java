package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A journal whose commits happen when a test says so, in the order in which they were asked for. */
final class HandJournal implements Ledger.Journal {
    private record Pending<T>(WriteUnit<T> unit, Promise<T> promise) {
        /** Runs the unit, and once more, as a writer does whose group another unit has spoilt. */
        void commit() {
            try {
                unit.apply(null);
                promise.complete(unit.apply(null));
            } catch (SQLException | RuntimeException e) {
                promise.fail(e);
            }
        }
    }

    private List<Pending<?>> pending = new ArrayList<>();
    private final List<List<Fence>> under = new ArrayList<>();

    @Override
    public <T> Future<T> write(List<Fence> fences, WriteUnit<T> unit) {
        Promise<T> promise = Promise.promise();
        pending.add(new Pending<>(unit, promise));
        under.add(fences);
        return promise.future();
    }

    int waiting() {
        return pending.size();
    }

    /** What each unit so far was to hold. */
    List<List<Fence>> under() {
        return under;
    }

    /** Commits all that waits. */
    void commit() {
        take().forEach(Pending::commit);
    }

    /** Nothing that waits was kept: there is no database. */
    void away() {
        fail(ErrorCode.STORAGE_UNAVAILABLE);
    }

    /** All that waits was kept, and the answer was lost. */
    void commitUnheard() {
        List<Pending<?>> taken = take();
        for (Pending<?> one : taken) {
            try {
                one.unit().apply(null);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        taken.forEach(one -> one.promise().fail(refusal(ErrorCode.OUTCOME_UNKNOWN)));
    }

    /** Nothing is taken any more. */
    void close() {
        fail(ErrorCode.SHUTTING_DOWN);
    }

    private void fail(ErrorCode code) {
        take().forEach(one -> one.promise().fail(refusal(code)));
    }

    private static FairleadException refusal(ErrorCode code) {
        return new FairleadException(code, code.wire());
    }

    private List<Pending<?>> take() {
        List<Pending<?>> taken = pending;
        pending = new ArrayList<>();
        return taken;
    }
}
