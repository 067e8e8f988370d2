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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is killed in the middle of a turn goes on with it: no effect is lost, none is had twice. */
class TurnsKilledIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String[] ADMIN = {"Authorization", "Bearer " + RunningGateway.PASSWORD};

    @TempDir
    Path folder;

    private final Set<String> asked = new LinkedHashSet<>();
    private final FakeModel model = FakeModel.start();
    private GatewayProcess gateway;

    @Test
    void a_turn_ends_after_a_kill_at_any_moment_and_each_of_its_effects_is_had_once() throws IOException {
        survives(4);
    }

    @Test
    @Tag("long")
    void twenty_turns_end_after_a_kill_at_any_moment_and_each_of_their_effects_is_had_once() throws IOException {
        survives(20);
    }

    private void survives(int rounds) throws IOException {
        long seed = Long.getLong("seed", 1410);
        Random random = new Random(seed);
        gateway = serve();
        try {
            register("sink");
            for (int round = 0; round < rounds; round++) {
                round(round, random.nextInt(10), "seed " + seed + ", round " + round);
            }
            gateway.terminate(); // stops the instances
            assertThat(gateway.exitCode()).isZero();
        } finally {
            gateway.close();
            model.close();
        }
    }

    private void round(int round, int framesBeforeTheKill, String which) throws IOException {
        Path started = folder.resolve("started-" + round);
        post(
                "/api/instances",
                "{\"name\":\"web-" + round + "\",\"command\":[\"sh\",\"-c\",\"echo started >> " + started
                        + "; exec sleep 600\"]}");
        script(round);
        asked.clear();
        String session = UUID.randomUUID().toString();
        long last = 0;
        try (WsClient chat = chat(session, last)) {
            chat.send("{\"type\":\"message\",\"content\":\"Do what there is to do in round " + round + "\"}");
            for (int i = 0; i < framesBeforeTheKill; i++) {
                JsonNode frame = chat.next(numbered -> numbered.has("n"));
                last = frame.path("n").asLong();
                approve(chat, frame);
                if (frame.path("type").asText().equals("done")) {
                    break;
                }
            }
            if (framesBeforeTheKill == 0) {
                await().atMost(PATIENCE).until(() -> !entries(session).isEmpty());
            }
        }
        gateway.kill();
        gateway.close();
        gateway = serve();

        String answer = "";
        try (WsClient chat = chat(session, last)) {
            asked.forEach(id -> approve(chat, id));
            while (answer.isEmpty()) {
                JsonNode frame = chat.next(numbered -> numbered.has("n"));
                assertThat(frame.path("n").asLong()).as("%s: %s", which, frame).isGreaterThan(last);
                assertThat(frame.path("type").asText())
                        .as("%s: %s", which, frame)
                        .isNotEqualTo("error");
                last = frame.path("n").asLong();
                approve(chat, frame);
                answer = frame.path("full_response").asText();
            }
        }
        assertThat(answer).as(which).isEqualTo("All is done in round " + round + ".");
        assertThat(get("/api/messages?correlation_id=round-" + round).path("messages"))
                .as(which)
                .hasSize(1);
        await().atMost(PATIENCE).until(() -> Files.exists(started));
        assertThat(Files.readAllLines(started)).as(which).hasSize(1);
        assertThat(get("/api/approvals?status=waiting").path("approvals"))
                .as(which)
                .isEmpty();
        assertThat(get("/api/sessions/" + session + "/messages")
                        .at("/session/state")
                        .asText())
                .as(which)
                .isEqualTo("idle");
    }

    /** The model goes by what it is told: it says something, sends, starts, and says that all is done. */
    private void script(int round) {
        model.otherwise((asked, wire) -> {
            long results = asked.body().path("messages").findValuesAsText("role").stream()
                    .filter("tool"::equals)
                    .count();
            if (results == 0) {
                ModelReplies.calls(
                                "send_message",
                                "{\"to\":\"sink\",\"type\":\"t\",\"payload\":{},\"correlation_id\":\"round-" + round
                                        + "\"}")
                        .answer(asked, wire);
            } else if (results == 1) {
                ModelReplies.calls("start_instance", "{\"name\":\"web-" + round + "\"}")
                        .answer(asked, wire);
            } else {
                ModelReplies.text("All ", "is ", "done ", "in round " + round + ".")
                        .answer(asked, wire);
            }
        });
    }

    /** Whether an answer of before the kill was kept nobody knows: who comes back gives it again. */
    private void approve(WsClient chat, JsonNode frame) {
        String id = frame.path("id").asText();
        if (frame.path("approval").asText().equals("required")) {
            asked.add(id);
            approve(chat, id);
        } else if (frame.path("type").asText().equals("tool_result")) {
            asked.remove(id);
        }
    }

    private static void approve(WsClient chat, String id) {
        chat.send("{\"type\":\"approve\",\"id\":\"" + id + "\"}");
    }

    private WsClient chat(String session, long after) {
        return WsClient.connect(gateway.ws("/ws/chat?agent=llm&session_id=" + session + "&after=" + after));
    }

    private void register(String name) {
        String token = FrameCodec.tree(post("/api/admin/tokens", "{\"agent_name\":\"" + name + "\"}"))
                .path("token")
                .asText();
        try (WsClient agent = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token)) {
            agent.next("token.state");
        }
    }

    private List<JsonNode> entries(String session) {
        return get("/api/sessions/" + session + "/entries").findValues("n");
    }

    private JsonNode get(String path) {
        return FrameCodec.tree(gateway.send("GET", path, "", ADMIN).body());
    }

    private String post(String path, String body) {
        return gateway.send("POST", path, body, ADMIN).body();
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
