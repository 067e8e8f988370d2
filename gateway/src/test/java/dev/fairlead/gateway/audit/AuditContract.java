package dev.fairlead.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Alone;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of the trail on either database. */
abstract class AuditContract {
    private final Vertx vertx = Vertx.vertx();

    private final Bus bus = Bus.install(vertx);

    private final ManualTime time = new ManualTime();

    @TempDir
    Path temp;

    private Database database;

    private String deployment;

    abstract Settings.Db settings();

    @BeforeEach
    void start() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        await(database.write(c -> c.update("DELETE FROM audit")));
        deployment = await(vertx.deployVerticle(new AuditVerticle(database, new Alone("n"), time, v -> time)));
    }

    @AfterEach
    void stop() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void what_is_published_is_shown_newest_first() throws Exception {
        publish("first");
        publish("second");
        awaitKept(2);
        assertThat(targets(page(Optional.empty(), 10))).containsExactly("second", "first");
        assertThat(page(Optional.empty(), 10).entries().get(0))
                .isEqualTo(new AuditRequests.Entry(
                        time.instant(),
                        "operator",
                        "agent.revoke",
                        "second",
                        "127.0.0.1",
                        "ok",
                        "by hand",
                        1,
                        time.instant()));
    }

    @Test
    void what_is_refused_is_one_entry_a_minute_address_and_kind() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            refuse("anonymous", "access", "/path/" + i, "10.0.0.1");
        }
        refuse("anonymous", "login", "", "10.0.0.1");
        refuse("anonymous", "access", "/path", "10.0.0.2");
        settle();
        time.advance(AuditVerticle.GROUP_PERIOD);
        awaitKept(3);
        refuse("anonymous", "access", "/the/last", "10.0.0.1");
        settle();
        time.advance(AuditVerticle.GROUP_PERIOD);
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(page(Optional.empty(), 10).entries()).anySatisfy(entry -> {
                            assertThat(entry.count()).isEqualTo(1_001);
                            assertThat(entry.target()).isEqualTo("/the/last");
                            assertThat(entry.firstAt()).isBefore(entry.at());
                        }));
        time.advance(AuditGroups.SPAN);
        refuse("anonymous", "access", "/path", "10.0.0.1");
        settle();
        time.advance(AuditVerticle.GROUP_PERIOD);
        awaitKept(4);
    }

    @Test
    void more_addresses_than_are_kept_apart_share_an_entry() throws Exception {
        for (int i = 0; i < AuditGroups.MOST + 100; i++) {
            refuse("anonymous", "access", "/", "10.0." + i / 250 + "." + i % 250);
        }
        settle();
        time.advance(AuditVerticle.GROUP_PERIOD);
        awaitKept(AuditGroups.MOST + 1L);
        assertThat(page(Optional.empty(), AuditTrail.MAX_PAGE).entries()).anySatisfy(entry -> assertThat(entry)
                .returns(AuditGroups.ELSEWHERE, AuditRequests.Entry::address)
                .returns(100L, AuditRequests.Entry::count));
        refuse("agent:a", "agent.request", "agent.register", "10.0.0.1");
        settle();
        time.advance(AuditVerticle.GROUP_PERIOD);
        awaitKept(AuditGroups.MOST + 2L);
        assertThat(targets(page(Optional.empty(), 1))).containsExactly("agent.register");
    }

    @Test
    void what_was_refused_last_is_kept_at_a_stop() throws Exception {
        refuse("agent:a", "agent.request", "b", "10.0.0.1");
        settle();
        await(vertx.undeploy(deployment));
        assertThat(kept()).isEqualTo(1);
    }

    @Test
    void what_is_written_again_since_its_commit_was_in_doubt_stands_there_once() throws Exception {
        AuditTrail trail = new AuditTrail(database);
        AuditEvents.Recorded done =
                new AuditEvents.Recorded(time.instant(), "operator", "agent.revoke", "a", "127.0.0.1", "ok", "by hand");
        AuditEvents.Recorded refused =
                new AuditEvents.Recorded(time.instant(), "operator", "login", "", "127.0.0.1", "refused", "");
        List<AuditTrail.Keepable> batch =
                List.of(new AuditTrail.Entry(done), new AuditGroups.Row("group-1", refused, time.instant(), 3));
        for (int attempt = 0; attempt < 2; attempt++) {
            await(database.write(c -> {
                trail.keep(c, batch);
                return batch.size();
            }));
        }
        assertThat(kept()).isEqualTo(2);
    }

    @Test
    void pages_follow_each_other_without_gap_or_overlap() throws Exception {
        for (int i = 0; i < 25; i++) {
            publish("t" + i);
        }
        awaitKept(25);
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            AuditRequests.Entries page = page(cursor, 10);
            seen.addAll(targets(page));
            publish("later");
            cursor = page.cursor();
        } while (cursor.isPresent());
        assertThat(seen).hasSize(25).doesNotHaveDuplicates().startsWith("t24").endsWith("t0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"})
    void a_cursor_that_is_none_of_ours_is_refused(String cursor) throws Exception {
        ErrorCode refusal = await(bus.request(new AuditRequests.Page(Optional.of(cursor), 10))
                .map(ErrorCode.INTERNAL)
                .otherwise(e -> ((FairleadException) e).code()));
        assertThat(refusal).isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void entries_older_than_the_retention_go_in_batches() throws Exception {
        int old = AuditTrail.PRUNE_BATCH + 100;
        for (int i = 0; i < old; i++) {
            publish("old");
        }
        awaitKept(old);
        time.shiftWallClock(AuditVerticle.RETENTION);
        publish("young");
        awaitKept(old + 1);
        time.advance(AuditVerticle.PRUNE_PERIOD.plus(Duration.ofSeconds(1)));
        awaitKept(1);
        assertThat(targets(page(Optional.empty(), 10))).containsExactly("young");
    }

    @Test
    void a_stop_waits_for_what_is_underway() throws Exception {
        for (int i = 0; i < 200; i++) {
            publish("t");
        }
        await(bus.request(new AuditRequests.Page(Optional.empty(), 1)));
        await(vertx.undeploy(deployment));
        assertThat(kept()).isEqualTo(200);
    }

    @Test
    void texts_longer_than_their_column_are_cut() throws Exception {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(), "a".repeat(999), "x\0y", "😀".repeat(200), "b", "ok", "d".repeat(9_999)));
        awaitKept(1);
        AuditRequests.Entry entry = page(Optional.empty(), 1).entries().get(0);
        assertThat(entry.actor()).hasSize(255);
        assertThat(entry.action()).isEqualTo("x y");
        assertThat(entry.target()).isEqualTo("😀".repeat(127));
        assertThat(entry.detail()).hasSize(1024);
    }

    private void publish(String target) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(), "operator", "agent.revoke", target, "127.0.0.1", "ok", "by hand"));
    }

    /** What was published is heard: the answer comes from the same event loop. */
    private void settle() throws Exception {
        await(bus.request(new AuditRequests.Page(Optional.empty(), 1)));
    }

    private void refuse(String actor, String action, String target, String address) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(time.instant(), actor, action, target, address, "refused", "forbidden"));
    }

    private AuditRequests.Entries page(Optional<String> cursor, int limit) throws Exception {
        return await(bus.request(new AuditRequests.Page(cursor, limit)));
    }

    private static List<String> targets(AuditRequests.Entries page) {
        return page.entries().stream().map(AuditRequests.Entry::target).toList();
    }

    private void awaitKept(long entries) {
        Awaitility.await().until(() -> kept() == entries);
    }

    private long kept() throws Exception {
        return await(database.write(c -> c.queryOne("SELECT COUNT(*) AS n FROM audit", row -> row.number("n"))))
                .orElseThrow();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }
}
