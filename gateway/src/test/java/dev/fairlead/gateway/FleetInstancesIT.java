package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An instance lives on the node that made it, and is seen and steered from any. */
@Tag("alone")
class FleetInstancesIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    static Path temp;

    private static Fleet fleet;
    private static RunningGateway n1;
    private static RunningGateway n2;

    @BeforeAll
    static void start() throws Exception {
        fleet = new Fleet(postgres.server().settings(), temp);
        n1 = fleet.start(1);
        n2 = fleet.start(2);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void it_is_listed_shown_and_steered_from_another_node() {
        WsClient stream = WsClient.connect(n2.ws("/ws/instances"));
        stream.next("snapshot");

        create(n1, "far", "sleep", "600");

        JsonNode told = stream.next("instance_created");
        assertThat(told.get("name").asText()).isEqualTo("far");
        assertThat(told.get("node").asText()).isEqualTo(n1.gateway().node());
        assertThat(names(n2)).contains("far");
        assertThat(instance("far", n2)).isEqualTo(instance("far", n1));

        assertThat(n2.post("/api/instances/far/start", "{}").status()).isEqualTo(202);
        stream.next(frame -> frame.path("status").asText().equals("running"));
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(instance("far", n1).get("status").asText()).isEqualTo("running");
            assertThat(instance("far", n2)).isEqualTo(instance("far", n1));
        });
        assertThat(ProcessHandle.of(instance("far", n2).get("pid").asLong())).isPresent();
        assertThat(n2.get("/api/instances/far/events").body().get("events").size())
                .isGreaterThan(1);
        assertThat(n2.get("/api/instances/far/usage").status()).isEqualTo(200);

        assertThat(n2.post("/api/instances/far/start", "{}").status()).isEqualTo(409);
        assertThat(n2.post("/api/instances/far/stop", "{}").status()).isEqualTo(202);
        stream.next(frame -> frame.path("status").asText().equals("stopped"));
        assertThat(n2.send("PATCH", "/api/instances/far", "{\"labels\":{\"team\":\"a\"}}")
                        .status())
                .isEqualTo(200);
        assertThat(names(n1, "?selector=team=a")).containsExactly("far");
        assertThat(names(n2, "?selector=team=a")).containsExactly("far");
        assertThat(n2.post("/api/instances/far/archive", "{}").status()).isEqualTo(202);
        assertThat(n2.delete("/api/instances/far").status()).isLessThan(300);
        assertThat(n1.get("/api/instances/far").status()).isEqualTo(404);
        await().atMost(SOON)
                .until(() -> n2.get("/api/instances/far").status() == 404
                        && !names(n2).contains("far"));
    }

    @Test
    void a_name_is_given_once_in_the_fleet() {
        create(n1, "once", "true");

        JsonNode refused = n2.post("/api/instances", "{\"name\":\"once\",\"command\":[\"true\"]}")
                .body();

        assertThat(refused.at("/error/code").asText()).isEqualTo("name_taken");
        create(n2, "other", "true");
        assertThat(n1.post("/api/instances/other/clone", "{\"name\":\"once\"}")
                        .body()
                        .at("/error/code")
                        .asText())
                .isEqualTo("name_taken");
    }

    @Test
    void many_of_several_nodes_are_acted_on_at_once() {
        create(n1, "m1", "sleep", "600");
        create(n2, "m2", "sleep", "600");
        await().atMost(SOON).until(() -> names(n2).contains("m1"));

        JsonNode results = n2.post("/api/instances/bulk", "{\"names\":[\"m2\",\"nobody\",\"m1\"],\"action\":\"start\"}")
                .body()
                .get("results");

        assertThat(results.findValuesAsText("name")).containsExactly("m2", "nobody", "m1");
        assertThat(results.findValuesAsText("outcome")).containsExactly("done", "refused", "done");
        for (RunningGateway node : List.of(n1, n2)) {
            await().atMost(SOON)
                    .until(() -> instance("m1", node).get("status").asText().equals("running")
                            && instance("m2", node).get("status").asText().equals("running"));
        }
        n1.post("/api/instances/bulk", "{\"names\":[\"m1\",\"m2\"],\"action\":\"stop\"}");
    }

    @Test
    void while_its_node_is_away_nobody_knows_how_it_is_and_nothing_is_done_to_it() {
        RunningGateway n3 = fleet.start(3);
        String name = n3.gateway().node();
        create(n3, "away", "sleep", "600");
        await().atMost(SOON).until(() -> names(n1).contains("away"));
        WsClient stream = WsClient.connect(n1.ws("/ws/instances"));
        stream.next("snapshot");

        fleet.end(n3);

        JsonNode told = stream.next(frame -> frame.path("status").asText().equals("unknown"));
        assertThat(told.get("name").asText()).isEqualTo("away");
        assertThat(told.get("node").asText()).isEqualTo(name);
        assertThat(told.get("reason").asText()).contains(name).contains("since 20");
        await().atMost(SOON)
                .until(() -> instance("away", n2).get("status").asText().equals("unknown"));
        assertThat(instance("away", n2)).isEqualTo(instance("away", n1));
        assertThat(n2.post("/api/instances/away/start", "{}").status()).isEqualTo(503);
        assertThat(n2.delete("/api/instances/away").status()).isEqualTo(503);
        assertThat(n1.post("/api/instances", "{\"name\":\"away\",\"command\":[\"true\"]}")
                        .body()
                        .at("/error/code")
                        .asText())
                .isEqualTo("name_taken");

        fleet.start(3);
        for (RunningGateway node : List.of(n1, n2)) {
            await().atMost(SOON)
                    .until(() -> instance("away", node).get("status").asText().equals("stopped"));
        }
        assertThat(n2.post("/api/instances/away/start", "{}").status()).isEqualTo(202);
    }

    private static void create(RunningGateway node, String name, String... command) {
        String argv = "\"" + String.join("\",\"", command) + "\"";
        assertThat(node.post("/api/instances", "{\"name\":\"" + name + "\",\"command\":[" + argv + "]}")
                        .status())
                .isEqualTo(201);
    }

    private static JsonNode instance(String name, RunningGateway node) {
        return node.get("/api/instances/" + name).body();
    }

    private static List<String> names(RunningGateway node) {
        return names(node, "");
    }

    private static List<String> names(RunningGateway node, String query) {
        List<String> names = new ArrayList<>();
        node.get("/api/instances" + query)
                .body()
                .get("instances")
                .forEach(one -> names.add(one.get("name").asText()));
        return names;
    }
}
