package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.StoreMark;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The one row that says how far time has come. */
public final class LedgerTimeRows {
    private LedgerTimeRows() {}

    /**
     * The time of this start.
     *
     * @param missing what the database may have lost, in a line for people; empty where it holds all it did
     */
    public record Opened(LedgerTime time, Optional<String> missing) {}

    /** The time of this start, which is stored before anything is judged by it. */
    public static Future<Opened> open(Database database, TimeSource clocks) {
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
            return new Opened(ledger, missing(database, kept));
        });
    }

    /** The mark beside the database is written after each step of time is stored: it cannot be ahead. */
    private static Optional<String> missing(Database database, Optional<LedgerTime.Kept> kept) {
        return database.mark()
                .flatMap(StoreMark::last)
                .filter(marked -> kept.isEmpty()
                        || marked.toEpochMilli() > kept.get().reached().toEpochMilli())
                .map(marked -> "the end of the database file is missing: it held what was stored until " + marked
                        + kept.map(found -> " and now ends at " + found.reached() + ", "
                                        + Duration.between(found.reached(), marked)
                                                .toSeconds() + " s before")
                                .orElse(" and is empty")
                        + ". What was acknowledged in between may be lost; a backup from before does not have it either."
                        + " gateway/docs/recovery.md says how to look");
    }

    static void keep(WriteConnection c, LedgerTime.Kept kept) throws SQLException {
        c.update(
                "UPDATE ledger_time SET reached = ?, ahead_millis = ? WHERE id = 1",
                kept.reached(),
                kept.ahead().toMillis());
    }
}
