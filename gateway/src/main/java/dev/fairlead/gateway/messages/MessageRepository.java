package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.RawJson;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the journal: what one commit brings is one row, or a few where it is much. Every method is one unit of a write
 * transaction and may be run again.
 */
final class MessageRepository {
    /** Bytes after which a row is full: what is read again for one payload. */
    private static final int ROW_BYTES = 64 * 1024;

    private MessageRepository() {}

    /**
     * What memory adds to a batch.
     *
     * @param known messages of the batch whose key was used before
     * @param payloadRows where to read the payloads that are not in memory, by the number of the message
     * @param askForKeys whether the database may know keys that memory does not
     * @param now in ledger time; keys given {@link IdempotencyKey#LIFE} before stand for nothing any more
     * @param right to the shard it is written for; empty where this gateway is alone
     */
    record Plan(
            Map<Long, Batch.Known> known,
            Map<Long, Long> payloadRows,
            boolean askForKeys,
            Instant now,
            Optional<Fence> right) {
        Plan {
            known = Map.copyOf(known);
            payloadRows = Map.copyOf(payloadRows);
        }

        Instant keysSince() {
            return now.minus(IdempotencyKey.LIFE);
        }

        private JournalHead head(Batch.Note first) {
            return right.map(fence -> JournalHead.of(
                            LeaseName.shardOf(first.after().accepted().to()), fence.number(), first.number(), now))
                    .orElseGet(() -> JournalHead.alone(first.number(), now));
        }
    }

    /** Makes a batch true. */
    static Batch.Written write(WriteConnection c, Batch batch, Plan plan) throws SQLException {
        Map<Long, Batch.Known> known = new HashMap<>(plan.known());
        if (plan.askForKeys()) {
            known.putAll(BlockRepository.known(c, unknown(batch, plan), plan.keysSince()));
        }
        for (Batch.Reopened reopened : batch.reopened()) {
            BlockRepository.remove(c, reopened.block(), reopened.sequence());
        }
        List<Batch.Note> kept = batch.notes().stream()
                .filter(note -> !known.containsKey(note.sequence()))
                .toList();
        List<Batch.Row> rows = new ArrayList<>();
        append(c, kept, plan, rows);
        return new Batch.Written(known, payloads(c, plan.payloadRows()), rows);
    }

    private static Map<String, Long> unknown(Batch batch, Plan plan) {
        Map<String, Long> asked = new HashMap<>();
        for (StoredMessage added : batch.added()) {
            if (!plan.known().containsKey(added.sequence())) {
                added.accepted().dedupe().ifPresent(key -> {
                    asked.put(key.identity(), added.sequence());
                    key.earlierIdentity().ifPresent(earlier -> asked.put(earlier, added.sequence()));
                });
            }
        }
        return asked;
    }

    private static void append(WriteConnection c, List<Batch.Note> notes, Plan plan, List<Batch.Row> rows)
            throws SQLException {
        List<Object[]> written = new ArrayList<>();
        ByteWriter out = new ByteWriter();
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < notes.size(); i++) {
            if (entries.isEmpty()) {
                out = JournalCodec.begin(plan.head(notes.get(i)));
            }
            JournalEntry entry = notes.get(i).entry();
            JournalCodec.write(out, entry);
            entries.add(entry);
            if (out.size() >= ROW_BYTES || i == notes.size() - 1) {
                long number = notes.get(i).number();
                written.add(new Object[] {number, out.toBytes()});
                rows.add(new Batch.Row(number, entries));
                entries = new ArrayList<>();
            }
        }
        if (plan.right().isEmpty()) {
            c.batch(MessageSql.APPEND, written);
        } else {
            for (Object[] row : written) {
                c.defer(MessageSql.APPEND, row); // in one round trip with those of the group's other shards
            }
        }
    }

    /**
     * Reads payloads.
     *
     * @param rows the journal row of each, by the number of the message
     */
    static Map<Long, RawJson> payloads(WriteConnection c, Map<Long, Long> rows) throws SQLException {
        Map<Long, RawJson> found = new HashMap<>();
        Set<Long> numbers = new HashSet<>(rows.values());
        for (Object[] some : inLists(numbers)) {
            for (byte[] entries : c.query(MessageSql.ROWS, row -> row.bytes("entries"), some)) {
                JournalCodec.payloads(entries, rows.keySet(), found);
            }
        }
        return found;
    }

    /** Removes the oldest rows below a number, a bounded number of them. */
    static void trim(WriteConnection c, long before, int most) throws SQLException {
        c.batch(
                MessageSql.DROP_ROW,
                c.query(MessageSql.PASSED, row -> new Object[] {row.number("number")}, before, most));
    }

    /** Removes rows. */
    static void drop(WriteConnection c, List<Long> rows) throws SQLException {
        c.batch(
                MessageSql.DROP_ROW,
                rows.stream().map(number -> new Object[] {number}).toList());
    }

    static List<Object[]> inLists(Collection<?> values) {
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
}
