package dev.fairlead.gateway.faces.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of the turns of this face, on either database. Ids are unique per test. */
abstract class RunRowsContract {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String NODE = "node";

    private final Vertx vertx = Vertx.vertx();
    private final String owner = "openai:" + UUID.randomUUID();

    @TempDir
    Path temp;

    private Database database;

    abstract Settings.Db settings();

    @BeforeEach
    void open() throws Exception {
        database = Database.open(vertx, settings(), DataFolder.open(temp.resolve("data")))
                .await(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        database.close().await(60, TimeUnit.SECONDS);
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    @Test
    void a_turn_is_known_by_its_id_to_its_owner_alone() throws Exception {
        RunRows.Stored kept = add(Run.Kind.RESPONSE, NOON, Optional.empty());
        assertThat(one(c -> RunRows.find(c, id(kept), owner))).contains(kept);
        assertThat(one(c -> RunRows.find(c, id(kept), "operator"))).isEmpty();
        assertThat(many(c -> RunRows.running(c, NODE))).contains(kept);
        write(c -> RunRows.reserve(c, id(kept), 2_000));
        write(c -> RunRows.reserve(c, id(kept), 1_500)); // kept late, after a fault of the database
        assertThat(one(c -> RunRows.find(c, id(kept), owner)).orElseThrow().numbers())
                .isEqualTo(2_000);
        write(c -> RunRows.end(c, id(kept), 200, 2_007, "{\"a\":\"\u00e4\"}"));
        RunRows.Stored ended = one(c -> RunRows.find(c, id(kept), owner)).orElseThrow();
        assertThat(ended.running()).isFalse();
        assertThat(ended.numbers()).isEqualTo(2_007);
        assertThat(ended.answer()).contains("{\"a\":\"\u00e4\"}");
        assertThat(many(c -> RunRows.running(c, NODE))).doesNotContain(kept);
    }

    @Test
    void the_latest_turn_with_the_same_request_is_known_again_for_a_while() throws Exception {
        add(Run.Kind.COMPLETION, NOON, Optional.empty());
        RunRows.Stored latest = add(Run.Kind.COMPLETION, NOON.plusSeconds(1), Optional.empty());
        assertThat(one(c -> RunRows.same(c, owner, "hash", NOON))).contains(latest);
        assertThat(one(c -> RunRows.same(c, owner, "hash", NOON.plusSeconds(2))))
                .isEmpty();
        assertThat(one(c -> RunRows.same(c, owner, "other", NOON))).isEmpty();
    }

    @Test
    void what_one_is_a_sequel_of_comes_before_it() throws Exception {
        RunRows.Stored first = add(Run.Kind.RESPONSE, NOON, Optional.empty());
        RunRows.Stored second = add(Run.Kind.RESPONSE, NOON.plusSeconds(1), Optional.of(id(first)));
        assertThat(many(c -> RunRows.chain(c, id(second), owner))).containsExactly(first, second);
        assertThat(many(c -> RunRows.chain(c, "resp_0", owner))).isEmpty();
        long others = write(c -> RunRows.others(c, first.facts().sessionId(), id(first)));
        assertThat(others).isEqualTo(1);
    }

    @Test
    void completions_are_pruned_and_responses_beyond_so_many_are_told() throws Exception {
        RunRows.Stored completion = add(Run.Kind.COMPLETION, NOON, Optional.empty());
        RunRows.Stored response = add(Run.Kind.RESPONSE, NOON, Optional.empty());
        RunRows.Stored later = add(Run.Kind.RESPONSE, NOON.plusSeconds(5), Optional.empty());
        for (RunRows.Stored each : List.of(completion, response, later)) {
            write(c -> RunRows.end(c, id(each), 200, 5, "{}"));
        }
        write(c -> RunRows.prune(c, NOON.plusSeconds(1)));
        assertThat(one(c -> RunRows.find(c, id(completion), owner))).isEmpty();
        assertThat(many(c -> RunRows.beyond(c, owner, 1)))
                .extracting(RunRowsContract::id)
                .containsExactly(id(response));
        write(c -> RunRows.remove(c, id(response)));
        assertThat(many(c -> RunRows.beyond(c, owner, 1))).isEmpty();
    }

    @Test
    void a_conversation_is_kept_until_it_is_removed() throws Exception {
        Conversations.Known known = new Conversations.Known(
                "conv_" + UUID.randomUUID(),
                "conv-1",
                List.of(FrameCodec.object().put("id", "msg_1")),
                FrameCodec.object().put("a", "b"),
                NOON);
        write(c -> ConversationRows.add(c, known, owner, "[{\"id\":\"msg_1\"}]"));
        assertThat(conversation(c -> ConversationRows.find(c, known.id(), owner)))
                .contains(known);
        assertThat(conversation(c -> ConversationRows.find(c, known.id(), "operator")))
                .isEmpty();
        write(c -> ConversationRows.update(c, known.id(), "{}"));
        assertThat(conversation(c -> ConversationRows.find(c, known.id(), owner))
                        .orElseThrow()
                        .metadata())
                .isEmpty();
        write(c -> ConversationRows.remove(c, known.id()));
        assertThat(conversation(c -> ConversationRows.find(c, known.id(), owner)))
                .isEmpty();
    }

    private RunRows.Stored add(Run.Kind kind, Instant at, Optional<String> previous) throws Exception {
        RunRows.Stored row = new RunRows.Stored(
                new Run.Facts("run-" + UUID.randomUUID(), kind, owner, "s-" + owner.substring(7), "operator", "hash"),
                true,
                0,
                Runs.NUMBERS,
                previous,
                Optional.empty(),
                at,
                "{\"input\":[]}",
                Optional.empty());
        write(c -> RunRows.add(c, row, NODE));
        return row;
    }

    private static String id(RunRows.Stored row) {
        return row.facts().id();
    }

    private Optional<RunRows.Stored> one(WriteUnit<Optional<RunRows.Stored>> unit) throws Exception {
        return write(unit);
    }

    private List<RunRows.Stored> many(WriteUnit<List<RunRows.Stored>> unit) throws Exception {
        return write(unit);
    }

    private Optional<Conversations.Known> conversation(WriteUnit<Optional<Conversations.Known>> unit) throws Exception {
        return write(unit);
    }

    private <T> T write(WriteUnit<T> unit) throws Exception {
        return database.write(unit).await(60, TimeUnit.SECONDS);
    }
}
