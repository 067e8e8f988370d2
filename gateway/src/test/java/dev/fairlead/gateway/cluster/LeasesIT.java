package dev.fairlead.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.LeaseLostException;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.time.VertxScheduler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes on one real PostgreSQL, each with connections and clocks of its own. */
@Tag("alone") // it holds what takes time against leases of seconds
class LeasesIT extends OwnershipContract {
    private static final Duration LEASE = LeaseRules.SHORTEST;
    private static final Duration TAKE_OVER = LEASE.multipliedBy(3).dividedBy(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final LeaseName SHARD = LeaseName.shard(0);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private final Deque<Supplier<Future<?>>> undo = new ArrayDeque<>();

    private Node n1;

    /** As a process of its own. */
    private final class Node {
        private final Vertx vertx = Vertx.vertx();
        /** What goes on by itself: without it the node is as one that was stopped or killed. */
        private final Vertx life = Vertx.vertx();

        private final MovableTime time = new MovableTime();
        private final Database database;
        private final Leases leases;
        private boolean stopped;

        Node(String name) throws Exception {
            undo.push(() -> vertx.close());
            database = Database.openShared(
                            vertx,
                            postgres.server().settings(),
                            DataFolder.open(temp.resolve("data" + undo.size())),
                            LEASE.dividedBy(3))
                    .await();
            undo.push(database::close);
            undo.push(() -> stopped ? Future.succeededFuture() : life.close());
            leases = new Leases(life, database, name, LEASE, POLL, time, new VertxScheduler(life));
        }

        Node join() throws Exception {
            leases.start().await(10, TimeUnit.SECONDS);
            undo.push(() -> stopped ? Future.succeededFuture() : leases.leave());
            return this;
        }

        /** It does nothing any more by itself; what it has in memory stays. */
        void stop() {
            stopped = true;
            life.close().await();
        }

        boolean owns(LeaseName name) {
            return leases.fence(name).isPresent();
        }

        Future<Integer> write(List<Fence> under, String what) {
            return database.write(under, c -> c.update("INSERT INTO written (what) VALUES (?)", what));
        }
    }

    @Test
    void a_node_that_was_forgotten_comes_back_in_a_later_life() throws Exception {
        Node gone = new Node("gone").join();
        long life = gone.leases.life("gone").orElseThrow();
        gone.leases.leave().await(10, TimeUnit.SECONDS);
        postgres.server().execute("DELETE FROM leases WHERE name = 'node/gone'");

        assertThat(new Node("gone").join().leases.life("gone").orElseThrow()).isGreaterThan(life);
    }

    @BeforeEach
    void begin() throws Exception {
        n1 = new Node("n1");
        postgres.server().execute("DROP TABLE IF EXISTS written");
        postgres.server().execute("CREATE TABLE written (what TEXT)");
        n1.join();
    }

    @AfterEach
    void end() throws Exception {
        while (!undo.isEmpty()) {
            undo.pop().get().await(10, TimeUnit.SECONDS);
        }
        postgres.server().execute("DELETE FROM leases");
    }

    @Override
    Ownership first() {
        return n1.leases;
    }

    @Override
    Database database() {
        return n1.database;
    }

    @Test
    void two_nodes_share_the_shards_and_agree_on_who_has_what() throws Exception {
        all(n1.leases);
        Node n2 = new Node("n2").join();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(LeaseName.all().filter(n1::owns)).hasSize(34);
            assertThat(LeaseName.all().filter(n2::owns)).hasSize(32);
            assertThat(LeaseName.all()).allSatisfy(name -> assertThat(n1.leases.owner(name))
                    .isEqualTo(n2.leases.owner(name))
                    .contains(n1.owns(name) ? "n1" : "n2"));
        });
        assertThat(n2.leases.nodes()).isEqualTo(Set.of("n1", "n2"));
        LeaseName others = LeaseName.all().filter(n2::owns).findFirst().orElseThrow();
        assertThatThrownBy(() -> n1.leases.under(List.of(SHARD, others)))
                .isInstanceOfSatisfying(
                        NotOwnerException.class, not -> assertThat(not.owner()).contains("n2"));
    }

    @Test
    void what_a_killed_node_had_is_taken_over_when_its_leases_are_over_and_not_before() throws Exception {
        all(n1.leases);
        Node n2 = new Node("n2").join();
        await().atMost(SOON).until(() -> LeaseName.all().filter(n2::owns).count() == 32);
        long before = n1.leases.fence(LeaseName.UPSTREAM).orElseThrow().number();
        n1.stop();
        await().atMost(TAKE_OVER).until(() -> {
            boolean both = LeaseName.all().anyMatch(name -> n1.owns(name) && n2.owns(name));
            assertThat(both).isFalse();
            return LeaseName.all().allMatch(n2::owns);
        });
        assertThat(n2.leases.fence(LeaseName.UPSTREAM).orElseThrow().number()).isGreaterThan(before);
        assertThat(n2.leases.nodes()).isEqualTo(Set.of("n2"));
    }

    @Test
    void what_a_node_leaves_is_handed_over_without_waiting_for_its_leases() throws Exception {
        Node n2 = new Node("n2").join();
        await().atMost(SOON).until(() -> LeaseName.all().filter(n2::owns).count() == 32);
        List<OwnershipChange> heard = new ArrayList<>();
        n1.leases.listen(change -> {
            synchronized (heard) {
                heard.add(change);
            }
        });
        n1.leases.leave().await(2, TimeUnit.SECONDS);
        assertThat(LeaseName.all()).noneMatch(n1::owns);
        await().atMost(LEASE.dividedBy(2)).until(() -> LeaseName.all().allMatch(n2::owns));
        synchronized (heard) {
            assertThat(heard.stream().filter(OwnershipChange.Lost.class::isInstance))
                    .hasSize(35);
        }
    }

    @Test
    void a_stale_owners_commit_is_refused_and_its_neighbours_are_none_the_worse() throws Exception {
        all(n1.leases);
        List<Fence> stale = n1.leases.under(List.of(SHARD));
        n1.write(stale, "owner").await();
        Node n2 = follow(new Node("n2").join());

        Future<Integer> refused = n1.write(stale, "zombie");
        Future<Integer> neighbour = n1.write(List.of(), "neighbour");
        assertThatThrownBy(refused::await).isInstanceOfSatisfying(LeaseLostException.class, lost -> {
            assertThat(lost.lease()).isEqualTo(SHARD.text());
            assertThat(lost.refusal().code().retryable()).isTrue();
        });
        neighbour.await();
        n2.write(n2.leases.under(List.of(SHARD)), "successor").await();
        assertThat(written()).containsExactly("owner", "neighbour", "successor");
    }

    @Test
    void a_node_that_stands_still_in_the_middle_of_a_commit_does_not_keep_its_locks() throws Exception {
        all(n1.leases);
        Node n2 = new Node("n2").join();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        Future<Integer> paused = n1.database.write(n1.leases.under(List.of(SHARD)), c -> {
            int rows = c.update("INSERT INTO written (what) VALUES ('paused')");
            inside.countDown();
            try {
                awake.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return rows;
        });
        inside.await();
        follow(n2);
        n2.write(n2.leases.under(List.of(SHARD)), "successor").await();
        awake.countDown();
        assertThatThrownBy(paused::await).isInstanceOf(RuntimeException.class);
        assertThat(written()).containsExactly("successor");
    }

    @Test
    void a_nodes_own_clocks_count_for_what_it_may_do_and_its_wall_clock_for_nothing() {
        all(n1.leases);
        n1.time.shiftWallClock(Duration.ofDays(400));
        assertThat(n1.owns(SHARD)).isTrue();
        n1.time.shiftWallClock(Duration.ofDays(-800));
        assertThat(n1.owns(SHARD)).isTrue();
        n1.time.advance(LEASE);
        assertThat(n1.owns(SHARD)).as("it slept through its lease").isFalse();
        await().atMost(TAKE_OVER.plus(SOON)).until(() -> LeaseName.all().allMatch(n1::owns));
    }

    @Test
    void another_node_of_the_same_name_does_not_join() throws Exception {
        all(n1.leases);
        Node twin = new Node("n1");
        assertThatThrownBy(() -> twin.leases.start().await(10, TimeUnit.SECONDS))
                .hasMessageContaining("n1")
                .hasMessageContaining("node-id");
        assertThat(LeaseName.all()).noneMatch(twin::owns).allMatch(n1::owns);
    }

    @Test
    @Tag("slow")
    void a_database_that_does_not_answer_is_no_twin() throws Exception {
        Node n2 = new Node("n2");
        postgres.server().silence();
        try {
            assertThatThrownBy(() -> n2.leases.start().await(10, TimeUnit.SECONDS))
                    .hasMessageContaining("does not answer")
                    .hasMessageNotContaining("n2");
        } finally {
            postgres.server().answer();
        }
    }

    @Test
    @Tag("slow")
    void while_the_database_is_away_an_owner_gives_up_and_afterwards_takes_up_again() throws Exception {
        long before = all(n1.leases).get(SHARD).number();
        postgres.server().silence();
        try {
            await().atMost(LEASE).until(() -> LeaseName.all().noneMatch(n1::owns));
        } finally {
            postgres.server().answer();
        }
        await().atMost(TAKE_OVER.plus(SOON)).until(() -> LeaseName.all().allMatch(n1::owns));
        assertThat(n1.leases.fence(SHARD).orElseThrow().number()).isGreaterThan(before);
        n1.write(n1.leases.under(List.of(SHARD)), "again").await();
    }

    /** By the database's clock what n1 has is over, and n1, which does nothing by itself any more, does not see it. */
    private Node follow(Node n2) throws Exception {
        n1.stop();
        postgres.server()
                .execute("UPDATE leases SET ends_at = clock_timestamp() - INTERVAL '1 second' WHERE owner = 'n1'");
        await().atMost(LEASE).until(() -> LeaseName.all().allMatch(n2::owns));
        return n2;
    }

    private static List<String> written() throws SQLException {
        List<String> written = new ArrayList<>();
        try (Connection connection = postgres.server().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT what FROM written ORDER BY ctid")) {
            while (rows.next()) {
                written.add(rows.getString(1));
            }
        }
        return written;
    }
}
