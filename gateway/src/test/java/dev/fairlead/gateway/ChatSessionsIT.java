package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is known of chats besides themselves: their list, the stream of events, and to whom. */
@ExtendWith(BlockedLoops.class)
class ChatSessionsIT {
    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static Agents agents;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder);
        agents = new Agents(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void turns_are_told_to_the_stream_of_events_without_what_was_said() {
        new Agents(gateway).permanentToken("absent");
        try (WsClient events = WsClient.connect(gateway.ws("/ws/events"));
                WsClient chat = chat("?agent=agent:absent")) {
            events.next("snapshot");
            String session = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"canary-text\"}");
            JsonNode start =
                    events.next(event -> event.path("session_id").asText().equals(session));
            assertThat(start.get("type").asText()).isEqualTo("agent_start");
            assertThat(start.get("provider").asText()).isEqualTo("agent:absent");
            JsonNode error = events.next("error");
            assertThat(error.get("component").asText()).isEqualTo("ws_chat");
            JsonNode end = events.next("agent_end");
            assertThat(end.get("reason").asText()).isEqualTo("error");
            assertThat(start + "" + error + end).doesNotContain("canary");
        }
    }

    @Test
    void what_comes_or_goes_elsewhere_is_told_to_a_chat() {
        try (WsClient chat = chat("")) {
            chat.next();
            chat.send("{\"type\":\"connect\"}");
            chat.next("connected");
            chat.send("{\"type\":\"ping\"}");
            chat.next("pong");
            try (WsClient agent = agents.register("passer-by")) {
                JsonNode event = chat.next("agent_event").get("event");
                assertThat(event.get("type").asText()).isEqualTo("channel_event");
                assertThat(event.get("name").asText()).isEqualTo("passer-by");
                assertThat(agent.isOpen()).isTrue();
            }
        }
    }

    @Test
    void sessions_are_listed_renamed_exported_and_deleted() {
        String session;
        try (WsClient chat = chat("?name=first")) {
            session = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"list agents\"}");
            chat.next("done");
            assertThat(gateway.get("/api/sessions?limit=500").body().get("sessions"))
                    .anySatisfy(
                            one -> assertThat(one.get("session_id").asText()).isEqualTo(session));
            assertThat(gateway.send("PATCH", "/api/sessions/" + session, "{\"name\":\"second\"}")
                            .body()
                            .get("name")
                            .asText())
                    .isEqualTo("second");
            assertThat(gateway.post("/api/sessions/" + session + "/abort", "")
                            .body()
                            .has("turn_id"))
                    .isFalse();
            JsonNode json = gateway.get("/api/sessions/" + session + "/export?format=json")
                    .body();
            assertThat(json.get("messages")).hasSize(4);
            String markdown = gateway.get("/api/sessions/" + session + "/export?format=markdown")
                    .raw()
                    .body();
            assertThat(markdown).startsWith("# second").contains("list agents", "list_agents");
            JsonNode last = gateway.get("/api/sessions/" + session + "/messages?limit=1")
                    .body();
            assertThat(last.at("/messages/0/role").asText()).isEqualTo("assistant");
            JsonNode before = gateway.get("/api/sessions/" + session + "/messages?limit=3&before="
                            + last.get("cursor").asText())
                    .body();
            assertThat(before.at("/messages/0/role").asText()).isEqualTo("user");
            assertThat(before.has("cursor")).isFalse();
            assertThat(gateway.delete("/api/sessions/" + session).status()).isEqualTo(204);
            assertThat(chat.closed().code()).isEqualTo(1000);
        }
        assertThat(gateway.get("/api/sessions/" + session + "/messages").status())
                .isEqualTo(404);
        assertThat(gateway.delete("/api/sessions/" + session).status()).isEqualTo(404);
    }

    @Test
    void an_agent_may_not_chat() {
        String token = agents.permanentToken("curious");
        assertThat(WsClient.refusal(gateway.ws("/ws/chat"), "Authorization", "Bearer " + token))
                .isEqualTo(403);
        assertThat(gateway.get("/api/sessions", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(403);
    }

    private static WsClient chat(String query) {
        return WsClient.connect(gateway.ws("/ws/chat" + query));
    }
}
