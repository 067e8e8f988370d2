package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.traces.Spans;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real collector of traces is told: whatever one turn brings about is one trace, and nothing that was said. */
class TracesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String CANARY = "canary-zq81";

    @TempDir
    static Path folder;

    private static final FakeModel model = FakeModel.start();
    private static final RunningSimulator upstream = RunningSimulator.start();
    private static final Spans spans = new Spans();
    private static Process collector;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        Path rotel = Tools.require(
                "rotel-agent",
                "python3 -m venv gateway/target/rotel && gateway/target/rotel/bin/pip install rotel==0.0.1a15,"
                        + " with gateway/target/rotel/lib/python3.*/site-packages/rotel on the PATH");
        int http = freePort();
        collector = new ProcessBuilder(
                        rotel.toString(),
                        "start",
                        "--otlp-http-endpoint",
                        "127.0.0.1:" + http,
                        "--otlp-grpc-endpoint",
                        "127.0.0.1:" + freePort(),
                        "--exporter",
                        "otlp",
                        "--otlp-exporter-endpoint",
                        "http://127.0.0.1:" + spans.port(),
                        "--otlp-exporter-protocol",
                        "http",
                        "--otlp-exporter-compression",
                        "none")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("collector.log").toFile())
                .start();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), http).close();
            return true;
        });
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "llm.base_url=" + model.baseUrl(),
                "llm.model=test-model",
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true",
                "orders.confirm=always",
                "otel.endpoint=http://127.0.0.1:" + http);
        await().atMost(PATIENCE)
                .until(() ->
                        gateway.get("/api/token").body().path("state").asText().equals("valid"));
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
        if (collector != null) {
            collector.destroy();
        }
        spans.close();
        model.close();
        upstream.close();
    }

    @Test
    void a_turn_with_its_model_its_tools_a_message_and_an_order_is_one_trace() {
        String order = gateway.post(
                        "/api/orders",
                        "{\"client_order_id\":\"traced-1\",\"symbol\":\"AAPL\",\"side\":\"buy\",\"quantity\":1,"
                                + "\"order_type\":\"limit\",\"limit_price\":10}")
                .body()
                .path("order_id")
                .asText();
        model.then(ModelReplies.calls(
                        "send_message",
                        "{\"to\":\"worker\",\"type\":\"task\",\"payload\":{\"say\":\"" + CANARY + "\"}}"))
                .then(ModelReplies.calls("confirm_order", "{\"order_id\":\"" + order + "\"}"))
                .then(ModelReplies.text("Done, " + CANARY + "."));
        try (WsClient worker = new Agents(gateway).register("worker")) {
            CompletableFuture<HttpResponse<String>> answer = ask("Do it, " + CANARY);
            approve("send_message");
            JsonNode delivered = worker.next("message.deliver");
            approve("confirm_order");
            assertThat(answer.join().body()).contains("Done, " + CANARY);
            await().atMost(PATIENCE).until(() -> spans.of(TRACE).stream()
                    .map(Spans.Span::name)
                    .toList()
                    .containsAll(List.of("invoke_agent llm", "send worker", "submit_order")));

            Spans.Span turn = span("invoke_agent llm");
            assertThat(turn.parent()).isEqualTo(PARENT);
            assertThat(turn.attributes())
                    .containsEntry("gen_ai.operation.name", "invoke_agent")
                    .containsKey("gen_ai.conversation.id");
            Spans.Span message = span("execute_tool send_message");
            Spans.Span confirmation = span("execute_tool confirm_order");
            assertThat(message.parent()).isEqualTo(turn.id());
            assertThat(confirmation.parent()).isEqualTo(turn.id());
            assertThat(span("send worker").parent()).isEqualTo(message.id());
            assertThat(span("submit_order").parent()).isEqualTo(confirmation.id());
            List<Spans.Span> calls = spans.of(TRACE).stream()
                    .filter(one -> one.name().equals("chat test-model"))
                    .toList();
            assertThat(calls).hasSize(3).allSatisfy(call -> {
                assertThat(call.parent()).isEqualTo(turn.id());
                assertThat(call.attributes())
                        .containsEntry("gen_ai.operation.name", "chat")
                        .containsEntry("gen_ai.request.model", "test-model");
            });
            // Those that are none of ours are told as well.
            assertThat(model.asked())
                    .extracting(asked -> asked.headers().get("traceparent"))
                    .containsExactlyInAnyOrderElementsOf(calls.stream()
                            .map(call -> "00-" + TRACE + "-" + call.id() + "-01")
                            .toList());
            assertThat(delivered.path("traceparent").asText())
                    .isEqualTo("00-" + TRACE + "-" + span("send worker").id() + "-01");
        }
        assertThat(spans.raw()).contains("fairlead").doesNotContain(CANARY);
    }

    @Test
    void agents_and_clients_of_mcp_go_on_in_their_own_traces() {
        String agents = "4bf92f3577b34da6a3ce929d0e0e4736";
        String clients = "5cf92f3577b34da6a3ce929d0e0e4737";
        try (WsClient sender = new Agents(gateway).register("sender")) {
            sender.send("{\"subject\":\"message.send\",\"reply\":\"inbox.1\",\"traceparent\":\"" + parent(agents)
                    + "\",\"data\":{\"to\":\"sender\",\"type\":\"t\",\"payload\":\"" + CANARY + "\"}}");
            String delivered =
                    sender.next("message.deliver").path("traceparent").asText();
            sender.send("{\"subject\":\"order.submit\",\"reply\":\"inbox.2\",\"traceparent\":\"" + parent(agents)
                    + "\",\"data\":{\"client_order_id\":\"traced-2\",\"symbol\":\"AAPL\",\"side\":\"buy\","
                    + "\"quantity\":1,\"order_type\":\"limit\",\"limit_price\":10}}");
            String order = sender.next("inbox.2").at("/data/order_id").asText();
            assertThat(gateway.post("/api/orders/" + order + "/confirm", "").status())
                    .isEqualTo(200);
            assertThat(gateway.post(
                                    "/mcp",
                                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":"
                                            + "\"list_agents\",\"arguments\":{},\"_meta\":{\"traceparent\":\""
                                            + parent(clients) + "\"}}}")
                            .status())
                    .isEqualTo(200);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(spans.of(agents))
                        .extracting(Spans.Span::name)
                        .containsExactlyInAnyOrder("send sender", "submit_order");
                assertThat(spans.of(clients)).extracting(Spans.Span::name).containsExactly("tools/call list_agents");
            });
            assertThat(spans.of(agents)).extracting(Spans.Span::parent).containsOnly(PARENT);
            assertThat(delivered).startsWith("00-" + agents).doesNotContain(PARENT);
        }
        assertThat(spans.raw()).doesNotContain(CANARY);
    }

    @Test
    void what_is_said_is_told_where_the_settings_ask_for_it_and_keys_are_not() {
        String trace = "6df92f3577b34da6a3ce929d0e0e4738";
        try (Spans told = new Spans();
                RunningGateway talks = RunningGateway.start(
                        folder.resolve("talks"),
                        "llm.base_url=" + model.baseUrl(),
                        "llm.model=test-model",
                        "llm.api_key=sk-" + CANARY,
                        "otel.endpoint=http://127.0.0.1:" + told.port(),
                        "otel.content=true")) {
            model.then(ModelReplies.calls("list_agents", "{}")).then(ModelReplies.text("Nobody is there."));
            assertThat(ask(talks, trace, "Who is there?").join().body()).contains("Nobody is there.");
            await().atMost(PATIENCE).until(() -> told.of(trace).size() == 4);
            assertThat(named("invoke_agent llm", told.of(trace)).attributes())
                    .hasEntrySatisfying(
                            "gen_ai.input.messages",
                            said -> assertThat(said)
                                    .endsWith(
                                            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Who is there?\"}]}]"))
                    .hasEntrySatisfying("gen_ai.output.messages", said -> assertThat(said)
                            .endsWith(
                                    "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Nobody is there.\"}],"
                                            + "\"finish_reason\":\"stop\"}]"));
            assertThat(named("execute_tool list_agents", told.of(trace)).attributes())
                    .hasEntrySatisfying("gen_ai.tool.call.arguments", said -> assertThat(said)
                            .endsWith("{}"))
                    .hasEntrySatisfying(
                            "gen_ai.tool.call.result", said -> assertThat(said).contains("agents"));
            assertThat(told.raw()).doesNotContain(CANARY, RunningGateway.PASSWORD);
        }
    }

    private static CompletableFuture<HttpResponse<String>> ask(String question) {
        return ask(gateway, TRACE, question);
    }

    private static CompletableFuture<HttpResponse<String>> ask(RunningGateway asked, String trace, String question) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(asked.http("/v1/chat/completions"))
                                .header("Content-Type", "application/json")
                                .header("traceparent", parent(trace))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"fairlead/llm\",\"messages\":[{\"role\":\"user\",\"content\":\""
                                                + question + "\"}]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void approve(String tool) {
        JsonNode waiting = await().atMost(PATIENCE)
                .until(
                        () -> gateway.get("/api/approvals?status=waiting")
                                .body()
                                .path("approvals"),
                        approvals -> approvals.findValuesAsText("subject").contains(tool));
        for (JsonNode approval : waiting) {
            if (approval.path("subject").asText().equals(tool)) {
                assertThat(gateway.post("/api/approvals/" + approval.path("id").asText() + "/approve", "")
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private static Spans.Span span(String name) {
        return named(name, spans.of(TRACE));
    }

    private static Spans.Span named(String name, List<Spans.Span> told) {
        return told.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No span " + name));
    }

    private static String parent(String trace) {
        return "00-" + trace + "-" + PARENT + "-01";
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
