package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.traces.Spans;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A gateway process that is killed and served again, the model it asks, and the two effects that each round has. */
final class KillableGateway implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String AUTHORIZATION = "Authorization";

    /** Stands in whatever is said, and in every key. */
    static final String CANARY = "canary-8f14e45fceea167a";

    private static final String PASSWORD = "password-" + CANARY;

    static final String[] ADMIN = {AUTHORIZATION, "Bearer " + PASSWORD};

    private final Path folder;
    private final FakeModel model = FakeModel.start();
    private final Spans spans = new Spans();
    private final Set<String> secrets = new HashSet<>(Set.of(CANARY, PASSWORD));
    private final StringBuilder said = new StringBuilder();
    private GatewayProcess process;

    KillableGateway(Path folder) {
        this.folder = folder;
        this.process = serve();
        String token = token("\"agent_name\":\"sink\"");
        try (WsClient agent = WsClient.connect(ws("/ws/agent"), AUTHORIZATION, "Bearer " + token)) {
            agent.next("token.state");
        }
    }

    /** Ends it as the kernel does, and starts it anew. */
    void kill() {
        process.kill();
        heard();
        process = serve();
    }

    /** A new token, which nobody is told but who asked for it. */
    String token(String of) {
        String token = FrameCodec.tree(post("/api/admin/tokens", "{" + of + "}"))
                .path("token")
                .asText();
        secrets.add(token);
        return token;
    }

    /** Neither what was said nor any key shows in what the gateways have said, nor in how they refuse. */
    void requireSecrecy() {
        String key = token("\"kind\":\"mcp\",\"name\":\"refused\",\"scopes\":[\"read\"]");
        String[] refused = {AUTHORIZATION, "Bearer " + CANARY + ".x"};
        String[] reader = {AUTHORIZATION, "Bearer " + key};
        for (String path : List.of("/mcp", "/v1/responses", "/v1/chat/completions", "/api/messages")) {
            for (String body : List.of(
                    "{\"" + CANARY + "\":",
                    "{\"input\":{\"x\":\"" + CANARY + "\"},\"messages\":\"" + CANARY + "\",\"payload\":\"" + CANARY
                            + "\",\"model\":\"fairlead/llm\"}")) {
                for (String[] headers : List.of(ADMIN, reader, refused)) {
                    HttpResponse<String> answer = process.send("POST", path, body, headers);
                    assertThat(answer.statusCode()).as(path).isGreaterThanOrEqualTo(400);
                    assertThat(answer.body()).as(path).doesNotContain(secrets);
                }
            }
        }
        assertThat(process.send("GET", "/metrics", "", ADMIN).body()).doesNotContain(secrets);
        end();
        heard();
        assertThat(said.toString()).contains("Fairlead is at").doesNotContain(secrets);
        assertThat(spans.raw()).contains("invoke_agent llm").doesNotContain(secrets);
    }

    private void heard() {
        process.close();
        said.append(process.output()).append(process.out()).append(process.err());
    }

    /** Ends it as a person does, which stops the instances. */
    private void end() {
        process.terminate();
        assertThat(process.exitCode()).isZero();
    }

    @Override
    public void close() {
        process.close();
        model.close();
        spans.close();
    }

    /** Waits until a collector was told of something in a trace. */
    void requireSpan(String trace, String name, String which) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(spans.of(trace))
                .as(which)
                .extracting(Spans.Span::name)
                .contains(name));
    }

    FakeModel model() {
        return model;
    }

    URI ws(String path) {
        return process.ws(path);
    }

    URI http(String path) {
        return URI.create("http://127.0.0.1:" + process.port() + path);
    }

    JsonNode get(String path) {
        return FrameCodec.tree(process.send("GET", path, "", ADMIN).body());
    }

    String post(String path, String body) {
        return process.send("POST", path, body, ADMIN).body();
    }

    /** With more headers as name, value, name, value. */
    JsonNode postAsAdmin(String path, String body, String... more) {
        List<String> headers = new ArrayList<>(List.of(ADMIN));
        headers.addAll(List.of(more));
        return post(path, body, headers.toArray(String[]::new));
    }

    /** With headers as name, value, name, value. */
    JsonNode post(String path, String body, String... headers) {
        return FrameCodec.tree(process.send("POST", path, body, headers).body());
    }

    /** Answers what waits without waiting for what comes of it. */
    CompletableFuture<Void> approve(String id) {
        return CompletableFuture.runAsync(() -> {
            try {
                post("/api/approvals/" + id + "/approve", "");
            } catch (UncheckedIOException killed) {
                // whether it was heard the restart shows
            }
        });
    }

    /** The ids of what waits for a person. */
    List<String> waiting() {
        return get("/api/approvals?status=waiting").path("approvals").findValuesAsText("id");
    }

    /** Makes the instance whose start is one of the effects, and has the model do both. */
    void prepare(int round) {
        post(
                "/api/instances",
                "{\"name\":\"web-" + round + "\",\"command\":[\"sh\",\"-c\",\"echo started >> " + started(round)
                        + "; exec sleep 600\"]}");
        model.otherwise((asked, wire) -> {
            long results = asked.body().path("messages").findValuesAsText("role").stream()
                    .filter("tool"::equals)
                    .count();
            if (results == 0) {
                ModelReplies.textAndCalls(CANARY, "send_message", message(round))
                        .answer(asked, wire);
            } else if (results == 1) {
                ModelReplies.calls("start_instance", instance(round)).answer(asked, wire);
            } else {
                ModelReplies.text("All ", "is ", "done ", "in round " + round + ".")
                        .answer(asked, wire);
            }
        });
    }

    static String message(int round) {
        return "{\"to\":\"sink\",\"type\":\"t\",\"payload\":\"" + CANARY + "\",\"correlation_id\":\"round-" + round
                + "\"}";
    }

    static String instance(int round) {
        return "{\"name\":\"web-" + round + "\"}";
    }

    /** How every answer ends; what was said before the kill is void. */
    static String answer(int round) {
        return "All is done in round " + round + ".";
    }

    /** Each effect was had, and once; nothing waits for a person any more. */
    void requireDone(int round, String which) throws IOException {
        assertThat(get("/api/messages?correlation_id=round-" + round).path("messages"))
                .as(which)
                .hasSize(1);
        await().atMost(PATIENCE).until(() -> Files.exists(started(round)));
        assertThat(Files.readAllLines(started(round))).as(which).hasSize(1);
        assertThat(waiting()).as(which).isEmpty();
    }

    private Path started(int round) {
        return folder.resolve("started-" + round);
    }

    private GatewayProcess serve() {
        return GatewayProcess.serve(
                folder,
                Map.of("FAIRLEAD_ADMIN_PASSWORD", PASSWORD, "FAIRLEAD_LLM_API_KEY", "sk-" + CANARY),
                "--port",
                "0",
                "--data-dir",
                folder.resolve("data").toString(),
                "--set",
                "llm.base_url=" + model.baseUrl(),
                "--set",
                "llm.model=test-model",
                "--set",
                "log.level=debug",
                "--set",
                "otel.endpoint=http://127.0.0.1:" + spans.port());
    }
}
