package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of chats whose gateway ends in the middle. */
class ChatRestartIT {
    @TempDir
    Path folder;

    @Test
    void an_agent_is_given_the_turn_again_that_it_had_when_the_gateway_was_killed() {
        String session;
        String turn;
        long seen;
        String permanent;
        try (GatewayProcess gateway = serve();
                WsClient agent = WsClient.connect(gateway.ws("/ws/agent"))) {
            agent.send("{\"subject\":\"agent.register\",\"reply\":\"inbox.1\",\"data\":{\"token\":\""
                    + registrationToken(gateway) + "\"}}");
            permanent = agent.next("inbox.1").at("/data/token").asText();
            try (WsClient chat = WsClient.connect(gateway.ws("/ws/chat?agent=agent:slow"))) {
                session = chat.next().get("session_id").asText();
                chat.send("{\"type\":\"message\",\"content\":\"tell me\"}");
                turn = agent.next("chat.turn").at("/data/turn_id").asText();
                agent.send("{\"subject\":\"chat.event\",\"data\":{\"turn_id\":\"" + turn
                        + "\",\"type\":\"chunk\",\"content\":\"Once upon\"}}");
                seen = chat.next("chunk").get("n").asLong();
            }
            gateway.kill();
        }
        try (GatewayProcess gateway = serve();
                WsClient chat = WsClient.connect(gateway.ws("/ws/chat?session_id=" + session + "&after=" + seen))) {
            assertThat(chat.next("chunk_reset").get("n").asLong()).isGreaterThan(seen);
            try (WsClient agent = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + permanent)) {
                JsonNode again = agent.next("chat.turn").get("data");
                assertThat(again.get("turn_id").asText()).isEqualTo(turn);
                assertThat(again.get("content").asText()).isEqualTo("tell me");
                assertThat(again.get("resumed").asBoolean()).isTrue();
                agent.send("{\"subject\":\"chat.done\",\"data\":{\"turn_id\":\"" + turn
                        + "\",\"full_response\":\"Once upon a time.\"}}");
                assertThat(chat.next("done").get("full_response").asText()).isEqualTo("Once upon a time.");
            }
            JsonNode kept = messages(gateway, session);
            assertThat(kept.at("/session/state").asText()).isEqualTo("idle");
            assertThat(kept.get("messages")).hasSize(2);
        }
    }

    @Test
    void a_call_waits_for_a_person_over_a_restart() {
        String session;
        String call;
        try (RunningGateway gateway = RunningGateway.start(folder, "shutdown.grace=100ms");
                WsClient chat = WsClient.connect(gateway.ws("/ws/chat"))) {
            session = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"/confirm no-such-order\"}");
            JsonNode asked = chat.next("tool_call");
            assertThat(asked.get("approval").asText()).isEqualTo("required");
            call = asked.get("id").asText();
        }
        try (RunningGateway gateway = RunningGateway.start(folder);
                WsClient chat = WsClient.connect(gateway.ws("/ws/chat?session_id=" + session))) {
            chat.next();
            chat.send("{\"type\":\"connect\"}");
            JsonNode asked = chat.next("tool_call");
            assertThat(asked.get("id").asText()).isEqualTo(call);
            chat.send("{\"type\":\"approve\",\"id\":\"call-of-another\"}");
            assertThat(chat.next("error").get("message").asText()).contains("waits for approval");
            chat.send("{\"type\":\"approve\",\"id\":\"" + call + "\"}");
            assertThat(chat.next("tool_result").get("output").asText()).contains("order_not_found");
            chat.send("{\"type\":\"approve\",\"id\":\"" + call + "\"}");
            assertThat(chat.next("error").get("code").asText()).isEqualTo("AGENT_ERROR");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gateway.get("/api/audit", "Authorization", "Bearer " + RunningGateway.PASSWORD)
                            .body()
                            .toString()
                            .contains("chat.tool"));
        }
    }

    @Test
    void a_denied_call_does_not_happen_and_the_agent_says_so() {
        try (RunningGateway gateway = RunningGateway.start(folder);
                WsClient chat = WsClient.connect(gateway.ws("/ws/chat"))) {
            chat.next();
            chat.send("{\"type\":\"message\",\"content\":\"/confirm some-order\"}");
            String call = chat.next("tool_call").get("id").asText();
            chat.send("{\"type\":\"deny\",\"id\":\"" + call + "\"}");
            assertThat(chat.next("tool_result").get("output").asText()).contains("denied");
            assertThat(chat.next("done").get("full_response").asText()).contains("nothing was done");
        }
    }

    private GatewayProcess serve() {
        return GatewayProcess.serve(
                folder,
                Map.of("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD),
                "--port",
                "0",
                "--data-dir",
                folder.resolve("data").toString());
    }

    private static String registrationToken(GatewayProcess gateway) {
        return FrameCodec.tree(gateway.send(
                                "POST",
                                "/api/admin/tokens",
                                "{\"agent_name\":\"slow\"}",
                                "Authorization",
                                "Bearer " + RunningGateway.PASSWORD)
                        .body())
                .get("token")
                .asText();
    }

    private static JsonNode messages(GatewayProcess gateway, String session) {
        return FrameCodec.tree(gateway.send("GET", "/api/sessions/" + session + "/messages", "")
                .body());
    }
}
