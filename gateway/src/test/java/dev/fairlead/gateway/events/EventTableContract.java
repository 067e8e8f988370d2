package dev.fairlead.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.events.EventTable.Told;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of the kept events on either database. */
abstract class EventTableContract {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00.123456Z");

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    private Database database;
    private EventTable table;

    abstract Settings.Db settings();

    @BeforeEach
    void start() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        await(database.write(c -> c.update("DELETE FROM events")));
        table = new EventTable(database);
    }

    @AfterEach
    void stop() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void what_two_nodes_tell_is_kept_once_with_the_place_it_had_first() throws Exception {
        Told told = told(1);
        Told elsewhere = new Told(NOON.plusSeconds(9), new StreamPosition("other", 77), told.event());
        add(told, elsewhere);
        add(elsewhere);

        assertThat(await(table.latest(10))).containsExactly(told);
    }

    @Test
    void pages_go_from_the_newest_to_the_oldest() throws Exception {
        add(told(1), told(2), told(3));

        EventCommands.Kept first = await(table.page(Optional.empty(), 2));
        EventCommands.Kept second = await(table.page(first.cursor(), 2));
        assertThat(first.events()).containsExactly(told(3).event(), told(2).event());
        assertThat(second.events()).containsExactly(told(1).event());
        assertThat(second.cursor()).isEmpty();
    }

    @Test
    void what_happened_from_a_moment_on_is_told_oldest_first_and_cut_at_its_start() throws Exception {
        add(told(1), told(2), told(3));

        assertThat(await(table.since(NOON.plusSeconds(2), 9))).containsExactly(told(2), told(3));
        assertThat(await(table.since(NOON, 2))).containsExactly(told(2), told(3));
    }

    @Test
    void a_cursor_of_an_event_that_is_not_there_leads_to_what_was_told_before_it() throws Exception {
        add(told(1), told(3));
        Told lost = told(2);

        assertThat(await(table.page(Optional.of(EventTable.cursor(lost.at(), lost.event())), 5))
                        .events())
                .containsExactly(told(1).event());
    }

    @Test
    void what_is_older_than_it_is_kept_goes() throws Exception {
        add(told(1), told(2));

        await(database.write(c -> EventTable.prune(c, NOON.plusSeconds(2).plus(EventTable.RETENTION))));

        assertThat(await(table.latest(5))).containsExactly(told(2));
    }

    private void add(Told... told) throws Exception {
        await(database.write(c -> {
            table.keep(c, List.of(told));
            return told.length;
        }));
    }

    private static Told told(int n) {
        Instant at = NOON.plusSeconds(n);
        return new Told(
                at,
                new StreamPosition("e", n),
                new EventsFrame.InstanceEvent(
                        "i" + n, "status_changed", InstanceStatus.RUNNING, at.truncatedTo(ChronoUnit.MILLIS)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
