package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.Nodes;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whole gateways as nodes of one fleet, on one real PostgreSQL. */
class ClusterIT {
    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private final Deque<RunningGateway> running = new ArrayDeque<>();
    private List<Integer> ports;

    @BeforeEach
    void takePorts() throws Exception {
        ports = Nodes.freePorts(3);
    }

    @AfterEach
    void stop() {
        running.forEach(RunningGateway::close);
    }

    @Test
    void a_token_of_one_node_is_good_at_another() {
        RunningGateway n1 = node(1, TimeSource.system());
        RunningGateway n2 = node(2, TimeSource.system());
        String token = n1.post(
                        "/api/admin/tokens",
                        "{\"agent_name\":\"alpha\"}",
                        "Authorization",
                        "Bearer " + RunningGateway.PASSWORD)
                .body()
                .get("token")
                .asText();

        int known = status(n1, token);
        assertThat(status(n2, token)).isEqualTo(known);
        assertThat(status(n2, token.substring(0, token.length() - 4) + "AAAA"))
                .as("one that nobody signed")
                .isNotEqualTo(known);
        assertThat(n1.gateway().node()).isNotEqualTo(n2.gateway().node());
    }

    @Test
    void every_node_tells_who_is_there_and_who_owns_what() {
        RunningGateway n1 = node(1, TimeSource.system());
        RunningGateway n2 = node(2, TimeSource.system());

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            for (RunningGateway node : List.of(n1, n2)) {
                JsonNode cluster = node.get("/api/cluster").body();
                assertThat(cluster.get("alone").asBoolean()).isFalse();
                assertThat(cluster.get("unowned")).isEmpty();
                List<Integer> owned = new ArrayList<>();
                for (RunningGateway one : List.of(n1, n2)) {
                    JsonNode told = of(cluster, one);
                    assertThat(told.get("self").asBoolean()).isEqualTo(one == node);
                    assertThat(told.get("alive").asBoolean()).isTrue();
                    owned.add(told.get("leases").size());
                }
                assertThat(owned).allMatch(count -> count >= 32).satisfies(counts -> assertThat(
                                counts.stream().mapToInt(Integer::intValue).sum())
                        .isEqualTo(66));
            }
        });
    }

    @Test
    void the_others_are_told_who_was_not_let_in_and_why() {
        RunningGateway n1 = node(1, TimeSource.system());
        assertThatThrownBy(() -> node(2, TimeSource.system(), "auth.admin_password=another horse battery"))
                .isNotNull();

        assertThat(n1.get("/api/cluster")
                        .body()
                        .get("refused")
                        .get(0)
                        .get("why")
                        .asText())
                .contains("admin password");
    }

    @Test
    void a_node_with_another_password_does_not_join() {
        node(1, TimeSource.system());

        assertThatThrownBy(() -> node(2, TimeSource.system(), "auth.admin_password=another horse battery"))
                .rootCause()
                .hasMessageContaining("admin password is not the fleet's");
    }

    @Test
    void a_node_with_another_signing_key_does_not_join() {
        node(1, TimeSource.system());

        assertThatThrownBy(() -> node(2, TimeSource.system(), "auth.signing_key=" + "QUJD".repeat(12)))
                .rootCause()
                .hasMessageContaining("signing key is not the fleet's");
    }

    @Test
    void a_node_with_a_wrong_clock_does_not_join() {
        MovableTime time = new MovableTime();
        time.shiftWallClock(Duration.ofSeconds(7));

        assertThatThrownBy(() -> node(1, time)).rootCause().hasMessageContaining("ahead of the database's");
    }

    @Test
    void a_node_that_is_not_let_in_gives_the_fleet_no_key() throws Exception {
        node(1, TimeSource.system());
        running.pop().close();
        postgres.server().execute("DELETE FROM cluster_secrets");
        MovableTime time = new MovableTime();
        time.shiftWallClock(Duration.ofSeconds(7));
        assertThatThrownBy(() -> node(2, time)).rootCause().hasMessageContaining("ahead of the database's");

        RunningGateway n1 = node(1, TimeSource.system());
        assertThat(n1.get("/api/health").status()).isEqualTo(200);
        try (Connection c = postgres.server().connect();
                ResultSet made = c.createStatement().executeQuery("SELECT made_by FROM cluster_secrets")) {
            assertThat(made.next()).isTrue();
            assertThat(made.getString(1)).isEqualTo(n1.gateway().node());
        }
    }

    @Test
    void who_has_not_the_key_of_the_agents_that_are_there_is_not_the_first_of_a_fleet() throws Exception {
        RunningGateway n1 = node(1, TimeSource.system());
        postgres.server()
                .execute("INSERT INTO agents VALUES ('alpha', 'a', FALSE, 1, now(), now(), NULL, '[]', '"
                        + n1.gateway().node() + "')");
        running.pop().close();
        postgres.server().execute("DELETE FROM cluster_secrets");
        try {
            assertThatThrownBy(() -> node(2, TimeSource.system()))
                    .rootCause()
                    .hasMessageContaining("agents of another node");
            node(1, TimeSource.system());
            node(2, TimeSource.system());
        } finally {
            postgres.server().execute("DELETE FROM agents");
        }
    }

    @Test
    void a_node_of_an_older_version_than_the_database_does_not_join() throws Exception {
        node(1, TimeSource.system());
        postgres.server()
                .execute(
                        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                                + " installed_by, execution_time, success) VALUES (9999, '9999', 'later', 'SQL', 'V9999__later.sql',"
                                + " 1, 'x', 1, true)");
        try {
            assertThatThrownBy(() -> node(2, TimeSource.system())).rootCause().hasMessageContaining("migration 9999");
        } finally {
            postgres.server().execute("DELETE FROM flyway_schema_history WHERE installed_rank = 9999");
        }
    }

    @Test
    void a_copy_of_a_nodes_folder_does_not_join() throws Exception {
        RunningGateway n1 = node(1, TimeSource.system());
        Files.createDirectories(temp.resolve("n2"));
        Files.writeString(temp.resolve("n2/node-id"), n1.gateway().node() + "\n");

        assertThatThrownBy(() -> node(2, TimeSource.system(), "cluster.lease=3s"))
                .rootCause()
                .hasMessageContaining("node-id");
    }

    private static JsonNode of(JsonNode cluster, RunningGateway node) {
        for (JsonNode one : cluster.get("nodes")) {
            if (one.get("name").asText().equals(node.gateway().node())) {
                return one;
            }
        }
        throw new AssertionError(node.gateway().node() + " is not among " + cluster.get("nodes"));
    }

    private static int status(RunningGateway node, String token) {
        return node.get("/api/audit", "Authorization", "Bearer " + token).status();
    }

    private RunningGateway node(int number, TimeSource time, String... more) {
        var db = postgres.server().settings();
        List<String> settings = new ArrayList<>(List.of(
                "db.url=" + db.url().orElseThrow(),
                "db.user=" + db.user().orElseThrow(),
                "db.password=" + db.password().orElseThrow().reveal(),
                "cluster.port=" + ports.get(number - 1),
                "cluster.bus_port=0",
                "cluster.members=" + Nodes.members(ports)));
        settings.addAll(Arrays.asList(more));
        RunningGateway node = RunningGateway.node(temp.resolve("n" + number), time, settings.toArray(String[]::new));
        running.push(node);
        return node;
    }
}
