package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Ledgers for tests of concerns, on a database that is away when a test says so. */
public final class TestLedgers {
    private TestLedgers() {}

    public static Ledger of(Database database, Scheduler scheduler, BooleanSupplier away) {
        Ledger.Journal journal = new Ledger.Journal() {
            @Override
            public <T> Future<T> write(List<Fence> under, WriteUnit<T> unit) {
                return away.getAsBoolean()
                        ? Future.failedFuture(
                                new FairleadException(ErrorCode.STORAGE_UNAVAILABLE, "the database is away"))
                        : database.write(under, unit);
            }
        };
        return new Ledger(journal, names -> List.of(), List.of(), scheduler);
    }
}
