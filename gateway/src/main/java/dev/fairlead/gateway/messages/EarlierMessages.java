package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the messages of a database that kept each in a row: those that are under way into the journal, those that
 * have ended into blocks. Some at a time, each time in one transaction that also removes the rows, so that a start
 * which is cut short goes on where it was.
 */
final class EarlierMessages {
    /** Messages of one transaction. */
    private static final int AT_ONCE = 256;

    private static final Logger log = LoggerFactory.getLogger(EarlierMessages.class);

    private static final String NUMBERS = "SELECT COALESCE((SELECT MAX(seq) FROM messages), 0) AS messages,"
            + " COALESCE((SELECT MAX(number) FROM message_events), 0) AS events";

    private static final String NEXT = "SELECT * FROM messages WHERE seq > ? ORDER BY seq LIMIT ?";

    private static final String EVENTS =
            "SELECT * FROM message_events WHERE seq >= ? AND seq <= ? ORDER BY seq, number";

    private static final String REMOVE = "DELETE FROM messages WHERE seq = ?";

    private static final String REMOVE_EVENTS = "DELETE FROM message_events WHERE number = ?";

    private final Ledger ledger;

    EarlierMessages(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Completes when none is left. */
    Future<Void> takeOver() {
        return next(0);
    }

    private Future<Void> next(long before) {
        return ledger.commit(c -> some(c, AT_ONCE)).compose(taken -> {
            if (taken > 0 && before == 0) {
                log.info(
                        "Messages of an earlier version are taken over; this is done once, and the start waits for it");
            } else if (taken == 0 && before > 0) {
                log.info("{} messages were taken over", before);
            }
            return taken == 0 ? Future.succeededFuture() : next(before + taken);
        });
    }

    /** One transaction's share; gives how many messages it moved. */
    static int some(WriteConnection c, int most) throws SQLException {
        if (next(c, 1).isEmpty()) {
            return 0;
        }
        c.queryOne(MessageSql.LOCK, row -> row.number("number"));
        List<MessageRecord> found = next(c, most);
        if (found.isEmpty()) {
            return 0; // another node has just taken the last ones over
        }
        long last = c.queryOne(NUMBERS, row -> Math.max(row.number("messages"), row.number("events")))
                .orElseThrow();
        c.update(MessageSql.POSITION, last, "numbers", last);
        Map<Retained, List<MessageRecord>> ended = new EnumMap<>(Retained.class);
        for (MessageRecord record : found) {
            if (record.message().settledAt().isPresent()) {
                ended.computeIfAbsent(Retained.of(record.message().status()), retained -> new ArrayList<>())
                        .add(record);
            } else {
                ByteWriter row = JournalCodec.begin(JournalHead.alone(
                        record.message().sequence(), record.message().accepted().acceptedAt()));
                JournalCodec.write(row, record);
                c.update(MessageSql.APPEND, record.message().sequence(), row.toBytes());
            }
        }
        for (Map.Entry<Retained, List<MessageRecord>> one : ended.entrySet()) {
            block(c, one.getKey(), one.getValue());
        }
        c.batch(
                REMOVE,
                found.stream()
                        .map(record -> new Object[] {record.message().sequence()})
                        .toList());
        c.batch(
                REMOVE_EVENTS,
                found.stream()
                        .flatMap(record -> record.history().stream())
                        .map(happened -> new Object[] {happened.number()})
                        .toList());
        return found.size();
    }

    /** Blocks are bounded in bytes too. */
    private static void block(WriteConnection c, Retained retained, List<MessageRecord> records) throws SQLException {
        long block = c.queryOne(MessageSql.LAST_BLOCK, row -> row.optionalNumber("block")
                        .orElse(0L))
                .orElse(0L);
        List<MessageRecord> some = new ArrayList<>();
        int bytes = 0;
        for (MessageRecord record : records) {
            some.add(record);
            bytes += BlockRepository.size(record.message(), record.history());
            if (bytes >= MessageStore.BLOCK_BYTES) {
                BlockRepository.add(c, ++block, retained, some);
                some = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!some.isEmpty()) {
            BlockRepository.add(c, ++block, retained, some);
        }
    }

    private static List<MessageRecord> next(WriteConnection c, int most) throws SQLException {
        record Stored(StoredMessage message, RawJson payload) {}
        List<Stored> messages = c.query(
                NEXT, row -> new Stored(message(row), RawJson.ofText(row.string("payload"))), Long.MIN_VALUE, most);
        if (messages.isEmpty()) {
            return List.of();
        }
        Map<Long, List<Happened>> histories = new HashMap<>();
        record Event(long sequence, Happened happened) {}
        for (Event event : c.query(
                EVENTS,
                row -> new Event(
                        row.number("seq"),
                        new Happened(
                                row.number("number"),
                                kind(row.string("event")),
                                row.integer("attempt"),
                                row.instant("at"),
                                row.optionalString("detail"))),
                messages.get(0).message().sequence(),
                messages.get(messages.size() - 1).message().sequence())) {
            histories
                    .computeIfAbsent(event.sequence(), sequence -> new ArrayList<>())
                    .add(event.happened());
        }
        return messages.stream()
                .map(one -> new MessageRecord(
                        one.message(), histories.getOrDefault(one.message().sequence(), List.of()), one.payload()))
                .toList();
    }

    private static StoredMessage message(Columns row) throws SQLException {
        return new StoredMessage(
                new AcceptedMessage(
                        row.number("seq"),
                        row.uuid("message_id"),
                        row.string("sender"),
                        row.string("recipient"),
                        row.string("type"),
                        row.optionalString("correlation_id"),
                        row.optionalString("dedupe").map(IdempotencyKey::parse),
                        row.bool("needs_token"),
                        row.integer("payload_bytes"),
                        row.number("ttl_ms"),
                        row.instant("accepted_at"),
                        Optional.empty()),
                kind(row.string("status")),
                row.integer("attempt"),
                row.integer("failures"),
                row.instant("expires_at"),
                row.optionalInstant("due_at"),
                row.optionalInstant("settled_at"));
    }

    private static MessageEvent.Kind kind(String stored) {
        return MessageEvent.Kind.valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
