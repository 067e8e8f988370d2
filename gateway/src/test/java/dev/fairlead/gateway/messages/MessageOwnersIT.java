package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Leases;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that both write to one journal, each for the shards it has. */
class MessageOwnersIT {
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final String B = "b";
    private static final String C = "c";

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private final Deque<Supplier<Future<?>>> undo = new ArrayDeque<>();

    private final class Node {
        private final Vertx vertx = Vertx.vertx();
        /** Of the leases: without it they are not renewed, and what becomes of them is not heard. */
        private final Vertx life = Vertx.vertx();

        private final MovableTime time = new MovableTime();
        private final MessageBus bus = new MessageBus(time, BusUnderTest.RULES, new SplittableRandom());
        private final Database database;
        private final Leases leases;
        private final MessageStore store;
        private boolean stopped;

        Node(String name) throws Exception {
            undo.push(() -> vertx.close());
            database = Database.openShared(
                            vertx,
                            postgres.server().settings(),
                            DataFolder.open(temp.resolve(name)),
                            LEASE.dividedBy(3))
                    .await();
            undo.push(database::close);
            undo.push(() -> stopped ? Future.succeededFuture() : life.close());
            leases = new Leases(life, database, name, LEASE, Duration.ofMillis(100), time, new VertxScheduler(life));
            store = new MessageStore(database, Ledger.of(database, new VertxScheduler(vertx), leases), time, 1_000);
            leases.start().await(10, TimeUnit.SECONDS);
        }

        void stop() {
            stopped = true;
            life.close().await();
        }

        void load() throws Exception {
            MessageStore.Open open = store.load().await(10, TimeUnit.SECONDS);
            bus.clear();
            bus.restore(open.messages(), open.lastNumber());
            bus.know(B);
            bus.know(C);
        }

        Batch.Written send(String... recipients) throws Exception {
            for (String to : recipients) {
                bus.send(BusUnderTest.message("a", to));
            }
            return store.write(bus.take()).await(10, TimeUnit.SECONDS);
        }

        boolean owns(String recipient) {
            return leases.fence(LeaseName.shard(LeaseName.shardOf(recipient))).isPresent();
        }

        List<JournalHead> heads() {
            return database.write(c -> c.query(
                            "SELECT entries FROM message_journal ORDER BY number",
                            row -> JournalCodec.head(row.bytes("entries")).orElseThrow()))
                    .await();
        }
    }

    @AfterEach
    void end() throws Exception {
        while (!undo.isEmpty()) {
            undo.pop().get().await(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void what_a_stale_owner_decided_is_not_in_the_journal_and_nothing_of_the_new_one_is_lost() throws Exception {
        Node n1 = new Node("n1");
        await().until(() -> n1.owns(B) && n1.owns(C));
        n1.load();
        assertThat(n1.send(B, C, B).rows()).as("a row for each shard").hasSize(2);
        long fence = n1.leases
                .fence(LeaseName.shard(LeaseName.shardOf(B)))
                .orElseThrow()
                .number();
        assertThat(n1.heads())
                .extracting(head -> head.shard().orElseThrow())
                .containsExactlyInAnyOrder(LeaseName.shardOf(B), LeaseName.shardOf(C));
        assertThat(n1.heads()).allMatch(head -> head.fence() == fence);

        n1.stop();
        postgres.server()
                .execute("UPDATE leases SET ends_at = clock_timestamp() - INTERVAL '1 second' WHERE owner = 'n1'");
        Node n2 = new Node("n2");
        await().atMost(LEASE.multipliedBy(2)).until(() -> n2.owns(B) && n2.owns(C));
        n2.load();
        assertThat(n2.bus.open()).isEqualTo(3);

        n1.time.advance(Duration.ofHours(-1)); // its clock stood still while it was paused: it does not know
        assertThat(n1.owns(B)).isTrue();
        assertThatThrownBy(() -> n1.send(B))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("Another node has just taken this over");
        n2.send(C, B);
        assertThat(n2.heads()).hasSize(4);
        assertThat(n2.heads().stream().filter(head -> head.fence() > fence)).hasSize(2);
        n2.load();
        assertThat(n2.bus.open()).isEqualTo(5);

        n1.time.advance(Duration.ofHours(2));
        assertThatThrownBy(() -> n1.send(B))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("This node does not keep this any more");
    }
}
