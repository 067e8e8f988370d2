package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.WsClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Instances that are meant by their labels or names, many at once. */
@ExtendWith(BlockedLoops.class)
class ManyInstancesIT extends OneGatewayOfInstances {
    private static final Duration SOON = Duration.ofSeconds(10);

    ManyInstancesIT() {
        super("instances.stop_grace=1s");
    }

    @Test
    void many_are_meant_by_their_labels_and_each_has_its_result() {
        WsClient stream = WsClient.connect(gateway.ws("/ws/instances"));
        stream.next();
        create("a-1", SLEEPER, ",\"labels\":{\"team\":\"a\"}");
        create("a-2", SLEEPER, ",\"labels\":{\"team\":\"a\",\"tier\":\"web\"}");
        create("b-1", SLEEPER, ",\"labels\":{\"team\":\"b\"}");
        assertThat(stream.next().get("labels").toString()).isEqualTo("{\"team\":\"a\"}");
        stream.close();
        assertThat(names("?selector=team%3Da")).containsExactly("a-1", "a-2");
        assertThat(names("?selector=team%20in%20(a,b),!tier")).containsExactly("a-1", "b-1");
        assertThat(gateway.get("/api/instances?selector=team%3D%3D%3D").status())
                .isEqualTo(400);

        assertThat(gateway.post("/api/instances/a-1/start", "").status()).isEqualTo(202);
        assertThat(many("\"selector\":\"team=a\"", "start")).containsExactly("a-1 unchanged", "a-2 done");
        assertThat(many("\"names\":[\"b-1\",\"gone\"]", "archive")).containsExactly("b-1 done", "gone refused");
        await().atMost(SOON).until(() -> "running".equals(status("a-2")));
        JsonNode moved = gateway.send(
                        "PATCH", "/api/instances/a-2", "{\"labels\":{\"team\":\"b\"},\"restart\":\"always\"}")
                .body();
        assertThat(moved.path("labels").toString()).isEqualTo("{\"team\":\"b\"}");
        assertThat(gateway.send("PATCH", "/api/instances/a-2", "{\"env\":{\"A\":\"b\"}}")
                        .body()
                        .toString())
                .contains("invalid_state", "change at any time");
        assertThat(many("\"selector\":\"team\"", "stop")).containsExactly("a-1 done", "a-2 done");
        assertThat(many("\"selector\":\"team=b\"", "unarchive")).containsExactly("b-1 done");
        assertThat(gateway.get("/api/audit").body().toString()).contains("instance.archive");

        await().atMost(SOON).until(() -> "stopped".equals(status("a-1")));
        String url = "http://127.0.0.1:" + gateway.port();
        try (GatewayProcess archive =
                GatewayProcess.run(folder, Map.of(), "instances", "archive", "-l", "team=a", "--gateway-url", url)) {
            assertThat(archive.exitCode()).as(archive.err()).isZero();
            assertThat(archive.out()).contains("a-1", "done", "stopped").doesNotContain("b-1");
        }
        assertThat(names("?selector=team%3Da")).isEmpty();
    }

    @Test
    void what_means_no_instances_or_does_nothing_is_refused() {
        for (String body : List.of(
                "{\"action\":\"stop\"}",
                "{\"selector\":\"team=a\"}",
                "{\"selector\":\"team=a\",\"names\":[],\"action\":\"stop\"}",
                "{\"selector\":\"team=a\",\"action\":\"delete\"}",
                "{\"names\":[\"No Name\"],\"action\":\"stop\"}",
                "{\"names\":[null],\"action\":\"stop\"}")) {
            assertThat(gateway.post("/api/instances/bulk", body).status())
                    .as(body)
                    .isEqualTo(400);
        }
        String labelled = "{\"name\":\"n\",\"command\":[\"true\"],\"labels\":";
        for (String labels : List.of("{\"team a\":\"\"}", "{\"team\":null}", "{\"team\":\"a b\"}", "[]")) {
            assertThat(gateway.post("/api/instances", labelled + labels + "}").status())
                    .as(labels)
                    .isEqualTo(400);
        }
    }

    private List<String> names(String query) {
        return gateway.get("/api/instances" + query).body().path("instances").findValuesAsText("name");
    }

    private List<String> many(String which, String action) {
        List<String> rows = new ArrayList<>();
        gateway.post("/api/instances/bulk", "{" + which + ",\"action\":\"" + action + "\"}")
                .body()
                .path("results")
                .forEach(row -> rows.add(
                        row.path("name").asText() + " " + row.path("outcome").asText()));
        return rows;
    }
}
