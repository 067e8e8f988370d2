package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads into memory what the journal holds, and the keys of blocks: after a start, after a failure, and when a shard
 * comes to this node. What is asked for while something is read waits and is read together, so that 64 shards are not
 * the journal read 64 times. Confined to one context.
 */
final class JournalLoader {
    /** Journal rows, or keys of blocks, read at once: decoding them must not hold up the event loop. */
    private static final int ROWS_AT_ONCE = 16;

    static final String NUMBERS = "numbers";

    /** The last block that a gateway alone filled: those up to it hold messages of several shards. */
    static final String BLOCKS = "blocks";

    private final Database database;
    private List<Asked> waiting = new ArrayList<>();
    private boolean reading;

    JournalLoader(Database database) {
        this.database = database;
    }

    /** How far what is kept has come. */
    record Loaded(long lastNumber, long lastBlock) {}

    /**
     * Where what is read goes.
     *
     * @param shard whose rows alone are wanted; empty for all
     * @param keys empty where those of blocks are of no interest
     * @param keysSince keys given before then stand for nothing any more
     */
    record Target(OptionalInt shard, KeptMessages kept, Optional<KeyMemory> keys, Instant keysSince) {}

    private record Asked(Target target, Promise<Loaded> done) {}

    private record StoredKeys(KeyMemory.Block block, boolean posted) {}

    /** What is to be read at once: all of it, or of some shards. */
    private record Round(Map<Integer, Target> byShard, boolean shared, Map<String, Long> positions) {
        Collection<Target> targets() {
            return byShard.values();
        }

        Target of(long number) {
            return byShard.get(shared ? Numbering.shardOf(number) : 0);
        }

        Tuple parameters(Object... first) {
            Tuple parameters = Tuple.tuple();
            for (Object one : first) {
                parameters.addValue(one);
            }
            if (shared) {
                List<Integer> shards = List.copyOf(byShard.keySet());
                for (int i = 0; i < MessageSql.IN_SIZE; i++) {
                    parameters.addInteger(shards.get(Math.min(i, shards.size() - 1)));
                }
            }
            return parameters.addInteger(ROWS_AT_ONCE);
        }

        long position(String name) {
            return positions.getOrDefault(name, 0L);
        }
    }

    /** Fills memory from the journal, and with the keys of blocks. */
    Future<Loaded> load(Target target) {
        Promise<Loaded> done = Promise.promise();
        waiting.add(new Asked(target, done));
        if (!reading) {
            next();
        }
        return done.future();
    }

    private void next() {
        if (waiting.isEmpty()) {
            reading = false;
            return;
        }
        reading = true;
        boolean shared = waiting.get(0).target().shard().isPresent();
        Map<Integer, Asked> asked = new HashMap<>();
        for (Asked one : shared ? waiting : waiting.subList(0, 1)) {
            Asked given = asked.put(one.target().shard().orElse(0), one);
            if (given != null) {
                given.done().fail(new IllegalStateException("It was lost, and is read for whoever has it now"));
            }
        }
        waiting = shared ? new ArrayList<>() : new ArrayList<>(waiting.subList(1, waiting.size()));
        Map<Integer, Target> targets = new HashMap<>();
        asked.forEach((shard, one) -> targets.put(shard, one.target()));
        positions()
                .map(positions -> new Round(targets, shared, positions))
                .compose(round -> read(round).onSuccess(block -> asked.values()
                        .forEach(one -> one.done().complete(loaded(round, one, block)))))
                .onFailure(cause -> asked.values().forEach(one -> one.done().fail(cause)))
                .onComplete(done -> next());
    }

    private static Loaded loaded(Round round, Asked asked, long block) {
        return new Loaded(
                Math.max(round.position(NUMBERS), asked.target().kept().lastRow()), block);
    }

    private Future<Long> read(Round round) {
        round.targets().forEach(target -> place(round, target));
        Instant since = round.targets().iterator().next().keysSince();
        boolean withKeys = round.targets().stream().anyMatch(one -> one.keys().isPresent());
        return journal(round, 0)
                .compose(done -> withKeys
                        ? keys(round, since, Long.MAX_VALUE, new ArrayList<>())
                        : Future.succeededFuture(List.of()))
                .map(found -> {
                    for (int i = found.size() - 1; i >= 0; i--) {
                        enter(round, found.get(i));
                    }
                    round.targets().forEach(target -> target.kept().loaded());
                    return round;
                })
                .compose(this::earlierKeys)
                .compose(done -> lastBlock());
    }

    private static void enter(Round round, StoredKeys found) {
        round.of(found.block().number()).keys().ifPresent(keys -> {
            if (found.posted()) {
                keys.incomplete(found.block().acceptedTo());
            } else {
                keys.add(found.block());
            }
        });
    }

    private static void place(Round round, Target target) {
        for (Retained retained : Retained.values()) {
            long alone = round.position(retained.wire());
            if (target.shard().isPresent()) {
                String own = retained.position(target.shard().getAsInt());
                target.kept().position(retained, Math.max(alone, round.position(own)));
                continue;
            }
            target.kept().position(retained, alone);
            for (int shard = 0; shard < LeaseName.SHARDS; shard++) {
                Optional<Long> own = Optional.ofNullable(round.positions().get(retained.position(shard)));
                if (own.isPresent()) {
                    target.kept().position(retained, shard, own.get());
                }
            }
        }
    }

    private Future<Map<String, Long>> positions() {
        return database.read(c -> c.query(MessageSql.POSITIONS).execute().map(rows -> {
            Map<String, Long> numbers = new HashMap<>();
            rows.forEach(row -> numbers.put(row.getString("name"), row.getLong("number")));
            return numbers;
        }));
    }

    private Future<Void> journal(Round round, long after) {
        return database.read(c -> c.preparedQuery(round.shared() ? MessageSql.JOURNAL_OF_SHARDS : MessageSql.JOURNAL)
                        .execute(round.parameters(after)))
                .compose(rows -> {
                    long last = after;
                    for (Row row : rows) {
                        last = row.getLong("number");
                        KeptMessages kept = round.of(last).kept();
                        for (JournalEntry entry : JournalCodec.entries(MessageQueries.bytes(row, "entries"))) {
                            kept.apply(entry, last);
                        }
                    }
                    return rows.size() < ROWS_AT_ONCE ? Future.succeededFuture() : journal(round, last);
                });
    }

    private Future<List<StoredKeys>> keys(Round round, Instant since, long before, List<StoredKeys> found) {
        Object at = since.atOffset(ZoneOffset.UTC);
        return database.read(c -> round.shared()
                        ? c.preparedQuery(MessageSql.KEYS_OF_SHARDS)
                                .execute(round.parameters(at, before, round.position(BLOCKS)))
                        : c.preparedQuery(MessageSql.KEYS).execute(round.parameters(at, before)))
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
                    return rows.size() < ROWS_AT_ONCE ? Future.succeededFuture(found) : keys(round, since, last, found);
                });
    }

    /** Keys of messages that a gateway alone moved into blocks are asked for in the database, whosesoever they are. */
    private Future<Void> earlierKeys(Round round) {
        if (!round.shared() || round.position(BLOCKS) == 0) {
            return Future.succeededFuture();
        }
        return database.read(c -> c.preparedQuery(MessageSql.ACCEPTED_BELOW).execute(Tuple.of(round.position(BLOCKS))))
                .map(rows -> {
                    Optional.ofNullable(rows.iterator().next().getOffsetDateTime("accepted_to"))
                            .ifPresent(at -> round.targets().forEach(target -> target.keys()
                                    .ifPresent(keys -> keys.incomplete(at.toInstant()))));
                    return null;
                });
    }

    private Future<Long> lastBlock() {
        return database.read(c -> c.query(MessageSql.LAST_BLOCK).execute().map(rows -> Optional.ofNullable(
                        rows.iterator().next().getLong("block"))
                .orElse(0L)));
    }
}
