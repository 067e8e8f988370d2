package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What was asked for over a face outlives the node that it was asked of. */
@Tag("alone")
class FleetFacesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String OPERATOR = "Bearer " + RunningGateway.PASSWORD;

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private Fleet fleet;
    private RunningGateway n1;
    private RunningGateway n2;

    @BeforeEach
    void start() throws Exception {
        fleet = new Fleet(postgres.server().settings(), temp, "shutdown.grace=200ms");
        n1 = fleet.start(1);
        n2 = fleet.start(2);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void a_call_over_mcp_that_waits_is_made_once_it_is_approved_though_its_node_is_gone() {
        assertThat(n1.post(
                                "/api/instances",
                                "{\"name\":\"parked\",\"command\":[\"sleep\",\"600\"],\"restart\":\"never\"}")
                        .status())
                .isEqualTo(201);
        String key = key("mcp");
        String id = tool(n2, key, "start_instance", "{\"name\":\"parked\"}")
                .at("/structuredContent/approval_id")
                .asText();
        assertThat(id).isNotEmpty();

        fleet.end(n2);
        assertThat(n1.post("/api/approvals/" + id + "/approve", "", "Authorization", OPERATOR)
                        .status())
                .isEqualTo(200);

        await().atMost(SOON).until(() -> tool(n1, key, "get_approval", "{\"approval_id\":\"" + id + "\"}")
                .at("/structuredContent/status")
                .asText()
                .equals("done"));
        assertThat(n1.get("/api/instances/parked").body().get("status").asText())
                .isNotEqualTo("stopped");
    }

    @Test
    void a_response_in_the_background_is_answered_though_its_node_is_gone() {
        WsClient agent = new Agents(n1).register("worker");
        new Agents(n2).awaitOnline("worker");
        String key = key("openai");
        String id = begin(n2, key);
        String turn = agent.next("chat.turn").at("/data/turn_id").asText();

        fleet.end(n2);
        assertThat(agent.next("chat.turn").at("/data/turn_id").asText()).isEqualTo(turn);
        agent.send("{\"subject\":\"chat.done\",\"data\":{\"turn_id\":\"" + turn + "\",\"full_response\":\"All.\"}}");

        await().atMost(SOON).until(() -> n1.get("/v1/responses/" + id, "Authorization", "Bearer " + key)
                .body()
                .path("status")
                .asText()
                .equals("completed"));
        assertThat(n1.get("/v1/responses/" + id, "Authorization", "Bearer " + key)
                        .body()
                        .at("/output/0/content/0/text")
                        .asText())
                .isEqualTo("All.");
    }

    @Test
    void a_response_that_runs_on_another_node_is_read_and_cancelled() {
        WsClient agent = new Agents(n1).register("worker");
        new Agents(n2).awaitOnline("worker");
        String key = key("openai");
        String read = begin(n2, key);
        String turn = agent.next("chat.turn").at("/data/turn_id").asText();
        assertThat(n1.get("/v1/responses/" + read, "Authorization", "Bearer " + key)
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("in_progress");
        CompletableFuture<RunningGateway.Reply> events = CompletableFuture.supplyAsync(
                () -> n1.get("/v1/responses/" + read + "?stream=true", "Authorization", "Bearer " + key));
        agent.send("{\"subject\":\"chat.event\",\"data\":{\"turn_id\":\"" + turn
                + "\",\"type\":\"chunk\",\"content\":\"A piece\"}}");
        agent.send("{\"subject\":\"chat.done\",\"data\":{\"turn_id\":\"" + turn + "\",\"full_response\":\"A piece\"}}");
        assertThat(events.join().raw().body()).contains("A piece", "response.completed");

        String cancelled = begin(n2, key);
        assertThat(n1.post("/v1/responses/" + cancelled + "/cancel", "", "Authorization", "Bearer " + key)
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("cancelled");
    }

    private static String begin(RunningGateway node, String key) {
        return node.post(
                        "/v1/responses",
                        "{\"model\":\"fairlead/agent/worker\",\"input\":\"Long\",\"background\":true}",
                        "Authorization",
                        "Bearer " + key)
                .body()
                .path("id")
                .asText();
    }

    private String key(String kind) {
        return n1.post(
                        "/api/admin/tokens",
                        "{\"kind\":\"" + kind + "\",\"name\":\"client\",\"scopes\":[\"read\"]}",
                        "Authorization",
                        OPERATOR)
                .body()
                .path("token")
                .asText();
    }

    private static JsonNode tool(RunningGateway node, String key, String name, String arguments) {
        return node.post(
                        "/mcp",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + name
                                + "\",\"arguments\":" + arguments + "}}",
                        "Authorization",
                        "Bearer " + key,
                        "MCP-Protocol-Version",
                        "2025-11-25",
                        "Accept",
                        "application/json, text/event-stream")
                .body()
                .path("result");
    }
}
