package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.instances.InstanceCommands.History;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of the history of instances on either database. */
abstract class InstanceHistoryContract {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00.123456Z");

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    private Database database;
    private InstanceHistory history;

    abstract Settings.Db settings();

    @BeforeEach
    void start() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        await(database.write(c -> c.update("DELETE FROM instance_events")));
        history = new InstanceHistory(database);
    }

    @AfterEach
    void stop() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void pages_go_from_the_newest_to_the_oldest_of_that_instance_alone() throws Exception {
        for (int i = 0; i < 5; i++) {
            late("a", entry(NOON.plusSeconds(i), "running"));
            late("b", entry(NOON.plusSeconds(i), "failed"));
        }
        History first = await(history.page("a", Optional.empty(), 3));
        History second = await(history.page("a", first.cursor(), 3));
        assertThat(first.events())
                .extracting(HistoryEntry::at)
                .containsExactly(NOON.plusSeconds(4), NOON.plusSeconds(3), NOON.plusSeconds(2));
        assertThat(second.events()).extracting(HistoryEntry::at).containsExactly(NOON.plusSeconds(1), NOON);
        assertThat(second.cursor()).isEmpty();
        assertThat(first.events()).allMatch(entry -> entry.kind().equals("running"));
    }

    @Test
    void an_entry_comes_back_whole() throws Exception {
        HistoryEntry whole = new HistoryEntry(
                NOON,
                "exited",
                Optional.of("It exited with code 3"),
                Optional.of(3),
                Optional.of(77L),
                2,
                Optional.of("operator"),
                List.of("one", "\"two\""));
        late("a", whole);
        assertThat(await(history.page("a", Optional.empty(), 10)).events()).containsExactly(whole);
    }

    @Test
    void what_was_stored_after_all_is_not_stored_again() throws Exception {
        late("a", entry(NOON, "running"));
        late("a", entry(NOON, "running"));
        late("a", entry(NOON, "exited"));
        assertThat(await(history.page("a", Optional.empty(), 10)).events()).hasSize(2);
    }

    @Test
    void what_is_older_than_it_is_kept_goes_and_nothing_else() throws Exception {
        await(database.write(c -> {
            for (int i = 0; i < InstanceHistory.PRUNE_BATCH + 10; i++) {
                InstanceHistory.catchUp(c, "a", List.of(entry(NOON.plusMillis(i), "running")));
            }
            return null;
        }));
        Instant kept = NOON.plus(InstanceHistory.RETENTION);
        late("a", entry(kept, "stopped"));
        for (int batch = 0; batch < 2; batch++) {
            await(database.write(c -> InstanceHistory.prune(c, kept.plusSeconds(1))));
        }
        assertThat(await(history.page("a", Optional.empty(), 10)).events())
                .extracting(HistoryEntry::kind)
                .containsExactly("stopped");
    }

    @Test
    void a_cursor_that_is_none_is_refused() {
        assertThatThrownBy(() -> history.page("a", Optional.of("x"), 10))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("'before'");
    }

    private static HistoryEntry entry(Instant at, String kind) {
        return new HistoryEntry(
                at, kind, Optional.empty(), Optional.empty(), Optional.empty(), 0, Optional.empty(), List.of());
    }

    private void late(String instance, HistoryEntry entry) throws Exception {
        await(database.write(c -> {
            InstanceHistory.catchUp(c, instance, List.of(entry));
            return null;
        }));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }
}
