package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.CuttableLink;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead chat} as a process, with an agent whose every word the test decides, over a way that can be cut. */
class ChatProcessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern SESSION = Pattern.compile("session ([0-9a-f-]{36})");

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private CuttableLink link;
    private WsClient agent;
    private GatewayProcess chat;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        link = CuttableLink.to(gateway.port());
        agent = new Agents(gateway).register("steady");
        chat = GatewayProcess.interruptible(
                folder, Map.of("FAIRLEAD_URL", link.http().toString()), "chat", "--agent", "agent:steady");
    }

    @AfterEach
    void stop() {
        chat.close();
        agent.close();
        link.close();
        gateway.close();
    }

    @Test
    void ctrl_c_aborts_the_turn_and_leaves_where_none_runs() {
        chat.type("tell me a long story");
        JsonNode turn = agent.next("chat.turn").get("data");
        chunk(turn, "Once upon\\n");
        await().atMost(PATIENCE).until(() -> chat.out().equals("Once upon\n"));

        chat.interrupt();

        assertThat(agent.next("chat.abort").at("/data/turn_id")).isEqualTo(turn.get("turn_id"));
        await().atMost(PATIENCE).until(() -> chat.err().contains("· aborted"));
        assertThat(chat.running()).isTrue();
        chat.type("a short one then");
        done(agent.next("chat.turn").get("data"), "The end.");
        await().atMost(PATIENCE).until(() -> chat.out().equals("Once upon\nThe end.\n"));

        chat.interrupt();

        assertThat(chat.exitCode()).isZero();
        assertThat(chat.err()).contains("go on later with: fairlead chat --session " + session());
    }

    @Test
    void a_second_ctrl_c_leaves_a_turn_that_cannot_be_aborted() {
        chat.type("hello");
        agent.next("chat.turn");
        link.cut();
        await().atMost(PATIENCE).until(() -> chat.err().contains("next attempt"));

        chat.interrupt();

        assertThat(chat.exitCode()).isZero();
        assertThat(chat.err()).contains("the turn goes on without you");
    }

    @Test
    void a_link_that_is_cut_in_mid_answer_loses_nothing_and_shows_nothing_twice() {
        chat.type("count");
        JsonNode turn = agent.next("chat.turn").get("data");
        chunk(turn, "one\\n");
        tool(turn, "1", "look");
        await().atMost(PATIENCE).until(() -> chat.err().contains("← seen by look"));

        link.cut();
        await().atMost(PATIENCE).until(() -> chat.err().contains("next attempt"));
        chunk(turn, "two\\n");
        tool(turn, "2", "listen");
        link.mend();
        await().atMost(PATIENCE).until(() -> chat.err().contains("← seen by listen"));
        chunk(turn, "three");
        done(turn, "one\\ntwo\\nthree");
        await().atMost(PATIENCE).until(() -> chat.out().contains("three"));
        chat.endInput();

        assertThat(chat.exitCode()).isZero();
        assertThat(chat.out()).isEqualTo("one\ntwo\nthree\n");
        assertThat(chat.err()).containsOnlyOnce("→ look").containsOnlyOnce("← seen by look");
        assertThat(chat.err()).containsOnlyOnce("→ listen").containsOnlyOnce("← seen by listen");
    }

    @Test
    void a_turn_that_ends_while_the_link_is_cut_is_shown_to_its_end_and_does_not_keep_a_pipe_waiting() {
        chat.type("count");
        chat.endInput();
        JsonNode turn = agent.next("chat.turn").get("data");
        chunk(turn, "one\\n");
        await().atMost(PATIENCE).until(() -> chat.out().equals("one\n"));

        link.cut();
        await().atMost(PATIENCE).until(() -> chat.err().contains("next attempt"));
        tool(turn, "1", "look");
        done(turn, "one\\ntwo");
        await().atMost(PATIENCE).until(() -> state().equals("idle"));
        link.mend();

        assertThat(chat.exitCode()).isZero();
        assertThat(chat.out()).isEqualTo("one\ntwo\n");
        assertThat(chat.err()).containsOnlyOnce("← seen by look");
    }

    @Test
    void what_is_typed_while_the_link_is_cut_is_asked_once_and_in_order() {
        chat.type("first");
        done(agent.next("chat.turn").get("data"), "1");
        await().atMost(PATIENCE).until(() -> chat.out().equals("1\n"));
        link.cut();
        await().atMost(PATIENCE).until(() -> chat.err().contains("next attempt"));
        chat.type("second");
        chat.type("third");
        chat.endInput();
        link.mend();

        for (String expected : List.of("second", "third")) {
            JsonNode turn = agent.next("chat.turn").get("data");
            assertThat(turn.get("content").asText()).isEqualTo(expected);
            done(turn, expected + " answer");
        }
        assertThat(chat.exitCode()).isZero();
        assertThat(chat.out()).isEqualTo("1\nsecond answer\nthird answer\n");
        assertThat(asked()).containsExactly("first", "second", "third");
    }

    @Test
    void an_agent_that_fails_while_the_link_is_cut_is_told_and_the_status_says_so() {
        chat.type("count");
        chat.endInput();
        agent.next("chat.turn");
        link.cut();
        await().atMost(PATIENCE).until(() -> chat.err().contains("next attempt"));
        agent.close();
        await().atMost(PATIENCE).until(() -> state().equals("error"));
        link.mend();

        assertThat(chat.exitCode()).isEqualTo(1);
        assertThat(chat.err()).contains("AGENT_ERROR: Agent 'steady' went offline");
    }

    private String session() {
        Matcher session = SESSION.matcher(chat.err());
        assertThat(session.find()).as(chat.err()).isTrue();
        return session.group(1);
    }

    private JsonNode kept() {
        return gateway.get("/api/sessions/" + session() + "/messages").body();
    }

    private String state() {
        return kept().at("/session/state").asText();
    }

    private List<String> asked() {
        List<String> asked = new ArrayList<>();
        kept().get("messages").forEach(message -> {
            if (message.path("role").asText().equals("user")) {
                asked.add(message.path("content").asText());
            }
        });
        return asked;
    }

    private void chunk(JsonNode turn, String content) {
        say("chat.event", turn, "\"type\":\"chunk\",\"content\":\"" + content + "\"");
    }

    private void tool(JsonNode turn, String id, String name) {
        String call = "\"id\":\"" + id + "\",\"name\":\"" + name + "\"";
        say("chat.event", turn, "\"type\":\"tool_call\"," + call + ",\"args\":{}");
        say("chat.event", turn, "\"type\":\"tool_result\"," + call + ",\"output\":\"seen by " + name + "\"");
    }

    private void done(JsonNode turn, String text) {
        say("chat.done", turn, "\"full_response\":\"" + text + "\"");
    }

    private void say(String subject, JsonNode turn, String fields) {
        agent.send("{\"subject\":\"" + subject + "\",\"data\":{\"turn_id\":\""
                + turn.get("turn_id").asText() + "\"," + fields + "}}");
    }
}
