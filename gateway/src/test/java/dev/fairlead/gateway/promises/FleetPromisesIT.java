package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.FleetHistory;
import dev.fairlead.gateway.testing.FleetLoad;
import dev.fairlead.gateway.testing.ServedFleet;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, each a process, on one PostgreSQL: killed, stopped where they stand, ended in order, under load. */
@Tag("alone")
@Tag("long")
class FleetPromisesIT {
    private static final int AGENTS = 8;
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    static Path temp;

    private static ServedFleet fleet;

    private final long seed = Long.getLong("seed", 42);
    private final SplittableRandom random = new SplittableRandom(seed);
    private final FleetHistory history = new FleetHistory();

    @BeforeAll
    static void start() throws Exception {
        fleet = new ServedFleet(
                        postgres.server().settings(),
                        temp,
                        3,
                        "messages.max_attempts=1000",
                        "messages.retry_initial=100ms",
                        "messages.retry_cap=500ms",
                        "messages.ack_timeout=20s",
                        "agents.max_rate=1000")
                .start();
        fleet.nodes().forEach(fleet::name);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void nothing_accepted_is_lost_doubled_or_overtaken_over_kills() throws Exception {
        survivesKills(75, 4);
    }

    @Test
    void nothing_of_10_000_messages_is_lost_doubled_or_overtaken_over_20_kills() throws Exception {
        survivesKills(625, 20);
    }

    private void survivesKills(int each, int kills) throws Exception {
        try (FleetLoad load = load(each)) {
            for (int kill = 0; kill < kills; kill++) {
                int some = load.messages() * (kill + 1) / (kills + 2);
                await().atMost(LONG).until(() -> history.accepted() >= some);
                ServedGateway node = fleet.node(random.nextInt(3));
                node.kill();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(2 * (int) LEASE.toMillis()));
                node.start();
            }
            allIsWell(load);
        }
    }

    @Test
    void a_node_that_stood_still_for_three_leases_changes_nothing_and_comes_back_by_itself() throws Exception {
        try (FleetLoad load = load(150)) {
            await().atMost(LONG).until(() -> history.accepted() >= load.messages() / 8);
            ServedGateway node = fleet.node(random.nextInt(3));
            node.freeze();
            TimeUnit.MILLISECONDS.sleep(LEASE.multipliedBy(3).toMillis());
            node.thaw();
            ServedGateway other = fleet.nodes().stream()
                    .filter(one -> one != node)
                    .findFirst()
                    .orElseThrow();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(fleet.leases(node, other)).hasSizeGreaterThan(15));
            allIsSettled(load);
            assertThat(history.contradictions()).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void what_a_node_had_is_taken_over_within_one_and_a_half_leases_of_its_death() throws Exception {
        ServedGateway node = fleet.node(0);
        ServedGateway other = fleet.node(1);
        spread(other);
        node.kill();
        long since = TimeSource.system().nanos();
        try {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> other.get("/api/cluster").get("unowned").isEmpty()
                            && fleet.leases(node, other).isEmpty());
            assertThat(Duration.ofNanos(TimeSource.system().nanos() - since))
                    .isLessThanOrEqualTo(LEASE.multipliedBy(3).dividedBy(2));
        } finally {
            node.start();
        }
    }

    @Test
    void what_a_node_had_that_leaves_in_order_is_taken_over_within_a_second() throws Exception {
        ServedGateway node = fleet.node(0);
        ServedGateway other = fleet.node(1);
        spread(other);
        List<Long> unowned = new ArrayList<>();
        Thread leaving = new Thread(node::stop);
        leaving.start();
        try {
            while (!fleet.leases(node, other).isEmpty()
                    || !other.get("/api/cluster").get("unowned").isEmpty()) {
                if (!other.get("/api/cluster").get("unowned").isEmpty()) {
                    unowned.add(TimeSource.system().nanos());
                }
            }
            leaving.join();
            long took = unowned.isEmpty() ? 0 : unowned.get(unowned.size() - 1) - unowned.get(0);
            assertThat(Duration.ofNanos(took)).isLessThanOrEqualTo(Duration.ofSeconds(1));
        } finally {
            node.start();
        }
    }

    @Test
    void the_fleet_is_one() {
        oneAfter(60);
    }

    @Test
    void the_fleet_is_one_after_1_000_acts() {
        oneAfter(1_000);
    }

    /** Agents come, go, are replaced and revoked; messages are sent and acknowledged. */
    private void oneAfter(int acts) {
        Map<String, String> tokens = new TreeMap<>();
        Map<String, WsClient> sockets = new TreeMap<>();
        for (int act = 0; act < acts; act++) {
            String name = "one" + random.nextInt(12);
            ServedGateway node = fleet.node(random.nextInt(3));
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    String token = tokens.containsKey(name) ? tokens.get(name) : node.registrationToken(name);
                    WsClient socket = WsClient.connect(node.ws("/ws/agent"), "Authorization", "Bearer " + token);
                    JsonNode registered = socket.next("agent.register.ack").get("data");
                    tokens.putIfAbsent(name, registered.path("token").asText());
                    sockets.put(name, socket);
                }
                case 2 -> Optional.ofNullable(sockets.remove(name)).ifPresent(WsClient::abort);
                case 3 -> {
                    if (tokens.containsKey(name)) {
                        node.post("/api/messages", "{\"to\":\"" + name + "\",\"type\":\"note\",\"payload\":1}");
                    }
                }
                default -> {
                    if (tokens.remove(name) != null) {
                        node.delete("/api/agents/" + name);
                        sockets.remove(name);
                    }
                }
            }
            if (act % 20 == 19) {
                everyNodeShowsTheSame("seed " + seed + ", act " + act);
            }
        }
        sockets.values().forEach(WsClient::abort);
        everyNodeShowsTheSame("seed " + seed);
    }

    @Test
    void a_node_that_joins_a_running_fleet_is_right_at_once() throws Exception {
        joins(60);
    }

    @Test
    void a_node_that_joins_a_running_fleet_of_1_000_agents_is_right_at_once() throws Exception {
        joins(1_000);
    }

    private void joins(int count) throws Exception {
        ServedGateway late = fleet.node(2);
        late.stop();
        List<WsClient> agents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServedGateway node = fleet.node(i % 2);
            agents.add(WsClient.connect(
                    node.ws("/ws/agent"), "Authorization", "Bearer " + node.registrationToken("late" + i)));
        }
        agents.forEach(agent -> agent.next("token.state"));
        late.start();
        long since = TimeSource.system().nanos();
        everyNodeShowsTheSame("after it listens");
        assertThat(Duration.ofNanos(TimeSource.system().nanos() - since)).isLessThan(Duration.ofSeconds(5));
        assertThat(listed(late, "/api/agents", "agents", "name").values().stream()
                        .filter(agent -> agent.get("name").asText().startsWith("late"))
                        .filter(agent -> agent.get("status").asText().equals("online")))
                .hasSize(count);
        agents.forEach(WsClient::abort);
    }

    // ---- what all have in common

    private FleetLoad load(int each) {
        FleetLoad load = new FleetLoad(fleet, history, AGENTS, each, random.nextLong());
        everyNodeShowsTheSame("before the load");
        return load.start();
    }

    private static void everyNodeShowsTheSame(String when) {
        everyNodeListsTheSame(when, "/api/agents", "agents", "name");
        everyNodeListsTheSame(when, "/api/messages?limit=1000", "messages", "message_id");
    }

    /** Each node has its part of the leases. */
    private static void spread(ServedGateway asked) {
        await().atMost(SOON).untilAsserted(() -> {
            for (ServedGateway node : fleet.nodes()) {
                assertThat(fleet.leases(node, asked)).hasSizeGreaterThan(15);
            }
        });
    }

    private void allIsWell(FleetLoad load) {
        allIsSettled(load);
        assertThat(history.violations()).as("seed " + seed).isEmpty();
        assertThat(load.refusedStale())
                .as("acknowledgements that came too late")
                .isPositive();
    }

    private void allIsSettled(FleetLoad load) {
        await("all is accepted, seed " + seed).atMost(LONG).untilAsserted(() -> {
            assertThat(load.refused()).isEmpty();
            assertThat(load.isSent()).isTrue();
        });
        await("all is acknowledged, seed " + seed).atMost(LONG).untilAsserted(() -> assertThat(history.missing())
                .isEmpty());
        assertThat(history.accepted()).isEqualTo(load.messages());
        assertThat(load.refusedStale())
                .as("acknowledgements that came too late")
                .isPositive();
        await().atMost(SOON).untilAsserted(this::everyNodeListsAllAcknowledged);
        everyNodeShowsTheSame("seed " + seed);
    }

    private void everyNodeListsAllAcknowledged() {
        for (ServedGateway node : fleet.nodes()) {
            Map<String, String> listed = new HashMap<>();
            String cursor = "";
            do {
                JsonNode page = node.get("/api/messages?limit=1000" + cursor);
                page.get("messages")
                        .forEach(one -> listed.put(
                                one.get("message_id").asText(),
                                one.get("status").asText()));
                cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").asText() : "";
            } while (!cursor.isEmpty());
            listed.keySet().retainAll(history.ids()); // tests share a fleet
            assertThat(listed).hasSize(history.ids().size());
            assertThat(listed.values()).allMatch("acknowledged"::equals);
        }
    }

    private static void everyNodeListsTheSame(String when, String path, String array, String key) {
        await(when).atMost(SOON).untilAsserted(() -> {
            Map<String, JsonNode> first = listed(fleet.node(0), path, array, key);
            for (ServedGateway node : fleet.nodes()) {
                assertThat(listed(node, path, array, key)).isEqualTo(first);
            }
        });
    }

    private static Map<String, JsonNode> listed(ServedGateway node, String path, String array, String key) {
        Map<String, JsonNode> listed = new TreeMap<>();
        node.get(path).get(array).forEach(one -> listed.put(one.get(key).asText(), one));
        return listed;
    }
}
