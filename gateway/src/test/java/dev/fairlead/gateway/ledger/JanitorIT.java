package dev.fairlead.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.cluster.Leases;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one real PostgreSQL, of which one removes what is old. */
@Tag("alone") // it holds what takes time against leases of seconds
class JanitorIT {
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int BATCH = 5;

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private final Deque<Supplier<Future<?>>> undo = new ArrayDeque<>();
    private final AtomicInteger removals = new AtomicInteger();
    private final List<Janitor> nodes = new ArrayList<>();

    @BeforeEach
    void join() throws Exception {
        for (String name : List.of("n1", "n2")) {
            Vertx vertx = Vertx.vertx();
            undo.push(vertx::close);
            VertxScheduler scheduler = new VertxScheduler(vertx);
            Database database = Database.openShared(
                            vertx,
                            postgres.server().settings(),
                            DataFolder.open(temp.resolve(name)),
                            LEASE.dividedBy(3))
                    .await();
            undo.push(database::close);
            Leases leases = new Leases(vertx, database, name, LEASE, POLL, TimeSource.system(), scheduler);
            leases.start().await(10, TimeUnit.SECONDS);
            undo.push(leases::leave);
            nodes.add(new Janitor(database, scheduler, leases));
        }
        await().until(() -> nodes.stream().filter(Janitor::isHere).count() == 1);
    }

    @AfterEach
    void end() throws Exception {
        postgres.server().execute("UPDATE leases SET owner = '' WHERE name = 'janitor'");
        while (!undo.isEmpty()) {
            undo.pop().get().await();
        }
    }

    @Test
    void one_node_removes_batch_after_batch_and_the_other_nothing() {
        for (Janitor node : nodes) {
            int before = removals.get();
            sweep(node, BATCH, BATCH, 2);
            assertThat(removals.get() - before).isEqualTo(node.isHere() ? 3 : 0);
        }
    }

    @Test
    void one_that_does_not_know_yet_that_another_is_the_janitor_removes_nothing() throws Exception {
        Janitor zombie = nodes.stream().filter(Janitor::isHere).findFirst().orElseThrow();
        postgres.server()
                .execute("UPDATE leases SET owner = 'other', fence = fence + 1,"
                        + " ends_at = clock_timestamp() + INTERVAL '1 minute' WHERE name = 'janitor'");

        sweep(zombie, BATCH);

        assertThat(removals).hasValue(0);
    }

    /** @param there are so many in each batch */
    private void sweep(Janitor node, int... there) {
        int first = removals.get();
        node.sweep("things", BATCH, () -> c -> there[removals.getAndIncrement() - first])
                .await();
    }
}
