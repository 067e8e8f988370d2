package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.MessageEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database made by the last gateway that kept each message in a row of its own: five messages from the operator to
 * {@code b}, acknowledged; one failed by the operator; two that wait. {@code b} is registered.
 */
class EarlierMessagesTest {
    private static final String MADE_BEFORE = "/messages/one-row-a-message.mv.db.gz";

    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();

    @TempDir
    Path temp;

    private Database database;

    @BeforeEach
    void open() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        try (InputStream packed = EarlierMessagesTest.class.getResourceAsStream(MADE_BEFORE)) {
            Files.copy(new GZIPInputStream(packed), folder.root().resolve("fairlead.mv.db"));
        }
        database = await(Database.open(vertx, Settings.defaults().db(), folder));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    private static MessageCommands.Page all(Optional<MessageEvent.Kind> status) {
        return new MessageCommands.Page(Optional.of("b"), Optional.empty(), status, 100, Optional.empty());
    }

    @Test
    void messages_that_wait_and_those_that_ended_are_taken_over_whole() throws Exception {
        await(new EarlierMessages(Ledger.of(database, new VertxScheduler(vertx))).takeOver());
        MessageStore store = new MessageStore(database, Ledger.of(database, new VertxScheduler(vertx)), time, 1_000);
        MessageStore.Open open = await(store.load());
        assertThat(open.messages()).extracting(StoredMessage::sequence).containsExactly(17L, 18L);
        assertThat(open.lastNumber()).isGreaterThanOrEqualTo(19);
        MessageQueries queries = store.queries();
        assertThat(await(queries.page(all(Optional.empty()))).messages())
                .extracting(MessageCommands.MessageSummary::sequence)
                .containsExactly(18L, 17L, 16L, 9L, 7L, 5L, 3L, 1L);
        List<MessageCommands.MessageSummary> acknowledged = await(
                        queries.page(all(Optional.of(MessageEvent.Kind.ACKNOWLEDGED))))
                .messages();
        assertThat(acknowledged).hasSize(5);
        MessageQueries.Whole first = await(queries.find(
                        ShownText.uuid(acknowledged.get(4).messageId()).orElseThrow()))
                .orElseThrow();
        assertThat(first.payload().text()).isEqualTo("{\"n\":1,\"text\":\"ä \\uD83D\\uDE00\"}");
        assertThat(first.message().accepted().correlationId()).contains("chain");
        assertThat(MessageQueries.attempts(first.history()))
                .extracting(MessageCommands.Attempt::outcome)
                .containsExactly(Optional.of(MessageEvent.Kind.ACKNOWLEDGED));
        MessageQueries.Whole waiting =
                await(queries.find(open.messages().get(0).id())).orElseThrow();
        assertThat(waiting.payload().text()).isEqualTo("{\"n\":7}");
    }

    @Test
    void a_takeover_cut_short_goes_on_and_takes_nothing_twice() throws Exception {
        int taken = await(database.write(c -> EarlierMessages.some(c, 3)));
        assertThat(taken).isEqualTo(3);
        await(new EarlierMessages(Ledger.of(database, new VertxScheduler(vertx))).takeOver());
        await(new EarlierMessages(Ledger.of(database, new VertxScheduler(vertx))).takeOver());
        MessageStore store = new MessageStore(database, Ledger.of(database, new VertxScheduler(vertx)), time, 1_000);
        await(store.load());
        assertThat(await(store.queries().page(all(Optional.empty()))).messages())
                .hasSize(8);
    }

    @Test
    void keys_given_before_are_known_and_numbers_go_on() throws Exception {
        await(new EarlierMessages(Ledger.of(database, new VertxScheduler(vertx))).takeOver());
        MessageStore store = new MessageStore(database, Ledger.of(database, new VertxScheduler(vertx)), time, 1_000);
        MessageStore.Open open = await(store.load());
        BusUnderTest test = new BusUnderTest();
        test.bus.know("b");
        test.bus.restore(open.messages(), open.lastNumber(), open.epochs());
        var again = test.bus.send(BusUnderTest.keyed("operator", "b", "key-7"));
        var settled = test.bus.send(BusUnderTest.keyed("operator", "b", "key-2"));
        var fresh = test.bus.send(BusUnderTest.keyed("operator", "b", "key-9"));
        Batch batch = test.bus.take();
        test.bus.committed(batch, await(store.write(batch)));
        assertThat(again.get())
                .isEqualTo(new MessageCommands.Sent(
                        open.messages().get(0).id().toString(), MessageEvent.Kind.ACCEPTED, true));
        assertThat(settled.get().known()).isTrue();
        assertThat(settled.get().status()).isEqualTo(MessageEvent.Kind.ACKNOWLEDGED);
        assertThat(fresh.get().known()).isFalse();
    }
}
