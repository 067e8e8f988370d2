package dev.fairlead.gateway.audit;

import dev.fairlead.gateway.ledger.Backlog;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.NumberedPage;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The audit table. Entries are numbered as they are written, and pages go by that number. */
final class AuditTrail implements Backlog.Entries<AuditTrail.Keepable> {
    /** Most entries of a page. */
    static final int MAX_PAGE = 500;

    /** Entries one pruning transaction removes: it holds up the writer for milliseconds only. */
    static final int PRUNE_BATCH = 500;

    private static final String INSERT =
            "INSERT INTO audit (at, actor, action, target, address, outcome, detail, group_id)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final String INSERT_GROUP = "INSERT INTO audit (at, actor, action, target, address, outcome, detail,"
            + " entries, first_at, group_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String COUNT_ON =
            "UPDATE audit SET at = ?, target = ?, detail = ?, entries = ? WHERE group_id = ?";

    private static final String PAGE = "SELECT id, at, actor, action, target, address, outcome, detail, entries,"
            + " first_at FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?";

    private static final String PRUNE =
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)";

    private final Database database;

    AuditTrail(Database database) {
        this.database = database;
    }

    /** What a line of the trail is made of. */
    sealed interface Keepable permits Entry, AuditGroups.Row {
        /** Of its line. */
        String id();
    }

    /**
     * An entry that stands for itself.
     *
     * @param id by which it is known again, where it may have been kept already
     */
    record Entry(String id, AuditEvents.Recorded recorded) implements Keepable {
        Entry(AuditEvents.Recorded recorded) {
            this(UUID.randomUUID().toString(), recorded);
        }
    }

    /** A row that counts on takes the place it had. */
    @Override
    public Object key(Keepable entry) {
        return entry.id();
    }

    /** Texts longer than their columns are cut. */
    @Override
    public void keep(WriteConnection c, List<Keepable> batch) throws SQLException {
        for (Keepable entry : batch) {
            if (entry instanceof AuditGroups.Row row) {
                keep(c, row);
            } else if (entry instanceof Entry alone) {
                keep(c, alone);
            }
        }
    }

    private static void keep(WriteConnection c, Entry alone) throws SQLException {
        AuditEvents.Recorded entry = alone.recorded();
        c.defer(
                INSERT,
                entry.at(),
                cut(entry.actor(), 255),
                cut(entry.action(), 64),
                cut(entry.target(), 255),
                cut(entry.address(), 64),
                cut(entry.outcome(), 64),
                cut(entry.detail(), 1024),
                alone.id());
    }

    /** A row that is not there is new, or could not be kept when it was. */
    private static void keep(WriteConnection c, AuditGroups.Row row) throws SQLException {
        AuditEvents.Recorded last = row.last();
        int known =
                c.update(COUNT_ON, last.at(), cut(last.target(), 255), cut(last.detail(), 1024), row.count(), row.id());
        if (known == 0) {
            c.update(
                    INSERT_GROUP,
                    last.at(),
                    cut(last.actor(), 255),
                    cut(last.action(), 64),
                    cut(last.target(), 255),
                    cut(last.address(), 64),
                    cut(last.outcome(), 64),
                    cut(last.detail(), 1024),
                    row.count(),
                    row.firstAt(),
                    row.id());
        }
    }

    /** A page, newest first. Fails with {@code bad_request} where the cursor is none of ours. */
    Future<AuditRequests.Entries> page(Optional<String> cursor, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            return Future.failedFuture(
                    new FairleadException(ErrorCode.BAD_REQUEST, "limit must be between 1 and " + MAX_PAGE));
        }
        return before(cursor)
                .map(before -> database.read(c -> c.preparedQuery(PAGE)
                        // One more tells whether there is a next page.
                        .execute(Tuple.of(before, limit + 1))
                        .map(rows -> entries(rows, limit))))
                .orElseGet(() -> Future.failedFuture(new FairleadException(
                        ErrorCode.BAD_REQUEST, "The cursor is not one this gateway gave; start without one")));
    }

    /** Removes the oldest entries before that time, one batch of them; gives how many. */
    static int prune(WriteConnection c, Instant before) throws SQLException {
        return c.update(PRUNE, before, PRUNE_BATCH);
    }

    private static AuditRequests.Entries entries(RowSet<Row> rows, int limit) {
        NumberedPage<AuditRequests.Entry> page = NumberedPage.of(rows, limit, AuditTrail::entry);
        return new AuditRequests.Entries(page.rows(), page.next().map(AuditTrail::cursor));
    }

    private static AuditRequests.Entry entry(Row row) {
        Instant at = row.getOffsetDateTime("at").toInstant();
        return new AuditRequests.Entry(
                at,
                row.getString("actor"),
                row.getString("action"),
                row.getString("target"),
                row.getString("address"),
                row.getString("outcome"),
                row.getString("detail"),
                row.getLong("entries"),
                Optional.ofNullable(row.getOffsetDateTime("first_at"))
                        .map(OffsetDateTime::toInstant)
                        .orElse(at));
    }

    private static String cursor(long id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(id).getBytes(StandardCharsets.US_ASCII));
    }

    /** The number the page stays below; empty where the cursor makes no sense. */
    private static Optional<Long> before(Optional<String> cursor) {
        if (cursor.isEmpty()) {
            return Optional.of(Long.MAX_VALUE);
        }
        try {
            byte[] text = Base64.getUrlDecoder().decode(cursor.get());
            return Optional.of(Long.parseUnsignedLong(new String(text, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String cut(String text, int length) {
        // PostgreSQL refuses NUL in a text.
        String clean = text.replace('\0', ' ');
        if (clean.length() <= length) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(length - 1)) ? length - 1 : length;
        return clean.substring(0, end);
    }
}
