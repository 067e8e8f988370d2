package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads into memory what the journal holds, and the keys of blocks: after a start, and after a failure. */
final class JournalLoader {
    /** Journal rows, or keys of blocks, read at once: decoding them must not hold up the event loop. */
    private static final int ROWS_AT_ONCE = 16;

    private final Database database;
    private final KeptMessages kept;

    JournalLoader(Database database, KeptMessages kept) {
        this.database = database;
        this.kept = kept;
    }

    /** How far what is kept has come. */
    record Loaded(long lastNumber, long lastBlock) {}

    private record StoredKeys(KeyMemory.Block block, boolean posted) {}

    /**
     * Fills memory from the journal, and with the keys of blocks.
     *
     * @param keysSince keys given before then stand for nothing any more
     */
    Future<Loaded> load(KeyMemory keys, Instant keysSince) {
        return positions().compose(numbers -> journal(0)
                .compose(done -> keys(keysSince, Long.MAX_VALUE, new ArrayList<>()))
                .compose(found -> {
                    for (int i = found.size() - 1; i >= 0; i--) {
                        StoredKeys block = found.get(i);
                        if (block.posted()) {
                            keys.incomplete(block.block().acceptedTo());
                        } else {
                            keys.add(block.block());
                        }
                    }
                    return lastBlock();
                })
                .map(block -> new Loaded(Math.max(numbers, kept.lastRow()), block)));
    }

    private Future<Long> positions() {
        return database.read(c -> c.query(MessageSql.POSITIONS).execute().map(rows -> {
            Map<String, Long> numbers = new HashMap<>();
            rows.forEach(row -> numbers.put(row.getString("name"), row.getLong("number")));
            for (Retained retained : Retained.values()) {
                kept.position(retained, numbers.getOrDefault(retained.wire(), 0L));
            }
            return numbers.getOrDefault("numbers", 0L);
        }));
    }

    private Future<Void> journal(long after) {
        return database.read(c -> c.preparedQuery(MessageSql.JOURNAL).execute(Tuple.of(after, ROWS_AT_ONCE)))
                .compose(rows -> {
                    long last = after;
                    for (Row row : rows) {
                        last = row.getLong("number");
                        for (JournalEntry entry : JournalCodec.entries(MessageQueries.bytes(row, "entries"))) {
                            kept.apply(entry, last);
                        }
                    }
                    return rows.size() < ROWS_AT_ONCE ? Future.succeededFuture() : journal(last);
                });
    }

    private Future<List<StoredKeys>> keys(Instant since, long before, List<StoredKeys> found) {
        return database.read(c -> c.preparedQuery(MessageSql.KEYS)
                        .execute(Tuple.of(since.atOffset(ZoneOffset.UTC), before, ROWS_AT_ONCE)))
                .compose(rows -> {
                    long last = before;
                    for (Row row : rows) {
                        last = row.getLong("block");
                        boolean posted = row.getBoolean("keys_posted");
                        found.add(new StoredKeys(
                                new KeyMemory.Block(
                                        last,
                                        row.getOffsetDateTime("accepted_to").toInstant(),
                                        posted ? List.of() : BlockKeys.entries(MessageQueries.bytes(row, "keys"))),
                                posted));
                    }
                    return rows.size() < ROWS_AT_ONCE ? Future.succeededFuture(found) : keys(since, last, found);
                });
    }

    private Future<Long> lastBlock() {
        return database.read(c -> c.query(MessageSql.LAST_BLOCK).execute().map(rows -> Optional.ofNullable(
                        rows.iterator().next().getLong("block"))
                .orElse(0L)));
    }
}
