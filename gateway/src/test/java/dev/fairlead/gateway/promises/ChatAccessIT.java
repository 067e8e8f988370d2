package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chats are the operator's: nobody else gets in, and nobody stays in for longer than their token. */
class ChatAccessIT {
    /** How a token can be brought along. */
    enum Way {
        HEADER,
        SUB_PROTOCOL,
        QUERY
    }

    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder, time, "auth.mode=required");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void without_a_token_there_is_no_chat() {
        assertThat(WsClient.refusal(gateway.ws("/ws/chat"))).isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/chat?session_id=x&agent=operator")))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void a_token_opens_a_chat_until_it_expires_however_it_is_brought(Way way) {
        String token = login();
        try (WsClient chat = connect(way, token)) {
            chat.next("session_start");
        }
        time.advance(Duration.ofHours(12).plusSeconds(31)); // leeway included
        assertThat(refusal(way, token)).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void a_token_that_was_tampered_with_opens_none(Way way) {
        String token = login();
        assertThat(refusal(way, token.substring(0, token.length() - 4) + "AAAA"))
                .isEqualTo(401);
        assertThat(refusal(way, "nonsense")).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void an_agents_tokens_open_none(Way way) {
        assertThat(refusal(way, gateway.registrationToken("curious"))).isEqualTo(403);
        assertThat(refusal(way, new Agents(gateway).permanentToken("known"))).isEqualTo(403);
    }

    @Test
    void a_revoked_agents_token_opens_none() {
        String token = new Agents(gateway).permanentToken("gone");
        assertThat(gateway.delete("/api/agents/gone", "Authorization", "Bearer " + RunningGateway.PASSWORD)
                        .status())
                .isEqualTo(204);
        assertThat(refusal(Way.HEADER, token)).isEqualTo(401);
    }

    @Test
    void an_open_chat_is_closed_with_4401_when_its_token_expires_and_its_turn_goes_on() {
        String token = login();
        time.advance(Duration.ofHours(12).minusSeconds(10));
        try (WsClient agent = new Agents(gateway).register("steady");
                WsClient chat = WsClient.connect(
                        gateway.ws("/ws/chat?agent=agent:steady"), "Authorization", "Bearer " + token)) {
            String session = chat.next("session_start").get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"go on\"}");
            String turn = agent.next("chat.turn").at("/data/turn_id").asText();
            time.advance(Duration.ofSeconds(35)); // 25 s of 30 s leeway
            chat.send("{\"type\":\"ping\"}").next("pong");

            time.advance(Duration.ofSeconds(6));
            assertThat(chat.closed().code()).isEqualTo(4401);
            agent.send("{\"subject\":\"chat.done\",\"data\":{\"turn_id\":\"" + turn
                    + "\",\"full_response\":\"for whoever comes back\"}}");

            try (WsClient back = WsClient.connect(
                    gateway.ws("/ws/chat?session_id=" + session), "Authorization", "Bearer " + login())) {
                JsonNode start = back.next("session_start");
                assertThat(start.get("resumed").asBoolean()).isTrue();
                back.send("{\"type\":\"message\",\"content\":\"again\"}");
                assertThat(agent.next("chat.turn").at("/data/history").findValuesAsText("content"))
                        .containsExactly("go on", "for whoever comes back");
            }
        }
    }

    private WsClient connect(Way way, String token) {
        return switch (way) {
            case HEADER -> WsClient.connect(gateway.ws("/ws/chat"), "Authorization", "Bearer " + token);
            case SUB_PROTOCOL ->
                WsClient.connect(gateway.ws("/ws/chat"), "Sec-WebSocket-Protocol", "fairlead.v1, bearer." + token);
            case QUERY -> WsClient.connect(gateway.ws("/ws/chat?token=" + token));
        };
    }

    private int refusal(Way way, String token) {
        return switch (way) {
            case HEADER -> WsClient.refusal(gateway.ws("/ws/chat"), "Authorization", "Bearer " + token);
            case SUB_PROTOCOL ->
                WsClient.refusal(gateway.ws("/ws/chat"), "Sec-WebSocket-Protocol", "fairlead.v1, bearer." + token);
            case QUERY -> WsClient.refusal(gateway.ws("/ws/chat?token=" + token));
        };
    }

    private String login() {
        return gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .body()
                .get("token")
                .asText();
    }
}
