package dev.fairlead.gateway;

import static dev.fairlead.gateway.testing.Chatting.roles;
import static dev.fairlead.gateway.testing.Chatting.types;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Turns of a chat with an agent whose every word the test decides. */
@ExtendWith(BlockedLoops.class)
class ChatTurnsIT {
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
    void markup_and_control_characters_pass_untouched() {
        try (WsClient agent = agents.register("echo");
                WsClient chat = chat("?agent=agent:echo")) {
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
        try (WsClient agent = agents.register("worker");
                WsClient chat = chat("?agent=agent:worker")) {
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
            assertThat(roles(gateway, session)).containsExactly("user", "tool_call", "tool_result", "assistant");

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
        try (WsClient honest = agents.register("honest");
                WsClient thief = agents.register("thief");
                WsClient chat = chat("?agent=agent:honest")) {
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
    void a_socket_that_names_its_session_is_told_at_once_and_hears_the_end_without_a_word() {
        try (WsClient agent = agents.register("steady");
                WsClient first = chat("?agent=agent:steady")) {
            String session = first.next().get("session_id").asText();
            first.send("{\"type\":\"message\",\"content\":\"go on\"}");
            JsonNode turn = agent.next("chat.turn").get("data");
            say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"one \"");
            first.next("chunk");
            try (WsClient silent = chat("?session_id=" + session)) {
                assertThat(silent.next().get("type").asText()).isEqualTo("session_start");
                assertThat(silent.next().get("content").asText()).isEqualTo("one ");
                say(agent, "chat.done", turn, "\"full_response\":\"one two\"");
                assertThat(silent.next("done").get("full_response").asText()).isEqualTo("one two");
            }
        }
    }

    @Test
    void a_first_frame_still_chooses_another_session_than_the_query() {
        try (WsClient agent = agents.register("steady");
                WsClient one = chat("?agent=agent:steady");
                WsClient other = chat("?agent=agent:steady")) {
            String running = one.next().get("session_id").asText();
            one.send("{\"type\":\"message\",\"content\":\"go on\"}");
            JsonNode turn = agent.next("chat.turn").get("data");
            String chosen = other.next().get("session_id").asText();
            other.send("{\"type\":\"message\",\"content\":\"and you\"}");
            JsonNode second = agent.next("chat.turn").get("data");
            try (WsClient moved = chat("?session_id=" + running)) {
                moved.send("{\"type\":\"connect\",\"session_id\":\"" + chosen + "\"}");
                moved.next("connected");
                say(agent, "chat.done", turn, "\"full_response\":\"not for it\"");
                say(agent, "chat.done", second, "\"full_response\":\"for it\"");
                assertThat(moved.next("done").get("full_response").asText()).isEqualTo("for it");
            }
        }
    }

    @Test
    @Tag("attack")
    void another_agent_is_given_what_was_said_only_where_it_is_told_so() {
        try (WsClient confidant = agents.register("confidant");
                WsClient stranger = agents.register("stranger");
                WsClient chat = chat("?agent=agent:confidant")) {
            String session = chat.next().get("session_id").asText();
            chat.send("{\"type\":\"message\",\"content\":\"a secret\"}");
            say(confidant, "chat.done", confidant.next("chat.turn").get("data"), "\"full_response\":\"kept\"");
            chat.next("done");

            try (WsClient other = chat("?agent=agent:stranger&session_id=" + session)) {
                other.send("{\"type\":\"message\",\"content\":\"hello\"}");
                JsonNode turn = stranger.next("chat.turn").get("data");
                assertThat(turn.get("history")).isEmpty();
                say(stranger, "chat.done", turn, "\"full_response\":\"hi\"");
                other.next("done");
            }
            try (WsClient told = chat("?history=all&agent=agent:stranger&session_id=" + session)) {
                told.send("{\"type\":\"message\",\"content\":\"and now?\"}");
                JsonNode turn = stranger.next("chat.turn").get("data");
                assertThat(turn.get("history")).hasSize(4);
                assertThat(turn.at("/history/0/content").asText()).isEqualTo("a secret");
                say(stranger, "chat.done", turn, "\"full_response\":\"I see\"");
                told.next("done");
            }
        }
    }

    @Test
    void an_agent_that_is_away_or_goes_away_is_an_error_of_the_turn() {
        agents.permanentToken("shy");
        try (WsClient chat = chat("?agent=agent:shy")) {
            chat.next();
            chat.send("{\"type\":\"message\",\"content\":\"hello\"}");
            JsonNode error = chat.next("error");
            assertThat(error.get("code").asText()).isEqualTo("AGENT_ERROR");
            assertThat(error.get("message").asText()).contains("not connected");
            try (WsClient agent = agents.connect(gateway.post(
                            "/api/agents/shy/rotate-token", "", "Authorization", "Bearer " + RunningGateway.PASSWORD)
                    .body()
                    .get("token")
                    .asText())) {
                chat.send("{\"type\":\"message\",\"content\":\"hello\"}");
                agent.next("chat.turn");
            }
            assertThat(chat.next("error").get("message").asText()).contains("went offline");
        }
    }

    @Test
    void abort_ends_the_turn_reaches_the_agent_and_keeps_the_partial_answer() {
        try (WsClient agent = agents.register("slow");
                WsClient chat = chat("?agent=agent:slow")) {
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
        try (WsClient agent = agents.register("busy");
                WsClient chat = chat("?agent=agent:busy")) {
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
            assertThat(roles(gateway, session)).hasSize(18);
            assertThat(roles(gateway, session).subList(0, 4)).containsExactly("user", "assistant", "user", "assistant");
        }
    }

    private static WsClient chat(String query) {
        return WsClient.connect(gateway.ws("/ws/chat" + query));
    }

    private static void say(WsClient agent, String subject, JsonNode turn, String fields) {
        agent.send("{\"subject\":\"" + subject + "\",\"data\":{\"turn_id\":\""
                + turn.get("turn_id").asText() + "\"," + fields + "}}");
    }
}
