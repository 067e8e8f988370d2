package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database's file is bounded by what it holds, not by what was ever written to it. */
class MessageGrowthIT {
    /** Messages underway at once, as of a few agents that wait for each answer: small groups cost the file most. */
    private static final int SENDERS = 8;

    /**
     * Messages a second, ten times an ordinary load: the file has room for what a second writes, besides what it holds.
     */
    private static final int A_SECOND = 2_000;

    private static final RawJson PAYLOAD = RawJson.ofText("\"" + "x".repeat(218) + "\"");

    @TempDir
    Path temp;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    @Tag("slow")
    void sixty_thousand_settled_messages_cost_the_file_a_few_times_their_size() throws Exception {
        measure(60_000, 2_000, 1_229);
    }

    /**
     * Loads the store at a rate of its own, whatever the machine could take: what is free again is used again a second
     * later, so that the file has room for what a second writes.
     *
     * @param most bytes of the file a message, at any time
     * @param left as many within a minute of the end: 1.2 KB is promised
     */
    private void measure(int messages, int most, int left) throws Exception {
        Database database = Database.open(vertx, Settings.defaults().db(), DataFolder.open(temp.resolve("data")))
                .await(30, TimeUnit.SECONDS);
        MessageStore store = new MessageStore(
                database, Ledger.of(database, new VertxScheduler(vertx)), TimeSource.system(), messages);
        store.load().await(30, TimeUnit.SECONDS);
        MessageBus bus = new MessageBus(TimeSource.system(), BusUnderTest.RULES, new SplittableRandom());
        bus.connected("b", new Batch.Session("edge", 1, 1));
        Path file = temp.resolve("data").resolve("fairlead.mv.db");
        long largest = 0;
        long began = System.nanoTime();
        for (int from = 0; from < messages; from += SENDERS) {
            LockSupport.parkNanos(began + from * 1_000_000_000L / A_SECOND - System.nanoTime());
            for (int i = 0; i < SENDERS; i++) {
                bus.send(new MessageCommands.Send(
                        "a",
                        "b",
                        "t",
                        PAYLOAD,
                        Optional.empty(),
                        Optional.of("key-" + (from + i)),
                        Optional.empty(),
                        Optional.empty()));
            }
            List<Batch.Lease> leases = commit(bus, store);
            assertThat(leases).hasSize(SENDERS);
            for (Batch.Lease lease : leases) {
                bus.settle(new MessageCommands.Settle(
                        MessageCommands.LeaseAction.ACKNOWLEDGE,
                        "b",
                        1,
                        lease.message().accepted.id().toString(),
                        lease.attempt(),
                        Optional.empty()));
            }
            commit(bus, store);
            largest = Math.max(largest, Files.size(file));
        }
        store.moved().await(30, TimeUnit.SECONDS);
        Awaitility.await("the file is within what is promised a minute after the last settlement")
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(Files.size(file) / messages)
                        .as("bytes of the file a message, at the end")
                        .isLessThan(left));
        System.out.printf(
                "%d messages: %d bytes each at the peak, %d after the end%n",
                messages, largest / messages, Files.size(file) / messages);
        database.close().await(60, TimeUnit.SECONDS);
        assertThat(largest / messages)
                .as("bytes of the file a message, at the peak")
                .isLessThan(most);
    }

    private static List<Batch.Lease> commit(MessageBus bus, MessageStore store) throws Exception {
        Batch batch = bus.take();
        Batch.Written written = store.write(batch).await(30, TimeUnit.SECONDS);
        store.moved().await(30, TimeUnit.SECONDS);
        return new ArrayList<>(bus.committed(batch, written).leases());
    }
}
