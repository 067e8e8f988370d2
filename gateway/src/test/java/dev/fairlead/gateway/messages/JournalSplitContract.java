package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.MessageEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal goes from a gateway alone to shards and back, and nothing of it is lost, nor there twice. */
abstract class JournalSplitContract {
    private static final int KEYS = 10_000;
    private static final List<String> AGENTS = List.of("b", "c", "d", "e");

    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();

    @TempDir
    Path temp;

    private Database database;

    abstract Settings.Db settings();

    /** One that keeps messages, with what it has in memory. */
    private final class Keeper {
        final MessageBus bus;
        final MessageStore store;

        Keeper(JournalPart part) throws Exception {
            bus = new MessageBus(
                    time,
                    BusUnderTest.RULES,
                    new SplittableRandom(),
                    part.numbering(),
                    new Uncommitted(),
                    new PayloadCache());
            store = new MessageStore(database, new JournalLoader(database), part, time, KEYS);
            AGENTS.forEach(bus::know);
            MessageStore.Open open = await(store.load());
            bus.restore(open.messages(), open.lastNumber(), open.epochs());
        }

        Batch.Released commit() throws Exception {
            Batch batch = bus.take();
            Batch.Released released = bus.committed(batch, await(store.write(batch)));
            await(store.moved());
            return released;
        }

        String send(String to, String key) throws Exception {
            Supplier<MessageCommands.Sent> answer = bus.send(BusUnderTest.keyed("a", to, key));
            commit();
            return answer.get().messageId();
        }

        void acknowledge(String id) throws Exception {
            bus.override(id, MessageEvent.Kind.ACKNOWLEDGED, Optional.empty());
            commit();
        }
    }

    private Keeper alone() throws Exception {
        return new Keeper(JournalPart.alone(ledger(), time));
    }

    private Keeper of(String agent) throws Exception {
        int shard = LeaseName.shardOf(agent);
        return new Keeper(JournalPart.of(shard, new Fence(LeaseName.shard(shard).text(), "n1", 1), ledger(), time));
    }

    private Ledger ledger() {
        return Ledger.of(database, new VertxScheduler(vertx));
    }

    private void split() throws Exception {
        await(new JournalSplit(ledger()).run(Instant.EPOCH));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void what_a_gateway_alone_kept_goes_on_in_shards_and_alone_again() throws Exception {
        TreeMap<String, MessageEvent.Kind> expected = new TreeMap<>();
        Keeper alone = alone();
        List<String> open = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String id = alone.send(AGENTS.get(i % AGENTS.size()), "k" + i);
            expected.put(id, MessageEvent.Kind.ACCEPTED);
            if (i % 3 == 0) {
                alone.acknowledge(id);
                expected.put(id, MessageEvent.Kind.ACKNOWLEDGED);
            } else {
                open.add(id);
            }
            if (i == 20) {
                time.advance(JournalPart.BLOCK_DELAY.plusSeconds(1));
                alone.store.moveAged();
                await(alone.store.moved());
            }
        }
        split();
        split(); // finds it done
        List<Keeper> shards = new ArrayList<>();
        for (String agent : AGENTS) {
            shards.add(of(agent));
        }
        assertThat(shards.stream().mapToInt(shard -> shard.bus.open()).sum()).isEqualTo(open.size());
        for (int i = 0; i < 40; i++) {
            String id = shards.get(i % AGENTS.size()).send(AGENTS.get(i % AGENTS.size()), "k" + i);
            assertThat(expected).as("a key from before is known").containsKey(id);
        }
        for (String id : open.subList(0, 10)) {
            for (Keeper shard : shards) {
                if (shard.bus.isOpen(id)) {
                    shard.acknowledge(id);
                    expected.put(id, MessageEvent.Kind.ACKNOWLEDGED);
                }
            }
        }
        for (int i = 0; i < AGENTS.size(); i++) {
            String id = shards.get(i).send(AGENTS.get(i), "new");
            expected.put(id, MessageEvent.Kind.ACCEPTED);
        }
        time.advance(JournalPart.SHARD_DELAY.plusSeconds(1));
        for (Keeper shard : shards) {
            shard.store.moveAged();
            await(shard.store.moved());
        }
        assertThat(rowsOfAcknowledged()).as("of two shards and more").isGreaterThan(2);

        Keeper again = alone();
        assertThat(found(again)).isEqualTo(expected);
        for (int i = 0; i < AGENTS.size(); i++) {
            assertThat(expected).containsKey(again.send(AGENTS.get(i), "k" + (36 + i)));
        }
        String last = again.send("b", "last");
        again.acknowledge(last);
        expected.put(last, MessageEvent.Kind.ACKNOWLEDGED);
        time.advance(JournalPart.BLOCK_DELAY.plusSeconds(1));
        again.store.moveAged();
        await(again.store.moved());
        split();
        Keeper b = of("b");
        assertThat(b.send("b", "last")).isEqualTo(last);
        assertThat(found(alone())).isEqualTo(expected);
    }

    @Test
    void keys_of_what_a_gateway_alone_moved_into_blocks_are_known_to_shards_though_no_row_of_it_is_left()
            throws Exception {
        for (String time : List.of("first", "second")) { // from alone to several, and back, and again
            await(new JournalSplit(ledger()).keptAlone());
            Keeper alone = alone();
            String id = alone.send("b", time);
            alone.acknowledge(id);
            this.time.advance(JournalPart.BLOCK_DELAY.plusSeconds(1));
            alone.store.moveAged();
            await(alone.store.moved());
            await(database.write(c -> c.update("UPDATE message_positions SET number ="
                    + " (SELECT MAX(number) FROM message_journal) WHERE name = 'numbers'")));
            await(database.write(c -> c.update("DELETE FROM message_journal")));
            split();

            List<Long> others = await(database.write(c -> c.query(
                    "SELECT block FROM message_blocks WHERE NOT keys_posted OR block > (SELECT number"
                            + " FROM message_positions WHERE name = 'blocks')",
                    row -> row.number("block"))));
            assertThat(others)
                    .as("blocks whose keys shards would look for in their own")
                    .isEmpty();
        }
    }

    private Map<String, MessageEvent.Kind> found(Keeper keeper) throws Exception {
        TreeMap<String, MessageEvent.Kind> found = new TreeMap<>();
        for (MessageCommands.MessageSummary one : await(keeper.store
                        .queries()
                        .page(new MessageCommands.Page(
                                Optional.empty(), Optional.empty(), Optional.empty(), 1_000, Optional.empty())))
                .messages()) {
            assertThat(found.put(one.messageId(), one.status())).isNull();
        }
        return found;
    }

    private int rowsOfAcknowledged() throws Exception {
        return await(database.write(c -> c.query(
                        "SELECT name FROM message_positions WHERE name LIKE 'acknowledged/%' AND number > 0",
                        row -> row.string("name"))))
                .size();
    }
}
