package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.instances.InstanceCommands.History;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.NumberedPage;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table of what became of instances. Entries are numbered as they are written, and pages go by that number. */
final class InstanceHistory {
    /** So long an entry is kept. */
    static final Duration RETENTION = Duration.ofDays(30);

    /** Entries one pruning transaction removes: it holds up the writer for milliseconds only. */
    static final int PRUNE_BATCH = 500;

    private static final String ADD =
            "INSERT INTO instance_events (instance, at, kind, reason, exit_code, pid, restarts,"
                    + " actor, last_lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String IS_THERE =
            "SELECT COUNT(*) AS entries FROM instance_events WHERE instance = ? AND at = ? AND kind = ?";
    private static final String FORGET = "DELETE FROM instance_events WHERE instance = ?";
    private static final String PRUNE = "DELETE FROM instance_events WHERE id IN"
            + " (SELECT id FROM instance_events WHERE at < ? ORDER BY at LIMIT ?)";
    private static final String PAGE = "SELECT id, at, kind, reason, exit_code, pid, restarts, actor, last_lines"
            + " FROM instance_events WHERE instance = ? AND id < ? ORDER BY id DESC LIMIT ?";

    private final Database database;

    InstanceHistory(Database database) {
        this.database = database;
    }

    /** Adds what a decision tells, or takes the history away with its instance. */
    static void keep(WriteConnection c, Decision decision) throws SQLException {
        if (decision.after().isEmpty()) {
            c.update(FORGET, decision.name());
            return;
        }
        for (HistoryEntry entry : HistoryEntry.of(decision)) {
            add(c, decision.name(), entry);
        }
    }

    /** Adds what could not be stored when it happened, but for what was after all. */
    static void catchUp(WriteConnection c, String instance, List<HistoryEntry> missed) throws SQLException {
        for (HistoryEntry entry : missed) {
            long there = c.queryOne(IS_THERE, row -> row.number("entries"), instance, entry.at(), entry.kind())
                    .orElse(0L);
            if (there == 0) {
                add(c, instance, entry);
            }
        }
    }

    private static void add(WriteConnection c, String instance, HistoryEntry entry) throws SQLException {
        c.update(
                ADD,
                instance,
                entry.at(),
                entry.kind(),
                entry.reason(),
                entry.exitCode(),
                entry.pid(),
                entry.restarts(),
                entry.actor(),
                new JsonArray(entry.lastLines()).encode());
    }

    /** A page, newest first, of an instance that there is. Fails with {@code bad_request} for a cursor not of ours. */
    Future<History> page(String instance, Optional<String> before, int limit) {
        long below = before.map(InstanceHistory::number).orElse(Long.MAX_VALUE);
        return database.read(c -> c.preparedQuery(PAGE)
                .execute(Tuple.of(instance, below, limit + 1)) // one more tells whether there is a next page
                .map(rows -> NumberedPage.of(rows, limit, InstanceHistory::entry))
                .map(page -> new History(page.rows(), page.next().map(String::valueOf))));
    }

    private static HistoryEntry entry(Row row) {
        return new HistoryEntry(
                row.getOffsetDateTime("at").toInstant(),
                row.getString("kind"),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getInteger("exit_code")),
                Optional.ofNullable(row.getLong("pid")),
                row.getInteger("restarts"),
                Optional.ofNullable(row.getString("actor")),
                new JsonArray(row.getString("last_lines"))
                        .stream().map(String.class::cast).toList());
    }

    private static long number(String cursor) {
        try {
            return Long.parseUnsignedLong(cursor);
        } catch (NumberFormatException e) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Parameter 'before' is not a cursor this gateway gave; start without one");
        }
    }

    /** Removes a batch of what is older than it is kept. */
    static int prune(WriteConnection c, Instant now) throws SQLException {
        return c.update(PRUNE, now.minus(RETENTION), PRUNE_BATCH);
    }
}
