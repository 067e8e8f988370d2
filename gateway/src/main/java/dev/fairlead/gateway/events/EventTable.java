package dev.fairlead.gateway.events;

import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.ledger.Backlog;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamPosition;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of what the stream of events told. Pages go by the order in which it was written; a cursor names an event
 * by what it says and when, so that it holds on every node, and where that event is no longer there.
 */
final class EventTable implements Backlog.Entries<EventTable.Told> {
    /** So long an event is kept. */
    static final Duration RETENTION = Duration.ofDays(30);

    /** Most events that are kept, however young. */
    static final int MOST = 500_000;

    /** Events one pruning transaction removes: it holds up the writer for milliseconds only. */
    static final int PRUNE_BATCH = 500;

    private static final String ADD = "INSERT INTO events (fingerprint, at, epoch, seq, frame) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING";
    private static final String NUMBER = "SELECT id FROM events WHERE fingerprint = ?";
    private static final String COLUMNS = "SELECT at, epoch, seq, frame FROM events";
    private static final String BELOW = COLUMNS + " WHERE id < ? ORDER BY id DESC LIMIT ?";
    private static final String SINCE = COLUMNS + " WHERE at >= ? ORDER BY id DESC LIMIT ?";
    private static final String EARLIER = COLUMNS + " WHERE at < ? ORDER BY id DESC LIMIT ?";
    private static final String PRUNE =
            "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ? ORDER BY at LIMIT ?)";
    private static final String PRUNE_MORE = "DELETE FROM events WHERE id IN"
            + " (SELECT id FROM events WHERE id <= (SELECT MAX(id) FROM events) - ? ORDER BY id LIMIT ?)";

    private static final String END = "INSERT INTO event_lives (epoch, last_seq, ended_at) VALUES (?, ?, ?)";
    private static final String LIVES = "SELECT epoch, last_seq FROM event_lives";
    private static final String PRUNE_LIVES = "DELETE FROM event_lives WHERE ended_at < ?";

    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,15})\\.([A-Za-z0-9_-]{22})");
    private static final int FINGERPRINT_BYTES = 16;

    /**
     * An event as it was told.
     *
     * @param at when
     * @param place where it stood in the stream then
     */
    record Told(Instant at, StreamPosition place, EventsFrame event) {}

    private final Database database;

    EventTable(Database database) {
        this.database = database;
    }

    /** Where a page begins that shows what is older than this event. */
    static String cursor(Instant at, EventsFrame event) {
        return at.toEpochMilli() + "." + fingerprint(FrameCodec.text(event));
    }

    /** Adds them in their order, but for what is there already. */
    @Override
    public void keep(WriteConnection c, List<Told> batch) throws SQLException {
        for (Told told : batch) {
            String frame = FrameCodec.text(told.event());
            c.defer(
                    ADD,
                    fingerprint(frame),
                    told.at(),
                    told.place().epoch(),
                    told.place().seq(),
                    frame);
        }
    }

    /** All that was told up to there is kept, and nothing more is told in that life of the stream. */
    static int end(WriteConnection c, StreamPosition last, Instant now) throws SQLException {
        return c.update(END, last.epoch(), last.seq(), now);
    }

    /** Where the lives ended of which all is kept. */
    Future<Set<StreamPosition>> ends() {
        return database.read(c -> c.query(LIVES).execute()).map(rows -> {
            Set<StreamPosition> ends = new HashSet<>();
            rows.forEach(row -> ends.add(new StreamPosition(row.getString("epoch"), row.getLong("last_seq"))));
            return ends;
        });
    }

    /** The newest, oldest first. */
    Future<List<Told>> latest(int most) {
        return database.read(c -> c.preparedQuery(BELOW).execute(Tuple.of(Long.MAX_VALUE, most)))
                .map(rows -> {
                    List<Told> found = told(rows);
                    Collections.reverse(found);
                    return found;
                });
    }

    /** What was told from a moment on, oldest first; the newest, where that is more than {@code most}. */
    Future<List<Told>> since(Instant from, int most) {
        return database.read(c -> c.preparedQuery(SINCE).execute(Tuple.of(from.atOffset(ZoneOffset.UTC), most)))
                .map(rows -> {
                    List<Told> found = told(rows);
                    Collections.reverse(found);
                    return found;
                });
    }

    /** A page, newest first. Fails with {@code bad_request} for a cursor that is none of ours. */
    Future<EventCommands.Kept> page(Optional<String> before, int limit) {
        Optional<Matcher> cursor = before.map(CURSOR::matcher);
        if (cursor.isPresent() && !cursor.get().matches()) {
            return Future.failedFuture(new FairleadException(
                    ErrorCode.BAD_REQUEST, "Parameter 'before' is not a cursor this gateway gave; start without one"));
        }
        int read = limit + 1; // one more tells whether there is a next page
        return database.read(c -> cursor.map(after -> below(c, after, read))
                        .orElseGet(() -> c.preparedQuery(BELOW).execute(Tuple.of(Long.MAX_VALUE, read))))
                .map(rows -> {
                    List<Told> found = told(rows);
                    List<Told> shown = found.subList(0, Math.min(limit, found.size()));
                    return new EventCommands.Kept(
                            shown.stream().map(Told::event).toList(),
                            shown.stream()
                                    .skip(Math.max(0, shown.size() - 1))
                                    .filter(last -> rows.size() > limit)
                                    .map(last -> cursor(last.at(), last.event()))
                                    .findFirst());
                });
    }

    /** Below the event the cursor names or, where that is not there, what was told before it. */
    private static Future<RowSet<Row>> below(SqlConnection c, Matcher cursor, int read) {
        return c.preparedQuery(NUMBER).execute(Tuple.of(cursor.group(2))).compose(found -> {
            if (found.size() > 0) {
                return c.preparedQuery(BELOW)
                        .execute(Tuple.of(found.iterator().next().getLong("id"), read));
            }
            Instant at = Instant.ofEpochMilli(Long.parseLong(cursor.group(1)));
            return c.preparedQuery(EARLIER).execute(Tuple.of(at.atOffset(ZoneOffset.UTC), read));
        });
    }

    /**
     * Removes of what is older or more than is kept.
     *
     * @return how many events; {@link #PRUNE_BATCH} or more where there may be others
     */
    static int prune(WriteConnection c, Instant now) throws SQLException {
        c.update(PRUNE_LIVES, now.minus(RETENTION));
        return c.update(PRUNE, now.minus(RETENTION), PRUNE_BATCH) + c.update(PRUNE_MORE, MOST, PRUNE_BATCH);
    }

    private static List<Told> told(RowSet<Row> rows) {
        List<Told> events = new ArrayList<>();
        rows.forEach(row -> event(row.getString("frame"))
                .ifPresent(event -> events.add(new Told(
                        row.getOffsetDateTime("at").toInstant(),
                        new StreamPosition(row.getString("epoch"), row.getLong("seq")),
                        event))));
        return events;
    }

    /** What another version wrote and this one does not know is passed over. */
    private static Optional<EventsFrame> event(String frame) {
        try {
            return Optional.of(FrameCodec.decode(frame.getBytes(StandardCharsets.UTF_8), EventsFrame.class));
        } catch (FairleadException unknown) {
            return Optional.empty();
        }
    }

    private static String fingerprint(String frame) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(frame.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, FINGERPRINT_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
