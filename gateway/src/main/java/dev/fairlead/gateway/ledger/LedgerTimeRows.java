package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The one row that says how far time has come. */
public final class LedgerTimeRows {
    private LedgerTimeRows() {}

    /** The time of this start, which is stored before anything is judged by it. */
    public static Future<LedgerTime> open(Database database, TimeSource clocks) {
        return database.write(c -> {
            Optional<LedgerTime.Kept> kept = c.queryOne(
                    "SELECT reached, ahead_millis FROM ledger_time WHERE id = 1",
                    row -> new LedgerTime.Kept(row.instant("reached"), Duration.ofMillis(row.number("ahead_millis"))));
            LedgerTime ledger = LedgerTime.start(clocks, kept);
            if (kept.isPresent()) {
                keep(c, ledger.kept());
            } else {
                c.update(
                        "INSERT INTO ledger_time (reached, ahead_millis, id) VALUES (?, ?, 1)",
                        ledger.kept().reached(),
                        0L);
            }
            return ledger;
        });
    }

    static void keep(WriteConnection c, LedgerTime.Kept kept) throws SQLException {
        c.update(
                "UPDATE ledger_time SET reached = ?, ahead_millis = ? WHERE id = 1",
                kept.reached(),
                kept.ahead().toMillis());
    }
}
