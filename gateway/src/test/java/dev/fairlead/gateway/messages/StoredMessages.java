package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Messages in a database of a test: the rules of the bus, the store, and what both are asked. */
abstract class StoredMessages {
    final Vertx vertx = Vertx.vertx();
    final ManualTime time = new ManualTime();
    final MessageBus bus = new MessageBus(time, BusUnderTest.RULES, new SplittableRandom());

    static final List<String> TABLES = List.of(
            "messages", "message_events", "message_journal", "message_blocks", "message_records", "message_postings");

    static final int MANY_KEYS = 100_000;

    @TempDir
    Path temp;

    Database database;
    MessageStore store;
    MessageQueries queries;

    abstract Settings.Db settings();

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        for (String table : TABLES) {
            await(database.write(c -> c.update("DELETE FROM " + table)));
        }
        await(database.write(c -> c.update("UPDATE message_positions SET number = 0")));
        restart(MANY_KEYS);
        bus.know("b");
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    /** Another gateway takes up what is kept. */
    void restart(int keysInMemory) throws Exception {
        store = new MessageStore(database, Ledger.of(database, new VertxScheduler(vertx)), time, keysInMemory);
        queries = store.queries();
        MessageStore.Open open = await(store.load());
        bus.clear();
        bus.restore(open.messages(), open.lastNumber(), open.epochs());
    }

    Batch.Released commit() throws Exception {
        Batch batch = bus.take();
        Batch.Written written = await(store.write(batch));
        moved();
        return bus.committed(batch, written);
    }

    MessageCommands.Sent send(MessageCommands.Send send) throws Exception {
        Supplier<MessageCommands.Sent> answer = bus.send(send);
        commit();
        return answer.get();
    }

    MessageQueries.Whole find(String id) throws Exception {
        return await(queries.find(ShownText.uuid(id).orElseThrow())).orElseThrow();
    }

    /** Sends as many as fill a block, and more; all are acknowledged by the operator. */
    List<String> acknowledged(int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Supplier<MessageCommands.Sent> answer = bus.send(keyed(i));
            if (i % 100 == 0 || i == count - 1) {
                commit();
            }
            ids.add(answer.get().messageId());
        }
        ids.forEach(id -> bus.override(id, MessageEvent.Kind.ACKNOWLEDGED, Optional.empty()));
        commit();
        moved();
        return ids;
    }

    void moved() throws Exception {
        for (int i = 0; i < 10; i++) { // one move may start the next
            await(store.moved());
        }
    }

    long count(String table) throws Exception {
        return await(database.write(c -> c.queryOne("SELECT COUNT(*) AS n FROM " + table, row -> row.number("n"))
                .orElseThrow()));
    }

    List<Long> walk(Optional<String> instance, Optional<String> correlationId, Optional<MessageEvent.Kind> status)
            throws Exception {
        List<Long> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            MessageCommands.Messages page =
                    await(queries.page(new MessageCommands.Page(instance, correlationId, status, 100, cursor)));
            page.messages().forEach(one -> found.add(one.sequence()));
            cursor = page.cursor();
        } while (cursor.isPresent());
        assertThat(found).isSortedAccordingTo(Comparator.reverseOrder());
        return found;
    }

    static MessageCommands.Send keyed(int number) {
        return new MessageCommands.Send(
                "a",
                "b",
                "t",
                RawJson.ofText("{\"n\":" + number + "}"),
                Optional.of("chain-" + number % 7),
                Optional.of("key-" + number),
                Optional.empty(),
                Optional.empty());
    }

    List<String> acknowledgedWith(String prefix, int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Supplier<MessageCommands.Sent> answer = bus.send(BusUnderTest.keyed("a", "b", prefix + i));
            if (i % 32 == 0) {
                commit();
            }
            bus.override(answer.get().messageId(), MessageEvent.Kind.ACKNOWLEDGED, Optional.empty());
            ids.add(answer.get().messageId());
        }
        commit();
        moved();
        return ids;
    }

    List<String> failed(int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(bus.send(BusUnderTest.message("a", "b")).get().messageId());
            bus.override(ids.get(i), MessageEvent.Kind.FAILED, Optional.of("no"));
        }
        commit();
        moved();
        return ids;
    }
}
