package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.MessageEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Writes messages. Every method is one unit of a write transaction and may be run again. */
final class MessageRepository {
    private MessageRepository() {}

    private record Key(String dedupe, UUID id, MessageEvent.Kind status, Instant acceptedAt) {}

    /**
     * Makes a batch true: few statements, however many messages.
     *
     * @param keysSince keys given before then stand for nothing any more
     */
    static Batch.Written write(WriteConnection c, Batch batch, Instant keysSince) throws SQLException {
        Map<Long, Batch.Known> known = known(c, batch, keysSince);
        List<Object[]> added = new ArrayList<>(batch.added().size());
        for (Batch.Added one : batch.added()) {
            if (!known.containsKey(one.message().sequence())) {
                added.add(row(one));
            }
        }
        c.batch(MessageSql.ADD, added);
        c.batch(
                MessageSql.CHANGE,
                batch.changed().stream().map(MessageRepository::change).toList());
        c.batch(
                MessageSql.NOTE,
                batch.notes().stream()
                        .filter(note -> note.event().event() != MessageEvent.Kind.ACCEPTED)
                        .filter(note -> !known.containsKey(note.sequence()))
                        .map(MessageRepository::note)
                        .toList());
        return new Batch.Written(known, payloads(c, batch.payloadsToRead()));
    }

    /** Removes messages that ended so before that time, a bounded number of them; gives how many. */
    static int prune(WriteConnection c, MessageEvent.Kind status, Instant before, int most) throws SQLException {
        List<Object[]> ended =
                c.query(MessageSql.ENDED, row -> new Object[] {row.number("seq")}, status.wire(), before, most);
        c.batch(MessageSql.REMOVE_EVENTS, ended);
        c.batch(MessageSql.REMOVE, ended);
        return ended.size();
    }

    static MessageEvent.Kind kind(String stored) {
        return MessageEvent.Kind.valueOf(stored.toUpperCase(Locale.ROOT));
    }

    private static Map<Long, Batch.Known> known(WriteConnection c, Batch batch, Instant keysSince) throws SQLException {
        Map<String, Long> asked = new HashMap<>();
        for (Batch.Added one : batch.added()) {
            one.message().dedupe().ifPresent(key -> asked.put(key, one.message().sequence()));
        }
        Map<Long, Batch.Known> known = new HashMap<>();
        List<Object[]> old = new ArrayList<>();
        for (Object[] some : inLists(asked.keySet())) {
            for (Key key : c.query(
                    MessageSql.KNOWN,
                    row -> new Key(
                            row.string("dedupe"),
                            row.uuid("message_id"),
                            kind(row.string("status")),
                            row.instant("accepted_at")),
                    some)) {
                if (key.acceptedAt().isBefore(keysSince)) {
                    old.add(new Object[] {key.dedupe()});
                } else {
                    known.put(asked.get(key.dedupe()), new Batch.Known(key.id(), key.status()));
                }
            }
        }
        c.batch(MessageSql.FORGET_KEY, old);
        return known;
    }

    private static Map<Long, String> payloads(WriteConnection c, List<Long> numbers) throws SQLException {
        record Payload(long sequence, String text) {}
        Map<Long, String> payloads = new HashMap<>();
        for (Object[] some : inLists(Set.copyOf(numbers))) {
            for (Payload found :
                    c.query(MessageSql.PAYLOADS, row -> new Payload(row.number("seq"), row.string("payload")), some)) {
                payloads.put(found.sequence(), found.text());
            }
        }
        return payloads;
    }

    private static List<Object[]> inLists(Set<?> values) {
        List<Object[]> lists = new ArrayList<>();
        List<?> all = List.copyOf(values);
        for (int from = 0; from < all.size(); from += MessageSql.IN_SIZE) {
            Object[] list = new Object[MessageSql.IN_SIZE];
            for (int i = 0; i < list.length; i++) {
                list[i] = all.get(Math.min(from + i, all.size() - 1));
            }
            lists.add(list);
        }
        return lists;
    }

    private static Object[] row(Batch.Added one) {
        StoredMessage message = one.message();
        return new Object[] {
            message.sequence(),
            message.id(),
            message.from(),
            message.to(),
            message.type(),
            message.correlationId(),
            message.dedupe(),
            message.needsToken(),
            message.payloadBytes(),
            message.status().wire(),
            message.attempt(),
            message.failures(),
            message.ttlMillis(),
            message.acceptedAt(),
            message.expiresAt(),
            message.dueAt(),
            message.settledAt(),
            one.payload()
        };
    }

    private static Object[] change(StoredMessage message) {
        return new Object[] {
            message.status().wire(),
            message.attempt(),
            message.failures(),
            message.expiresAt(),
            message.dueAt(),
            message.settledAt(),
            message.sequence()
        };
    }

    private static Object[] note(Batch.Note note) {
        return new Object[] {
            note.number(),
            note.sequence(),
            note.event().event().wire(),
            note.attempt(),
            note.event().timestamp(),
            note.event().detail()
        };
    }
}
