package dev.fairlead.gateway;

import static dev.fairlead.gateway.testing.Chatting.roles;
import static dev.fairlead.gateway.testing.Chatting.types;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The socket of a chat, frame by frame of what is promised of it. */
@ExtendWith(BlockedLoops.class)
class ChatIT {
    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void a_session_starts_with_its_id_before_anything_else() {
        try (WsClient chat = chat("?name=My%20chat")) {
            JsonNode start = chat.next();
            assertThat(start.get("type").asText()).isEqualTo("session_start");
            assertThat(UUID.fromString(start.get("session_id").asText())).isNotNull();
            assertThat(start.get("name").asText()).isEqualTo("My chat");
            assertThat(start.get("resumed").asBoolean()).isFalse();
            assertThat(start.get("message_count").asInt()).isZero();
        }
    }

    @Test
    void connect_is_answered_and_a_turn_ends_with_a_reset_and_the_whole_answer() {
        try (WsClient chat = chat("")) {
            assertThat(chat.next().has("name")).isFalse();
            chat.send("{\"type\":\"connect\",\"device_name\":\"test\",\"capabilities\":[\"x\"]}");
            assertThat(chat.next().get("message").asText()).isEqualTo("Connection established");

            chat.send("{\"type\":\"message\",\"content\":\"list instances\"}");
            List<String> types = types(chat, "done");
            assertThat(types.subList(0, 2)).containsExactly("tool_call", "tool_result");
            assertThat(types.subList(types.size() - 2, types.size())).containsExactly("chunk_reset", "done");
            assertThat(types.subList(2, types.size() - 2)).containsOnly("chunk");
        }
    }

    @Test
    void a_first_frame_that_is_a_message_is_processed_as_such() {
        try (WsClient chat = chat("")) {
            chat.next();
            chat.send("{\"type\":\"message\",\"content\":\"/help\"}");
            assertThat(chat.next("done").get("full_response").asText()).contains("/instances");
        }
    }

    @Test
    void what_is_typed_without_json_is_a_message() {
        try (WsClient chat = chat("")) {
            chat.next();
            chat.send("list instances\n");
            assertThat(chat.next("tool_call").get("name").asText()).isEqualTo("list_instances");
            chat.next("done");
        }
    }

    @Test
    void connect_decides_the_session() {
        String other = UUID.randomUUID().toString();
        try (WsClient chat = chat("")) {
            String first = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"connect\",\"session_id\":\"" + other + "\"}");
            assertThat(chat.next().get("session_id").asText()).isEqualTo(other);
            assertThat(chat.next().get("type").asText()).isEqualTo("connected");
            chat.send("{\"type\":\"message\",\"content\":\"/help\"}");
            chat.next("done");
            assertThat(gateway.get("/api/sessions/" + first + "/messages").status())
                    .isEqualTo(404);
            assertThat(roles(gateway, other)).containsExactly("user", "assistant");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"type":                                  | INVALID_JSON
                    {"type":"message","content":"a"} trailing | INVALID_JSON
                    [1,2]                                     | INVALID_JSON
                    {"type":"approve"}                        | INVALID_JSON
                    {"type":"dance"}                          | UNKNOWN_MESSAGE_TYPE
                    {"no":"type"}                             | UNKNOWN_MESSAGE_TYPE
                    {"type":"message"}                        | EMPTY_CONTENT
                    {"type":"message","content":" \\n "}      | EMPTY_CONTENT
                    {"type":"message","content":7}            | EMPTY_CONTENT
                    {"type":"approve","id":"call-1"}          | AGENT_ERROR
                    """)
    void an_error_is_told_and_the_socket_stays_open(String frame, String code) {
        try (WsClient chat = chat("")) {
            chat.next();
            chat.send(frame);
            assertThat(chat.next("error").get("code").asText()).isEqualTo(code);
            chat.send("{\"type\":\"ping\"}");
            chat.next("pong");
            assertThat(chat.isOpen()).isTrue();
        }
    }

    @Test
    void an_empty_line_is_an_empty_message() {
        try (WsClient chat = chat("")) {
            chat.next();
            chat.send("\n");
            assertThat(chat.next("error").get("code").asText()).isEqualTo("EMPTY_CONTENT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "agent:none"})
    void an_agent_that_cannot_start_is_told_of_and_the_socket_closed_with_1011(String agent) {
        try (WsClient chat = chat("?agent=" + agent)) {
            assertThat(chat.next().get("type").asText()).isEqualTo("session_start");
            assertThat(chat.next().get("code").asText()).isEqualTo("AGENT_INIT_FAILED");
            assertThat(chat.closed().code()).isEqualTo(1011);
        }
    }

    @Test
    void a_malformed_session_id_is_a_bad_query() {
        try (WsClient chat = chat("?session_id=..%2Fetc")) {
            assertThat(chat.next().get("code").asText()).isEqualTo("bad_request");
            assertThat(chat.closed().code()).isEqualTo(4400);
        }
    }

    @Test
    void the_first_supported_sub_protocol_is_echoed() {
        try (WsClient chat =
                WsClient.connect(gateway.ws("/ws/chat"), "Sec-WebSocket-Protocol", "construct.v1, fairlead.v1")) {
            assertThat(chat.subProtocol()).isEqualTo("construct.v1");
        }
    }

    private static WsClient chat(String query) {
        return WsClient.connect(gateway.ws("/ws/chat" + query));
    }
}
