package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A gateway process that is killed and served again, the model it asks, and the two effects that each round has. */
final class KillableGateway implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AUTHORIZATION = "Authorization";
    static final String[] ADMIN = {AUTHORIZATION, "Bearer " + RunningGateway.PASSWORD};

    private final Path folder;
    private final FakeModel model = FakeModel.start();
    private GatewayProcess process;

    KillableGateway(Path folder) {
        this.folder = folder;
        this.process = serve();
        String token = FrameCodec.tree(post("/api/admin/tokens", "{\"agent_name\":\"sink\"}"))
                .path("token")
                .asText();
        try (WsClient agent = WsClient.connect(ws("/ws/agent"), AUTHORIZATION, "Bearer " + token)) {
            agent.next("token.state");
        }
    }

    /** Ends it as the kernel does, and starts it anew. */
    void kill() {
        process.kill();
        process.close();
        process = serve();
    }

    /** Ends it as a person does, which stops the instances. */
    void end() {
        process.terminate();
        assertThat(process.exitCode()).isZero();
    }

    @Override
    public void close() {
        process.close();
        model.close();
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
                ModelReplies.calls("send_message", message(round)).answer(asked, wire);
            } else if (results == 1) {
                ModelReplies.calls("start_instance", instance(round)).answer(asked, wire);
            } else {
                ModelReplies.text("All ", "is ", "done ", "in round " + round + ".")
                        .answer(asked, wire);
            }
        });
    }

    static String message(int round) {
        return "{\"to\":\"sink\",\"type\":\"t\",\"payload\":{},\"correlation_id\":\"round-" + round + "\"}";
    }

    static String instance(int round) {
        return "{\"name\":\"web-" + round + "\"}";
    }

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
                Map.of("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD),
                "--port",
                "0",
                "--data-dir",
                folder.resolve("data").toString(),
                "--set",
                "llm.base_url=" + model.baseUrl(),
                "--set",
                "llm.model=test-model");
    }
}
