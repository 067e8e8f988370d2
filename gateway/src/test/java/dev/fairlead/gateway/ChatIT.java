package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chats over real sockets, line by line of what is promised of them. */
@ExtendWith(BlockedLoops.class)
class ChatIT {
    private static final String MARKUP =
            "<img src=x onerror=alert(1)>\\u0007 </script>\\\"; DROP TABLE chat_messages; --";

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
            assertThat(roles(other)).containsExactly("user", "assistant");
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

    @Test
    void an_agent_that_cannot_start_is_told_of_and_the_socket_closed_with_1011() {
        try (WsClient chat = chat("?agent=nobody")) {
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

    @Test
    void markup_and_control_characters_pass_untouched() {
        try (WsClient chat = chat("?agent=agent:echo");
                WsClient agent = agents.register("echo")) {
            String session = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"" + MARKUP + "\"}");
            JsonNode turn = agent.next("chat.turn").get("data");
            String content = turn.get("content").asText();
            assertThat(content).contains("<img src=x onerror=alert(1)>", "\u0007", "DROP TABLE");
            say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"" + MARKUP + "\"");
            assertThat(chat.next("chunk").get("content").asText()).isEqualTo(content);
            say(agent, "chat.done", turn, "\"full_response\":\"" + MARKUP + "\"");
            assertThat(chat.next("done").get("full_response").asText()).isEqualTo(content);
            JsonNode messages =
                    gateway.get("/api/sessions/" + session + "/messages").body().get("messages");
            assertThat(messages.get(0).get("content").asText()).isEqualTo(content);
            assertThat(messages.get(1).get("content").asText()).isEqualTo(content);
        }
    }

    @Test
    void a_turn_goes_to_an_agent_and_its_events_come_back() {
        try (WsClient chat = chat("?agent=agent:worker");
                WsClient agent = agents.register("worker")) {
            String session = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"one\",\"page_context\":\"logs\"}");
            JsonNode first = agent.next("chat.turn").get("data");
            assertThat(first.get("session_id").asText()).isEqualTo(session);
            assertThat(first.get("page_context").asText()).isEqualTo("logs");
            assertThat(first.get("history")).isEmpty();
            say(agent, "chat.event", first, "\"type\":\"thinking\",\"content\":\"hm\"");
            say(agent, "chat.event", first, "\"type\":\"tool_call\",\"id\":\"1\",\"name\":\"look\",\"args\":{\"a\":1}");
            say(
                    agent,
                    "chat.event",
                    first,
                    "\"type\":\"tool_result\",\"id\":\"1\",\"name\":\"look\",\"output\":\"seen\"");
            say(agent, "chat.event", first, "\"type\":\"operator_status\",\"phase\":\"work\",\"detail\":\"d\"");
            say(agent, "chat.event", first, "\"type\":\"chunk\",\"content\":\"an\"");
            say(
                    agent,
                    "chat.done",
                    first,
                    "\"full_response\":\"answer\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}");
            assertThat(types(chat, "done"))
                    .containsExactly(
                            "thinking", "tool_call", "tool_result", "operator_status", "chunk", "chunk_reset", "done");
            assertThat(roles(session)).containsExactly("user", "tool_call", "tool_result", "assistant");

            chat.send("{\"type\":\"message\",\"content\":\"two\",\"page_context\":\"no such page\"}");
            JsonNode second = agent.next("chat.turn").get("data");
            assertThat(second.get("history"))
                    .extracting(line -> line.get("role").asText() + ":"
                            + line.get("content").asText())
                    .containsExactly("user:one", "assistant:answer");
            assertThat(second.has("page_context")).isFalse();
            say(
                    agent,
                    "chat.error",
                    second,
                    "\"code\":\"PROVIDER_ERROR\",\"message\":\"429 from https://u:secret@api.x/?key=abcdefgh sk-abcdefgh12\"");
            JsonNode error = chat.next("error");
            assertThat(error.get("code").asText()).isEqualTo("PROVIDER_ERROR");
            assertThat(error.get("message").asText()).contains("429").doesNotContain("secret", "abcdefgh");
        }
    }

    @Test
    void another_agent_cannot_answer_a_turn() {
        try (WsClient chat = chat("?agent=agent:honest");
                WsClient honest = agents.register("honest");
                WsClient thief = agents.register("thief")) {
            chat.next();
            chat.send("{\"type\":\"message\",\"content\":\"secret\"}");
            JsonNode turn = honest.next("chat.turn").get("data");
            say(thief, "chat.done", turn, "\"full_response\":\"forged\"");
            assertThat(thief.next("error").at("/data/error/code").asText()).isEqualTo("not_found");
            say(honest, "chat.done", turn, "\"full_response\":\"true\"");
            assertThat(chat.next("done").get("full_response").asText()).isEqualTo("true");
        }
    }

    @Test
    void an_agent_that_is_away_or_goes_away_is_an_error_of_the_turn() {
        try (WsClient chat = chat("?agent=agent:shy")) {
            chat.next();
            chat.send("{\"type\":\"message\",\"content\":\"hello\"}");
            JsonNode error = chat.next("error");
            assertThat(error.get("code").asText()).isEqualTo("AGENT_ERROR");
            assertThat(error.get("message").asText()).contains("not connected");
            try (WsClient agent = agents.register("shy")) {
                chat.send("{\"type\":\"message\",\"content\":\"hello\"}");
                agent.next("chat.turn");
            }
            assertThat(chat.next("error").get("message").asText()).contains("went offline");
        }
    }

    @Test
    void abort_ends_the_turn_reaches_the_agent_and_keeps_the_partial_answer() {
        try (WsClient chat = chat("?agent=agent:slow");
                WsClient agent = agents.register("slow")) {
            String session = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"long story\"}");
            JsonNode turn = agent.next("chat.turn").get("data");
            say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"Once upon\"");
            chat.next("chunk");
            chat.send("{\"type\":\"abort\"}");
            assertThat(chat.next("aborted").get("partial_response").asText()).isEqualTo("Once upon");
            assertThat(agent.next("chat.abort").at("/data/turn_id").asText())
                    .isEqualTo(turn.get("turn_id").asText());
            JsonNode kept =
                    gateway.get("/api/sessions/" + session + "/messages").body();
            assertThat(kept.at("/messages/1/content").asText()).isEqualTo("Once upon");
            assertThat(kept.at("/messages/1/status").asText()).isEqualTo("aborted");
            assertThat(kept.at("/session/state").asText()).isEqualTo("idle");
        }
    }

    @Test
    void a_turn_outlives_its_socket_and_two_sockets_see_the_same() {
        try (WsClient agent = agents.register("steady")) {
            String session;
            JsonNode turn;
            try (WsClient gone = chat("?agent=agent:steady")) {
                session = gone.next().get("session_id").asText();
                gone.send("{\"type\":\"message\",\"content\":\"go on\"}");
                turn = agent.next("chat.turn").get("data");
                say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"one \"");
                say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"two \"");
                gone.next("chunk");
                gone.next("chunk");
            }
            try (WsClient back = chat("?session_id=" + session);
                    WsClient other = chat("?session_id=" + session)) {
                for (WsClient socket : List.of(back, other)) {
                    assertThat(socket.next().get("resumed").asBoolean()).isTrue();
                    socket.send("{\"type\":\"connect\"}");
                    socket.next("connected");
                    assertThat(socket.next("chunk").get("content").asText()).isEqualTo("one two ");
                }
                say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"three\"");
                say(agent, "chat.done", turn, "\"full_response\":\"one two three\"");
                for (WsClient socket : List.of(back, other)) {
                    assertThat(types(socket, "done")).containsExactly("chunk", "chunk_reset", "done");
                }
                back.send("{\"type\":\"message\",\"content\":\"and now?\"}");
                JsonNode heard = other.next("agent_event").get("event");
                assertThat(heard.get("content").asText()).isEqualTo("and now?");
                JsonNode next = agent.next("chat.turn").get("data");
                say(agent, "chat.done", next, "\"full_response\":\"nothing\"");
                assertThat(types(back, "done")).doesNotContain("agent_event");
                assertThat(other.next("done").get("full_response").asText()).isEqualTo("nothing");
            }
        }
    }

    @Test
    void the_ninth_waiting_message_is_refused_and_a_key_is_good_once() {
        try (WsClient chat = chat("?agent=agent:busy");
                WsClient agent = agents.register("busy")) {
            String session = chat.next().get("session_id").asText();
            for (int i = 0; i < 9; i++) {
                chat.send("{\"type\":\"message\",\"content\":\"" + i + "\",\"idempotency_key\":\"" + i + "\"}");
                chat.send("{\"type\":\"message\",\"content\":\"" + i + "\",\"idempotency_key\":\"" + i + "\"}");
            }
            chat.send("{\"type\":\"message\",\"content\":\"one too many\"}");
            chat.send("{\"type\":\"the last\"}");
            assertThat(chat.next("error").get("code").asText()).isEqualTo("SESSION_BUSY");
            assertThat(chat.next("error").get("code").asText()).isEqualTo("UNKNOWN_MESSAGE_TYPE");
            for (int i = 0; i < 9; i++) {
                JsonNode turn = agent.next("chat.turn").get("data");
                assertThat(turn.get("content").asText()).isEqualTo(Integer.toString(i));
                say(agent, "chat.done", turn, "\"full_response\":\"r" + i + "\"");
                assertThat(chat.next("done").get("full_response").asText()).isEqualTo("r" + i);
            }
            assertThat(roles(session)).hasSize(18);
            assertThat(roles(session).subList(0, 4)).containsExactly("user", "assistant", "user", "assistant");
        }
    }

    @Test
    void turns_are_told_to_the_stream_of_events_without_what_was_said() {
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

    private static void say(WsClient agent, String subject, JsonNode turn, String fields) {
        agent.send("{\"subject\":\"" + subject + "\",\"data\":{\"turn_id\":\""
                + turn.get("turn_id").asText() + "\"," + fields + "}}");
    }

    private static List<String> types(WsClient chat, String last) {
        List<String> types = new ArrayList<>();
        do {
            types.add(chat.next().get("type").asText());
        } while (!types.get(types.size() - 1).equals(last));
        return types;
    }

    private static List<String> roles(String session) {
        List<String> roles = new ArrayList<>();
        gateway.get("/api/sessions/" + session + "/messages")
                .body()
                .get("messages")
                .forEach(message -> roles.add(message.get("role").asText()));
        return roles;
    }
}
