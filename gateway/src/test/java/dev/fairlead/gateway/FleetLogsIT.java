package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A log lies on one node, and is read and followed from any. */
@Tag("alone")
class FleetLogsIT {
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
    void it_is_read_searched_and_downloaded_at_another_node() {
        run(n1, "old", "for i in $(seq 1 3000); do echo \"line $i\"; done");
        await().atMost(SOON).until(() -> lines(n2, "?lines=1").equals(List.of("line 3000")));

        JsonNode page = n2.get("/api/instances/old/logs?lines=2").body();
        assertThat(page).isEqualTo(n1.get("/api/instances/old/logs?lines=2").body());
        assertThat(lines(n2, "?lines=2&before=" + page.get("cursor").asText()))
                .containsExactly("line 2997", "line 2998");
        assertThat(lines(n2, "?lines=1&at=2020-01-01T00:00:00Z"))
                .isEqualTo(lines(n1, "?lines=1&at=2020-01-01T00:00:00Z"));
        assertThat(lines(n2, "?lines=5&grep=1234")).containsExactly("line 1234");
        assertThat(n2.get("/api/logs/search?q=line%202345").raw().body())
                .contains("\"instance\":\"old\"")
                .contains("\"line\":\"line 2345\"")
                .contains("\"truncated\":false");
        String whole = n2.get("/api/instances/old/logs/download").raw().body();
        assertThat(whole)
                .isEqualTo(n1.get("/api/instances/old/logs/download").raw().body());
        assertThat(whole).contains("line 1\n").endsWith("line 3000\n");
        assertThat(n2.get("/api/instances/nobody/logs").status()).isEqualTo(404);
    }

    @Test
    void it_is_followed_live_at_another_node_without_a_hole() throws Exception {
        Path go = temp.resolve("go");
        run(
                n1,
                "live",
                "while [ ! -e " + go + " ]; do sleep 0.1; done; for i in $(seq 1 2000); do echo \"n $i\"; done");
        await().atMost(SOON).until(() -> n2.get("/api/instances/live").status() == 200);
        WsClient all = WsClient.connect(n2.ws("/ws/instances/live/logs?backlog=0"));
        WsClient some = WsClient.connect(n2.ws("/ws/instances/live/logs?backlog=0&grep=n%2077"));
        all.next("backlog");
        some.next("backlog");

        Files.createFile(go);

        List<String> seen = new ArrayList<>();
        while (!seen.contains("n 2000")) {
            all.next("lines").get("lines").forEach(line -> seen.add(line.asText()));
        }
        assertThat(seen.stream().filter(line -> line.startsWith("n ")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2000).mapToObj(i -> "n " + i).toList());
        assertThat(some.next("lines").toString()).contains("n 77").doesNotContain("n 78");

        n2.post("/api/instances/live/archive", "{}");
        assertThat(all.closed().code()).isEqualTo(1000);
    }

    @Test
    void a_watch_goes_on_where_it_was_when_the_node_of_the_log_is_back() {
        RunningGateway n3 = fleet.start(3);
        run(n3, "back", "echo first");
        await().atMost(SOON).until(() -> n1.get("/api/instances/back/logs?lines=100")
                .raw()
                .body()
                .contains("first"));
        WsClient watch = WsClient.connect(n1.ws("/ws/instances/back/logs?backlog=100"));
        assertThat(watch.next("backlog").toString()).contains("first");

        fleet.end(n3);
        await().atMost(SOON).until(() -> n1.get("/api/instances/back/logs").status() == 503);
        assertThat(n1.get("/api/logs/search?q=first").raw().body()).contains("\"truncated\":true");
        RunningGateway again = fleet.start(3);
        await().atMost(SOON).until(() -> again.get("/api/instances/back")
                .body()
                .path("status")
                .asText()
                .equals("stopped"));
        await().atMost(SOON)
                .until(() -> n1.post("/api/instances/back/start", "{}").status() == 202);

        watch.next(frame -> frame.path("type").asText().equals("lines")
                && frame.get("lines").toString().contains("first"));
    }

    @Test
    void the_log_of_an_agent_is_read_where_it_is_connected() {
        WsClient agent = new Agents(n1).register("talker");
        new Agents(n2).awaitOnline("talker");
        agent.send("{\"subject\":\"log.append\",\"data\":{\"lines\":[\"hello\"]}}");

        await().atMost(SOON).until(() -> {
            JsonNode page = n2.get("/api/instances/talker/logs").body();
            return page.path("lines").toString().contains("hello");
        });
    }

    private static void run(RunningGateway node, String name, String script) {
        String json =
                "{\"name\":\"" + name + "\",\"command\":[\"sh\",\"-c\",\"" + script.replace("\"", "\\\"") + "\"]}";
        assertThat(node.post("/api/instances", json).status()).isEqualTo(201);
        assertThat(node.post("/api/instances/" + name + "/start", "{}").status())
                .isEqualTo(202);
    }

    private static List<String> lines(RunningGateway node, String query) {
        List<String> lines = new ArrayList<>();
        node.get("/api/instances/old/logs" + query).body().path("lines").forEach(line -> lines.add(line.asText()));
        return lines;
    }
}
