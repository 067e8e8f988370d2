package dev.fairlead.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventJournalTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    private Database database;
    private EventTable table;

    @BeforeEach
    void start() throws Exception {
        Settings.Db settings = new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
        database = await(Database.open(vertx, settings, DataFolder.open(temp.resolve("data"))));
        table = new EventTable(database);
    }

    @AfterEach
    void stop() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void what_was_told_is_in_the_next_page_and_its_close_leaves_nothing_unwritten() throws Exception {
        int more = 3 * 256 + 5; // than one write takes
        EventJournal journal = new EventJournal(table, new VertxScheduler(vertx));
        assertThat(onLoop(() -> {
                            for (int i = 1; i <= more; i++) {
                                journal.keep(told(i));
                            }
                            return journal.page(Optional.empty(), 2);
                        })
                        .events())
                .containsExactly(told(more).event(), told(more - 1).event());
        onLoop(() -> {
            journal.keep(told(more + 1));
            return journal.close();
        });
        assertThat(await(table.latest(more + 10))).hasSize(more + 1).last().isEqualTo(told(more + 1));
    }

    @Test
    void what_is_more_than_may_wait_is_told_and_not_kept() throws Exception {
        EventJournal journal = new EventJournal(table, new VertxScheduler(vertx));
        int most = EventJournal.MOST_WAITING;
        onLoop(() -> {
            for (int i = 1; i <= most + 50; i++) {
                journal.keep(told(i)); // in one turn: nothing is written meanwhile
            }
            return journal.close();
        });
        assertThat(await(table.latest(most + 100))).hasSize(most).first().isEqualTo(told(1));
    }

    private <T> T onLoop(Supplier<Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        vertx.runOnContext(turn -> work.get().onComplete(done));
        return await(done.future());
    }

    private static EventTable.Told told(int n) {
        Instant at = NOON.plusSeconds(n);
        return new EventTable.Told(
                at,
                new StreamPosition("e", n),
                new EventsFrame.InstanceEvent("i" + n, "status_changed", InstanceStatus.RUNNING, at));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
