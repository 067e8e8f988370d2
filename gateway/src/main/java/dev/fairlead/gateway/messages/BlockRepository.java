package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.RawJson;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Writes blocks of messages that have ended, behind the journal. Every method is one unit of a write transaction, or a
 * part of one, and may be run again.
 */
final class BlockRepository {
    /**
     * Journal rows one transaction removes at most: more than the messages of a block bring, each in rows of its own.
     */
    static final int MAX_TRIMMED = 8 * MessageStore.BLOCK_MESSAGES;

    private static final int MAX_CHARACTER = 4;

    /** What the numbers of a message come to at most, twice; those of an event once. */
    private static final int MAX_NUMBERS = 64;

    private BlockRepository() {}

    /**
     * A block to be filled from the journal.
     *
     * @param messages oldest first by how they ended; what they are does not change any more
     * @param firstNeeded the journal row from which on something is still needed once they are in the block
     * @param shard whose rows they are; empty where this gateway is alone and all are its own
     * @param passed rows of the shard that are needed no more
     */
    record Filling(
            long block,
            Retained retained,
            List<Ended> messages,
            long firstNeeded,
            OptionalInt shard,
            List<Long> passed) {
        Filling {
            messages = List.copyOf(messages);
            passed = List.copyOf(passed);
        }

        /** Under what number the last of them ended. */
        long endedTo() {
            return messages.get(messages.size() - 1).endedWith();
        }
    }

    /** Bytes of a record at most: four of UTF-8 for a character, and the numbers around the texts. */
    static int size(StoredMessage message, List<Happened> history) {
        int texts = message.accepted().type().length()
                + message.accepted().from().length()
                + message.accepted().to().length()
                + message.accepted().correlationId().map(String::length).orElse(0)
                + message.accepted().traceparent().map(String::length).orElse(0);
        for (Happened one : history) {
            texts += one.detail().map(String::length).orElse(0);
        }
        return message.accepted().payloadBytes() + MAX_CHARACTER * texts + MAX_NUMBERS * (2 + history.size());
    }

    /** A message that ended, and the journal row of its payload. */
    record Ended(StoredMessage message, List<Happened> history, long row) {
        long endedWith() {
            return history.get(history.size() - 1).number();
        }
    }

    /** Moves messages from the journal into a block, and lets go of what the journal needs no more. */
    static Void fill(WriteConnection c, Filling filling) throws SQLException {
        Map<Long, Long> rows = new HashMap<>();
        filling.messages().forEach(one -> rows.put(one.message().sequence(), one.row()));
        Map<Long, RawJson> payloads = MessageRepository.payloads(c, rows);
        List<MessageRecord> records = new ArrayList<>();
        for (Ended one : filling.messages()) {
            RawJson payload = payloads.get(one.message().sequence());
            if (payload == null) {
                throw new IllegalStateException("Journal row " + one.row() + " does not hold message "
                        + one.message().id() + "; it is not moved into a block");
            }
            records.add(new MessageRecord(one.message(), one.history(), payload));
        }
        add(c, filling.block(), filling.retained(), records);
        if (filling.shard().isEmpty()) {
            c.update(MessageSql.POSITION, filling.endedTo(), filling.retained().wire(), filling.endedTo());
            MessageRepository.trim(c, filling.firstNeeded(), MAX_TRIMMED);
        } else {
            String position = filling.retained().position(filling.shard().getAsInt());
            if (c.update(MessageSql.POSITION, filling.endedTo(), position, filling.endedTo()) == 0) {
                c.update(MessageSql.NEW_POSITION, position);
                c.update(MessageSql.POSITION, filling.endedTo(), position, filling.endedTo());
            }
            MessageRepository.drop(c, filling.passed());
        }
        return null;
    }

    static boolean isThere(WriteConnection c, long block) throws SQLException {
        return c.queryOne(MessageSql.BLOCK, row -> row.number("block"), block).isPresent();
    }

    /** Writes a new block. */
    static void add(WriteConnection c, long block, Retained retained, List<MessageRecord> records) throws SQLException {
        List<MessageRecord> inOrder = records.stream()
                .sorted(Comparator.comparingLong(one -> one.message().sequence()))
                .toList();
        long firstId = Long.MAX_VALUE;
        long lastId = Long.MIN_VALUE;
        Instant acceptedTo = Instant.EPOCH;
        Instant settledTo = Instant.EPOCH;
        for (MessageRecord record : inOrder) {
            StoredMessage message = record.message();
            firstId = Math.min(firstId, message.id().getMostSignificantBits());
            lastId = Math.max(lastId, message.id().getMostSignificantBits());
            acceptedTo = later(acceptedTo, message.accepted().acceptedAt());
            settledTo = later(settledTo, message.settledAt().orElse(Instant.EPOCH));
        }
        c.update(
                MessageSql.ADD_BLOCK,
                block,
                retained.wire(),
                inOrder.get(0).message().sequence(),
                inOrder.get(inOrder.size() - 1).message().sequence(),
                firstId,
                lastId,
                acceptedTo,
                settledTo,
                BlockKeys.bytes(inOrder));
        c.update(MessageSql.ADD_RECORDS, block, bytes(inOrder));
        post(c, block, BlockTerms.of(inOrder));
    }

    /** From now on the keys of a block are found in the database. */
    static Void postKeys(WriteConnection c, KeyMemory.Block block) throws SQLException {
        Set<Long> terms = new HashSet<>();
        block.entries().forEach(entry -> terms.add(BlockTerms.key(entry.identity())));
        if (c.update(MessageSql.KEYS_POSTED, block.number()) > 0) { // else it was removed meanwhile
            post(c, block.number(), terms);
        }
        return null;
    }

    /** Removes blocks whose last message ended before that time, a bounded number of them; gives how many. */
    static int prune(WriteConnection c, Retained retained, Instant before, int most) throws SQLException {
        List<Long> blocks = c.query(MessageSql.ENDED, row -> row.number("block"), retained.wire(), before, most);
        for (long block : blocks) {
            drop(c, block, lockedRecords(c, block));
        }
        return blocks.size();
    }

    /** A message leaves its block; one that has gone already is no error. */
    static void remove(WriteConnection c, long block, long sequence) throws SQLException {
        List<MessageRecord> before = lockedRecords(c, block);
        List<MessageRecord> rest = before.stream()
                .filter(one -> one.message().sequence() != sequence)
                .toList();
        if (rest.isEmpty()) {
            drop(c, block, before);
        } else if (rest.size() < before.size()) {
            c.update(
                    MessageSql.REWRITE_BLOCK,
                    rest.get(0).message().sequence(),
                    rest.get(rest.size() - 1).message().sequence(),
                    BlockKeys.bytes(rest),
                    block);
            c.update(MessageSql.REWRITE_RECORDS, bytes(rest), block);
        }
    }

    /** The messages in blocks that keys stand for, by the number of the message that asked. */
    static Map<Long, Batch.Known> known(WriteConnection c, Map<String, Long> asked, Instant since) throws SQLException {
        Map<Long, String> keys = new HashMap<>();
        asked.keySet().forEach(key -> keys.put(BlockTerms.key(key), key));
        Map<Long, Batch.Known> known = new HashMap<>();
        Map<Long, Instant> newest = new HashMap<>();
        for (Object[] some : MessageRepository.inLists(keys.keySet())) {
            for (long block : Set.copyOf(c.query(MessageSql.POSTED, row -> row.number("block"), some))) {
                for (MessageRecord record : records(c, block)) {
                    StoredMessage message = record.message();
                    Optional<Long> asker = message.accepted()
                            .dedupe()
                            .map(IdempotencyKey::identity)
                            .map(asked::get);
                    if (asker.isPresent()
                            && !message.accepted().acceptedAt().isBefore(since)
                            && !message.accepted().acceptedAt().isBefore(newest.getOrDefault(asker.get(), since))) {
                        newest.put(asker.get(), message.accepted().acceptedAt());
                        known.put(
                                asker.get(),
                                new Batch.Known(
                                        message.id(),
                                        message.status(),
                                        message.accepted().dedupe().get().content()));
                    }
                }
            }
        }
        return known;
    }

    private static void drop(WriteConnection c, long block, List<MessageRecord> records) throws SQLException {
        Set<Long> terms = BlockTerms.of(records);
        records.forEach(
                one -> one.message().accepted().dedupe().ifPresent(key -> terms.add(BlockTerms.key(key.identity()))));
        c.update(MessageSql.DROP_BLOCK, block); // first: whoever posts its keys at this moment is waited for
        c.batch(
                MessageSql.DROP_POSTING,
                terms.stream().sorted().map(term -> new Object[] {term, block}).toList());
        c.update(MessageSql.DROP_RECORDS, block);
    }

    private static void post(WriteConnection c, long block, Set<Long> terms) throws SQLException {
        // In the order of the table's key: each page of it is touched once.
        c.batch(
                MessageSql.POST,
                terms.stream().sorted().map(term -> new Object[] {term, block}).toList());
    }

    private static List<MessageRecord> records(WriteConnection c, long block) throws SQLException {
        return c.queryOne(MessageSql.RECORDS, row -> row.bytes("records"), block)
                .map(JournalCodec::records)
                .orElse(List.of());
    }

    private static List<MessageRecord> lockedRecords(WriteConnection c, long block) throws SQLException {
        return c.queryOne(MessageSql.LOCKED_RECORDS, row -> row.bytes("records"), block)
                .map(JournalCodec::records)
                .orElse(List.of());
    }

    private static byte[] bytes(List<MessageRecord> records) {
        ByteWriter out = JournalCodec.begin();
        records.forEach(record -> JournalCodec.write(out, record));
        return out.toBytes();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
