package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.GatewayBus;
import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.ConnectionEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that applies what a stream sends, over any number of reconnects, holds what the server holds. */
class StreamReconnectsIT {
    private static final int AGENTS = 20;
    private static final int EVENTS_A_SECOND = 200;
    private static final int MAX_READ = 20;

    @TempDir
    Path folder;

    private final AtomicLong connection = new AtomicLong();
    private final AtomicLong step = new AtomicLong();
    private final Map<Integer, Long> online = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final List<String> tokens = new ArrayList<>();
    private RunningGateway gateway;
    private Bus bus;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        bus = GatewayBus.of(gateway.gateway());
        Agents agents = new Agents(gateway);
        for (int i = 0; i < AGENTS; i++) {
            tokens.add(agents.permanentToken("agent-" + i));
        }
    }

    @AfterEach
    void stop() {
        clock.shutdownNow();
        gateway.close();
    }

    @Test
    void over_50_reconnects_a_client_equals_the_server_each_time() throws InterruptedException {
        equalAfterEach(50);
    }

    @Test
    @Tag("long")
    void over_1000_reconnects_a_client_equals_the_server_each_time() throws InterruptedException {
        equalAfterEach(1000);
    }

    private void equalAfterEach(int reconnects) throws InterruptedException {
        AtomicBoolean followed = new AtomicBoolean();
        Map<Long, String> truth = new ConcurrentHashMap<>();
        WsClient reference = WsClient.connect(gateway.ws("/ws/agents"));
        Thread follower = new Thread(() -> {
            Replica replica = new Replica();
            while (!followed.get()) {
                reference.poll().ifPresent(frame -> {
                    replica.apply(frame);
                    truth.put(replica.seq, replica.text());
                });
            }
        });
        follower.setDaemon(true);
        follower.start();
        ScheduledFuture<?> unused = clock.scheduleAtFixedRate(
                this::change, 0, TimeUnit.SECONDS.toNanos(1) / EVENTS_A_SECOND, TimeUnit.NANOSECONDS);

        Random random = new Random(reconnects);
        Replica replica = new Replica();
        Map<Long, String> seen = new HashMap<>();
        int resumed = 0;
        for (int i = 0; i < reconnects; i++) {
            boolean resume = i > 0 && random.nextBoolean();
            WsClient client = WsClient.connect(gateway.ws("/ws/agents" + (resume ? "?since=" + replica.point() : "")));
            JsonNode first = client.next();
            assertThat(first.get("type").asText()).isIn(resume ? List.of("resumed", "snapshot") : List.of("snapshot"));
            resumed += first.get("type").asText().equals("resumed") ? 1 : 0;
            replica.apply(first);
            for (int read = random.nextInt(MAX_READ); read > 0; read--) {
                replica.apply(client.next());
            }
            client.abort();
            seen.put(replica.seq, replica.text());
            long reached = replica.seq;
            await().atMost(Duration.ofMinutes(1)).until(() -> truth.containsKey(reached));
            assertThat(replica.text()).as("reconnect %d, seq %d", i, reached).isEqualTo(truth.get(reached));
        }
        followed.set(true); // a thread that outlives its test fails another one
        follower.join();
        reference.close();
        assertThat(resumed).isPositive();
        assertThat(seen).hasSizeGreaterThan(reconnects / 2);

        clock.shutdown();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            Replica polled = new Replica();
            gateway.get("/api/agents").body().get("agents").forEach(polled::put);
            try (WsClient last = WsClient.connect(gateway.ws("/ws/agents?since=" + replica.point()))) {
                Replica caughtUp = new Replica(replica);
                last.send("{\"type\":\"ping\"}");
                for (JsonNode frame = last.next(); !frame.get("type").asText().equals("pong"); frame = last.next()) {
                    caughtUp.apply(frame);
                }
                assertThat(caughtUp.text()).isEqualTo(polled.text());
            }
        });
    }

    /** One agent comes or goes, by way of the database and the bus like all of them. */
    private void change() {
        int number = (int) (step.incrementAndGet() % AGENTS);
        Long epoch = online.remove(number);
        if (epoch != null) {
            bus.publish(ConnectionEvent.class, new ConnectionEvent.Disconnected("agent-" + number, epoch, "gone"));
            return;
        }
        var at = new AgentCommands.Connection("test", "test", connection.incrementAndGet(), "127.0.0.1");
        bus.request(new AgentCommands.Register(
                        tokens.get(number), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), at))
                .onSuccess(registered -> online.put(number, registered.epoch()));
    }

    /** What a client holds that knows the frames of this stream. */
    private static final class Replica {
        private final Map<String, String> agents = new TreeMap<>();
        private final Map<String, String> epochs = new HashMap<>();
        private String epoch = "";
        private long seq = -1;

        Replica() {}

        Replica(Replica other) {
            agents.putAll(other.agents);
            epochs.putAll(other.epochs);
            epoch = other.epoch;
            seq = other.seq;
        }

        void apply(JsonNode frame) {
            String type = frame.get("type").asText();
            if (type.equals("snapshot")) {
                agents.clear();
                frame.get("agents").forEach(this::put);
            } else if (type.equals("resumed")) {
                assertThat(frame.get("epoch").asText()).isEqualTo(epoch);
                assertThat(frame.get("seq").asLong()).isEqualTo(seq);
            } else {
                assertThat(frame.get("seq").asLong())
                        .as("a hole before %s", frame)
                        .isEqualTo(seq + 1);
                put(frame);
            }
            epoch = frame.get("epoch").asText();
            seq = frame.get("seq").asLong();
        }

        void put(JsonNode agent) {
            String name = agent.get("name").asText();
            if (agent.has("connection_epoch")) {
                epochs.put(name, agent.get("connection_epoch").asText());
            }
            agents.put(name, agent.get("status") + " " + agent.get("connected_at") + " " + epochs.get(name));
        }

        String point() {
            return epoch + ":" + seq;
        }

        String text() {
            return agents.toString();
        }
    }
}
