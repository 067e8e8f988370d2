package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.WriteConnection;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the journal of a gateway alone, whose rows hold messages to anybody, one of shards, whose rows go from node to
 * node: in one transaction, by whichever node is the first to start, before it takes a shard up. All others wait for
 * that one and find it done. A gateway alone reads rows of either kind, so that nothing is to be undone.
 */
final class JournalSplit {
    private static final Logger log = LoggerFactory.getLogger(JournalSplit.class);

    private static final int ROWS_AT_ONCE = 64;

    private static final byte[] FORMAT = {JournalCodec.FORMAT};
    private static final byte[] OF_ANYBODY = {0};

    private static final String TO_SPLIT = "SELECT COUNT(*) AS rows FROM message_journal"
            + " WHERE SUBSTRING(entries FROM 1 FOR 1) <> ? OR SUBSTRING(entries FROM 2 FOR 1) = ?";

    /** Where it is, several kept this journal before. */
    private static final String SPLIT = "SELECT number FROM message_positions WHERE name = ?";

    /** Where it is, a gateway alone did since. */
    private static final String ALONE = "alone";

    private static final String KEPT_ALONE = "INSERT INTO message_positions (name, number)"
            + " SELECT '" + ALONE + "', 1 FROM message_positions WHERE name = '" + JournalLoader.BLOCKS
            + "' ON CONFLICT DO NOTHING";

    private static final String SPLIT_AGAIN = "DELETE FROM message_positions WHERE name = ?";

    private static final String LAST_ROW = "SELECT MAX(number) AS number FROM message_journal";

    private static final String KEYS = "SELECT block, accepted_to, keys FROM message_blocks"
            + " WHERE accepted_to >= ? AND block > ? AND NOT keys_posted ORDER BY block LIMIT ?";

    private final Ledger ledger;

    /** @param ledger under no fence: this is before there is any owner */
    JournalSplit(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Completes when there are rows of shards alone.
     *
     * @param keysSince keys given before then stand for nothing any more
     */
    Future<Void> run(Instant keysSince) {
        return ledger.keep(
                        () -> c -> split(c, keysSince),
                        () -> log.info("Another node makes the messages of a gateway alone ready for several"))
                .onSuccess(rows -> {
                    if (rows > 0) {
                        log.info("{} rows of messages were made ready for several nodes; this is done once", rows);
                    }
                })
                .mapEmpty();
    }

    /** Said by a gateway alone, before it keeps anything: blocks do not tell by whom they were filled. */
    Future<Void> keptAlone() {
        return ledger.commit(c -> c.update(KEPT_ALONE)).mapEmpty();
    }

    /** Gives how many rows there were to split. */
    static long split(WriteConnection c, Instant keysSince) throws SQLException {
        if (isSplit(c)) {
            return 0;
        }
        c.queryOne(MessageSql.LOCK, row -> row.number("number"));
        long rows = toSplit(c);
        if (!isSplit(c)) {
            postKeys(c, keysSince);
            long block = c.queryOne(MessageSql.LAST_BLOCK, row -> row.optionalNumber("block"))
                    .flatMap(last -> last)
                    .orElse(0L);
            c.update(MessageSql.NEW_POSITION, JournalLoader.BLOCKS);
            c.update(MessageSql.POSITION, block, JournalLoader.BLOCKS, block);
            long last = new Pass(c).run();
            c.update(MessageSql.POSITION, last, JournalLoader.NUMBERS, last);
            c.update(SPLIT_AGAIN, ALONE);
        }
        return rows;
    }

    /** Though no row is left of what a gateway alone kept, it may have filled blocks. */
    private static boolean isSplit(WriteConnection c) throws SQLException {
        return toSplit(c) == 0
                && c.queryOne(SPLIT, row -> row.number("number"), JournalLoader.BLOCKS)
                        .isPresent()
                && c.queryOne(SPLIT, row -> row.number("number"), ALONE).isEmpty();
    }

    private static long toSplit(WriteConnection c) throws SQLException {
        return c.queryOne(TO_SPLIT, row -> row.number("rows"), FORMAT, OF_ANYBODY)
                .orElse(0L);
    }

    /** What a gateway alone moved into blocks is of all shards: its keys are found in the database from now on. */
    private static void postKeys(WriteConnection c, Instant since) throws SQLException {
        long after = Long.MIN_VALUE;
        List<KeyMemory.Block> some;
        do {
            some = c.query(
                    KEYS,
                    row -> new KeyMemory.Block(
                            row.number("block"), row.instant("accepted_to"), BlockKeys.entries(row.bytes("keys"))),
                    since,
                    after,
                    ROWS_AT_ONCE);
            for (KeyMemory.Block block : some) {
                BlockRepository.postKeys(c, block);
                after = block.number();
            }
        } while (some.size() == ROWS_AT_ONCE);
    }

    /** Through the whole journal, oldest first. */
    private static final class Pass {
        private record Stored(long number, Optional<JournalHead> head, List<JournalEntry> entries) {
            boolean isOfAnybody() {
                return head.flatMap(JournalHead::shard).isEmpty();
            }
        }

        private final WriteConnection c;
        /** By the number of the message; one that is not here is in a block, and what is said of it needed no more. */
        private final Map<Long, Integer> shards = new HashMap<>();

        private long last;

        Pass(WriteConnection c) {
            this.c = c;
        }

        /** Gives the number of the last row. New rows come behind all there are: each shard's stay in their order. */
        long run() throws SQLException {
            long end = c.queryOne(LAST_ROW, row -> row.optionalNumber("number"))
                    .flatMap(number -> number)
                    .orElse(0L);
            last = end;
            long after = 0;
            List<Stored> some;
            do {
                some = c.query(
                        MessageSql.JOURNAL,
                        row -> new Stored(
                                row.number("number"),
                                JournalCodec.head(row.bytes("entries")),
                                JournalCodec.entries(row.bytes("entries"))),
                        after,
                        ROWS_AT_ONCE);
                for (Stored row : some) {
                    after = row.number();
                    if (after <= end) {
                        take(row);
                    }
                }
            } while (some.size() == ROWS_AT_ONCE && after < end);
            return last;
        }

        private void take(Stored row) throws SQLException {
            Map<Integer, List<JournalEntry>> parts = new TreeMap<>();
            for (JournalEntry entry : row.entries()) {
                if (entry instanceof JournalEntry.Whole whole) {
                    shards.put(
                            entry.sequence(),
                            LeaseName.shardOf(
                                    whole.record().message().accepted().to()));
                }
                Optional.ofNullable(shards.get(entry.sequence()))
                        .ifPresent(shard -> parts.computeIfAbsent(shard, one -> new ArrayList<>())
                                .add(entry));
            }
            if (row.isOfAnybody()) {
                for (Map.Entry<Integer, List<JournalEntry>> part : parts.entrySet()) {
                    write(row, part.getKey(), part.getValue());
                }
                c.update(MessageSql.DROP_ROW, row.number());
            }
        }

        private void write(Stored row, int shard, List<JournalEntry> entries) throws SQLException {
            Instant time = row.head().map(JournalHead::time).orElse(Instant.EPOCH);
            ByteWriter out = JournalCodec.begin(JournalHead.of(shard, 0, row.number(), time));
            entries.forEach(entry -> JournalCodec.write(out, entry));
            last = Numbering.ofShard(last + 1, shard);
            c.update(MessageSql.APPEND, last, out.toBytes());
        }
    }
}
