package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a newcomer meets it: one command, and every page has life. */
class DemoIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> AGENTS = List.of("coder", "planner", "scout", "worker");

    @TempDir
    Path home;

    @Test
    void one_command_brings_every_page_to_life_and_one_signal_ends_it_all() {
        List<ProcessHandle> programs;
        try (GatewayProcess demo = demo()) {
            WsClient messages = WsClient.connect(demo.ws("/ws/messages?ping=0"));
            WsClient lines = WsClient.connect(demo.ws("/ws/instances/worker/logs?backlog=0&ping=0"));

            await().atMost(PATIENCE).until(() -> names(get(demo, "/api/agents"), "agents", "online")
                    .equals(AGENTS));
            await().atMost(PATIENCE)
                    .until(() -> get(demo, "/api/token").path("state").asText().equals("valid"));
            JsonNode instances = get(demo, "/api/instances?include_archived=true");
            assertThat(names(instances, "instances", "running")).containsAll(AGENTS);
            assertThat(instances.get("instances"))
                    .anyMatch(instance -> instance.hasNonNull("archived_at"))
                    .anyMatch(instance -> instance.get("name").asText().equals("spare-worker")
                            && instance.get("status").asText().equals("stopped"));
            messages.next(frame -> frame.path("event").asText().equals("acknowledged"));
            lines.next(frame -> frame.path("lines").toString().contains("done: plan"));

            await("quotes that are streamed").atMost(PATIENCE).until(() -> get(demo, "/api/quotes?symbols=AAPL")
                    .at("/quotes/0/source")
                    .asText()
                    .equals("dxlink"));
            await("an order that waits for a person").atMost(PATIENCE).untilAsserted(() -> assertThat(
                            get(demo, "/api/orders").get("orders"))
                    .anyMatch(order -> order.get("submitter").asText().equals("scout")
                            && order.get("status").asText().equals("needs_confirmation")));

            WsClient chat = WsClient.connect(demo.ws("/ws/chat?agent=agent:worker"));
            chat.send("{\"type\":\"message\",\"content\":\"how is it going?\"}");
            chat.next("tool_result");
            assertThat(chat.next("done").get("full_response").asText()).contains("tasks done: ");

            WsClient coder = WsClient.connect(demo.ws("/ws/chat?agent=agent:coder"));
            coder.send("{\"type\":\"message\",\"content\":\"buy milk\"}");
            JsonNode edit = coder.next(frame -> frame.has("approval"));
            assertThat(edit.at("/args/content").asText()).contains("+- buy milk");
            coder.send("{\"type\":\"approve\",\"id\":\"" + edit.get("id").asText() + "\"}");
            assertThat(coder.next("done").get("full_response").asText()).contains("That makes 1 note in ");

            programs = StreamSupport.stream(instances.get("instances").spliterator(), false)
                    .filter(instance -> instance.hasNonNull("pid"))
                    .flatMap(instance -> ProcessHandle.of(instance.get("pid").asLong()).stream())
                    .toList();
            assertThat(programs).hasSizeGreaterThanOrEqualTo(AGENTS.size());
            demo.terminate();

            assertThat(demo.exit(PATIENCE)).isZero();
        }
        assertThat(programs).noneMatch(ProcessHandle::isAlive);
        assertThat(home.resolve(".fairlead")).as("a real gateway's folder").doesNotExist();
        assertThat(Files.isDirectory(home.resolve(".fairlead-demo"))).isTrue();
    }

    @Test
    void a_demo_that_was_killed_is_taken_up_by_the_next_one() {
        JsonNode before;
        int port;
        try (GatewayProcess first = demo()) {
            port = first.port();
            before = running(first);
            first.kill();
        }
        try (GatewayProcess second = GatewayProcess.serve(home, Map.of(), "--demo", "--port", "" + port)) {
            JsonNode after = running(second);

            for (String agent : AGENTS) {
                assertThat(instance(after, agent).get("pid"))
                        .as("pid of " + agent)
                        .isEqualTo(instance(before, agent).get("pid"));
            }
            second.terminate();
            assertThat(second.exit(PATIENCE)).isZero();
        }
    }

    private GatewayProcess demo() {
        // What would lead elsewhere is set aside.
        Map<String, String> real = Map.of(
                "FAIRLEAD_DATA_DIR", home.resolve(".fairlead").toString(), "FAIRLEAD_UPSTREAM_KIND", "tastytrade");
        return GatewayProcess.serve(home, real, "--demo", "--port", "0");
    }

    /** The instances, once all agents are online and their processes known. */
    private static JsonNode running(GatewayProcess demo) {
        await().atMost(PATIENCE)
                .until(() -> names(get(demo, "/api/agents"), "agents", "online").equals(AGENTS));
        await().atMost(PATIENCE).until(() -> names(get(demo, "/api/instances"), "instances", "running")
                .containsAll(AGENTS));
        return get(demo, "/api/instances");
    }

    private static JsonNode instance(JsonNode list, String name) {
        return StreamSupport.stream(list.get("instances").spliterator(), false)
                .filter(one -> one.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(JsonNode answer, String list, String status) {
        return StreamSupport.stream(answer.get(list).spliterator(), false)
                .filter(one -> one.get("status").asText().equals(status))
                .map(one -> one.get("name").asText())
                .sorted()
                .toList();
    }

    private static JsonNode get(GatewayProcess gateway, String path) {
        return FrameCodec.tree(gateway.send("GET", path, "").body());
    }
}
