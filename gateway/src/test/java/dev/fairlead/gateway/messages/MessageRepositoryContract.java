package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.MessageEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of messages on every database. */
abstract class MessageRepositoryContract {
    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();
    private final MessageBus bus = new MessageBus(time, BusUnderTest.RULES, new SplittableRandom());

    @TempDir
    Path temp;

    private Database database;
    private MessageQueries queries;

    abstract Settings.Db settings();

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        queries = new MessageQueries(database);
        await(database.write(c -> c.update("DELETE FROM messages") + c.update("DELETE FROM message_events")));
        bus.know("b");
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    private Batch.Released commit() throws Exception {
        Batch batch = bus.take();
        Instant keysSince = time.instant().minus(IdempotencyKey.LIFE);
        return bus.committed(batch, await(database.write(c -> MessageRepository.write(c, batch, keysSince))));
    }

    private MessageCommands.Sent send(MessageCommands.Send send) throws Exception {
        Supplier<MessageCommands.Sent> answer = bus.send(send);
        commit();
        return answer.get();
    }

    @Test
    void what_was_written_is_found_whole() throws Exception {
        String id = send(new MessageCommands.Send(
                        "a",
                        "b",
                        "t",
                        "{\"text\":\"\\u0000 ä 😀\"}",
                        Optional.of("chain"),
                        Optional.of("k"),
                        Optional.of(Duration.ofSeconds(90)),
                        Optional.of("token.valid")))
                .messageId();
        MessageQueries.Whole whole =
                await(queries.find(ShownText.uuid(id).orElseThrow())).orElseThrow();
        assertThat(whole.payload()).isEqualTo("{\"text\":\"\\u0000 ä 😀\"}");
        assertThat(whole.message().correlationId()).contains("chain");
        assertThat(whole.message().ttlMillis()).isEqualTo(90_000);
        assertThat(whole.message().needsToken()).isTrue();
        assertThat(await(queries.open()).messages()).containsExactly(whole.message());
    }

    @Test
    void a_key_is_known_for_24_hours() throws Exception {
        MessageCommands.Sent first = send(BusUnderTest.keyed("a", "b", "k"));
        assertThat(send(BusUnderTest.keyed("a", "b", "k")))
                .isEqualTo(new MessageCommands.Sent(first.messageId(), MessageEvent.Kind.ACCEPTED, true));
        time.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(send(BusUnderTest.keyed("a", "b", "k")).known()).isFalse();
        assertThat(send(BusUnderTest.keyed("a", "b", "k")).known()).isTrue();
    }

    @Test
    void a_payload_that_is_not_in_memory_is_read_with_the_lease() throws Exception {
        for (int i = 0; i < 100; i++) {
            send(BusUnderTest.message("a", "b"));
        }
        bus.connected("b", new Batch.Session("edge", 1, 1));
        List<Batch.Lease> leases = commit().leases();
        assertThat(leases).hasSize(64).allMatch(lease -> lease.payload().equals(Optional.of("{}")));
    }

    @Test
    void leases_and_ends_make_its_attempts_and_the_latest_events() throws Exception {
        bus.connected("b", new Batch.Session("edge", 1, 1));
        MessageCommands.Sent sent = send(BusUnderTest.message("a", "b"));
        bus.settle(new MessageCommands.Settle(
                MessageCommands.LeaseAction.FAIL, "b", 1, sent.messageId(), 1, Optional.of("busy")));
        commit();
        StoredMessage kept = await(queries.find(ShownText.uuid(sent.messageId()).orElseThrow()))
                .orElseThrow()
                .message();
        assertThat(kept.status()).isEqualTo(MessageEvent.Kind.RETRY_SCHEDULED);
        assertThat(kept.dueAt()).isPresent();
        List<MessageCommands.Attempt> attempts = await(queries.attempts(kept.sequence()));
        assertThat(attempts).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).contains(MessageEvent.Kind.RETRY_SCHEDULED);
            assertThat(attempt.detail()).contains("busy");
        });
        assertThat(await(queries.recent(10)))
                .extracting(MessageEvent::event)
                .containsExactly(
                        MessageEvent.Kind.ACCEPTED, MessageEvent.Kind.DELIVERED, MessageEvent.Kind.RETRY_SCHEDULED);
        assertThat(await(queries.open()).lastNumber()).isEqualTo(3);
    }

    @Test
    void pages_are_filtered_and_go_on_where_they_ended() throws Exception {
        bus.know("a");
        for (int i = 0; i < 5; i++) {
            send(BusUnderTest.message("a", "b"));
            send(BusUnderTest.message("b", "a"));
            send(BusUnderTest.message("c", "b"));
        }
        MessageCommands.Messages page = await(queries.page(new MessageCommands.Page(
                Optional.of("a"), Optional.empty(), Optional.of(MessageEvent.Kind.ACCEPTED), 7, Optional.empty())));
        assertThat(page.messages())
                .hasSize(7)
                .isSortedAccordingTo((x, y) -> Long.compare(y.sequence(), x.sequence()))
                .allMatch(one -> one.from().equals("a") || one.to().equals("a"));
        MessageCommands.Messages rest = await(queries.page(
                new MessageCommands.Page(Optional.of("a"), Optional.empty(), Optional.empty(), 7, page.cursor())));
        assertThat(rest.messages()).hasSize(3);
        assertThat(rest.cursor()).isEmpty();
    }

    @Test
    void what_ended_long_ago_is_removed_a_few_at_a_time() throws Exception {
        for (int i = 0; i < 3; i++) {
            bus.override(
                    send(BusUnderTest.message("a", "b")).messageId(), MessageEvent.Kind.ACKNOWLEDGED, Optional.empty());
        }
        commit();
        Instant then = time.instant();
        assertThat(pruned(then)).isZero();
        assertThat(pruned(then.plusSeconds(1))).isEqualTo(2);
        assertThat(pruned(then.plusSeconds(1))).isEqualTo(1);
    }

    private int pruned(Instant before) throws Exception {
        return await(database.write(c -> MessageRepository.prune(c, MessageEvent.Kind.ACKNOWLEDGED, before, 2)));
    }
}
