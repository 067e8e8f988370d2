package dev.fairlead.gateway;

import static dev.fairlead.gateway.LlmGateway.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a model wants changed happens when a person says so: that, once, and nothing else. */
@ExtendWith(BlockedLoops.class)
class LlmApprovalsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private LlmGateway llm;
    private String session;
    private WsClient chat;

    @BeforeAll
    static void loadClasses(@TempDir Path other) {
        LlmGateway.loadClasses(other);
    }

    @BeforeEach
    void start() {
        llm = LlmGateway.start(folder, "ws.idle_timeout=2h", "shutdown.grace=100ms", "approvals.ttl=1h");
        create("web");
        create("db");
        session = UUID.randomUUID().toString();
        chat = llm.chat(session);
    }

    @AfterEach
    void close() {
        llm.close();
    }

    @Test
    void an_approved_call_runs_and_the_model_is_told_what_came_of_it() {
        llm.model()
                .then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"))
                .then(ModelReplies.text("It runs."));
        say(chat, "Start web.");
        JsonNode call = chat.next("tool_call");
        assertThat(call.path("approval").asText()).isEqualTo("required");
        assertThat(status("web")).isEqualTo("stopped");
        approve(chat, call);
        String output = chat.next("tool_result").path("output").asText();
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("It runs.");
        assertThat(output).contains("web");
        assertThat(llm.told(1)).last().isEqualTo(output);
        awaitRunning("web");
    }

    @Test
    void a_denied_call_does_not_run_and_the_model_is_told_so() {
        llm.model()
                .then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"))
                .then(ModelReplies.text("As you wish."));
        say(chat, "Start web.");
        chat.send("{\"type\":\"deny\",\"id\":\"" + id(chat.next("tool_call")) + "\"}");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("As you wish.");
        assertThat(llm.told(1)).last().asString().contains("denied");
        assertThat(status("web")).isEqualTo("stopped");
    }

    @Test
    void a_call_that_nobody_decides_on_expires_and_cannot_be_approved_any_more() {
        llm.model()
                .then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"))
                .then(ModelReplies.text("Nobody was there."));
        say(chat, "Start web.");
        JsonNode call = chat.next("tool_call");
        llm.time().advance(Duration.ofMinutes(59));
        chat.send("{\"type\":\"ping\"}").next("pong");
        assertThat(kept("tool_call").get(0).path("status").asText()).isEqualTo("pending");
        llm.time().advance(Duration.ofMinutes(1));
        assertThat(chat.next("tool_result").path("output").asText()).contains("within 60 minutes");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("Nobody was there.");
        assertThat(llm.told(1)).last().asString().contains("within 60 minutes");
        approve(chat, call);
        assertThat(chat.next("error").path("message").asText()).contains("waits for approval");
        assertThat(kept("tool_call").get(0).path("status").asText()).isEqualTo("expired");
        assertThat(status("web")).isEqualTo("stopped");
    }

    @Test
    void a_call_can_be_approved_after_a_restart_runs_once_and_the_turn_goes_on_with_it() {
        llm.model()
                .then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"))
                .then(ModelReplies.text("It runs."));
        say(chat, "Start web.");
        JsonNode call = chat.next("tool_call");
        llm.restart();
        WsClient back = llm.chat(session);
        JsonNode again = back.next("tool_call");
        assertThat(again).isEqualTo(call);
        approve(back, again);
        String output = back.next("tool_result").path("output").asText();
        assertThat(back.next("done").path("full_response").asText()).isEqualTo("It runs.");
        approve(back, again);
        assertThat(back.next("error").path("message").asText()).contains("waits for approval");
        awaitRunning("web");
        assertThat(kept("tool_result")).hasSize(1);
        assertThat(llm.model().asked()).hasSize(2);
        assertThat(llm.told(1)).contains("Start web.").endsWith(output);
    }

    @Test
    void only_the_call_that_waits_in_this_session_can_be_approved() {
        llm.model()
                .then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"))
                .then(ModelReplies.calls("start_instance", "{\"name\":\"db\"}"));
        say(chat, "Start web.");
        String mine = id(chat.next("tool_call"));
        WsClient other = llm.chat(UUID.randomUUID().toString());
        say(other, "Start db.");
        String theirs = id(other.next("tool_call"));

        for (String wrong : List.of(theirs, "call_0", "call-" + UUID.randomUUID(), mine.substring(1))) {
            chat.send("{\"type\":\"approve\",\"id\":\"" + wrong + "\"}");
            assertThat(chat.next("error").path("message").asText()).contains("waits for approval in this session");
        }
        WsClient unused = llm.chat(UUID.randomUUID().toString());
        unused.send("{\"type\":\"approve\",\"id\":\"" + mine + "\"}");
        unused.next("error");

        assertThat(kept("tool_call").get(0).path("status").asText()).isEqualTo("pending");
        assertThat(status("web")).isEqualTo("stopped");
        assertThat(status("db")).isEqualTo("stopped");
    }

    @Test
    void only_the_owner_of_a_session_can_approve() {
        llm.model().then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"));
        say(chat, "Start web.");
        String call = id(chat.next("tool_call"));
        Bus bus = GatewayBus.of(llm.gateway().gateway());
        String place = ChatCommands.place(
                llm.gateway().get("/api/health").body().path("node").asText());

        assertThatThrownBy(() -> RunningGateway.await(bus.requestAt(
                        place, new ChatCommands.Decide(session, call, true, "somebody-else", "127.0.0.1"))))
                .rootCause()
                .hasMessageContaining("belongs to somebody else");
        assertThat(kept("tool_call").get(0).path("status").asText()).isEqualTo("pending");

        RunningGateway.await(
                bus.requestAt(place, new ChatCommands.Decide(session, call, true, "operator", "127.0.0.1")));
        awaitRunning("web");
    }

    @Test
    void what_runs_is_what_was_shown_whatever_else_an_approval_says() {
        llm.model()
                .then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"))
                .then(ModelReplies.text("It runs."));
        say(chat, "Start web.");
        JsonNode call = chat.next("tool_call");
        assertThat(call.at("/args/name").asText()).isEqualTo("web");
        chat.send(
                "{\"type\":\"approve\",\"id\":\"" + id(call)
                        + "\",\"name\":\"stop_instance\",\"args\":{\"name\":\"db\"},\"arguments\":\"{\\\"name\\\":\\\"db\\\"}\"}");
        assertThat(chat.next("tool_result").path("output").asText())
                .contains("web")
                .doesNotContain("db");
        chat.next("done");
        awaitRunning("web");
        assertThat(status("db")).isEqualTo("stopped");
    }

    @Test
    void an_approval_is_good_for_one_call_and_not_for_the_next_one_of_the_same_name() {
        llm.model()
                .then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"))
                .then(ModelReplies.calls("start_instance", "{\"name\":\"db\"}")) // call_0 again, as far as a model goes
                .then(ModelReplies.text("One of two."));
        say(chat, "Start web.");
        JsonNode first = chat.next("tool_call");
        approve(chat, first);
        JsonNode second = chat.next("tool_call");
        assertThat(second.path("approval").asText()).isEqualTo("required");
        assertThat(id(second)).isNotEqualTo(id(first));
        approve(chat, first);
        assertThat(chat.next("error").path("message").asText()).contains("waits for approval");
        assertThat(status("db")).isEqualTo("stopped");
        chat.send("{\"type\":\"deny\",\"id\":\"" + id(second) + "\"}");
        chat.next("done");
        awaitRunning("web");
        assertThat(status("db")).isEqualTo("stopped");
    }

    @Test
    void an_aborted_turn_takes_its_calls_with_it() {
        llm.model().then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}"));
        say(chat, "Start web.");
        JsonNode call = chat.next("tool_call");
        chat.send("{\"type\":\"abort\"}").next("aborted");
        approve(chat, call);
        assertThat(chat.next("error").path("message").asText()).contains("waits for approval");
        assertThat(status("web")).isEqualTo("stopped");
    }

    private void create(String name) {
        llm.gateway().post("/api/instances", "{\"name\":\"" + name + "\",\"command\":[\"sleep\",\"600\"]}");
    }

    private String status(String name) {
        return llm.gateway().get("/api/instances/" + name).body().path("status").asText();
    }

    private void awaitRunning(String name) {
        await().atMost(PATIENCE).until(() -> status(name).equals("running"));
    }

    private List<JsonNode> kept(String role) {
        List<JsonNode> kept = new ArrayList<>();
        llm.gateway()
                .get("/api/sessions/" + session + "/messages")
                .body()
                .path("messages")
                .forEach(kept::add);
        return kept.stream()
                .filter(message -> message.path("role").asText().equals(role))
                .toList();
    }

    private static void approve(WsClient chat, JsonNode call) {
        chat.send("{\"type\":\"approve\",\"id\":\"" + id(call) + "\"}");
    }

    private static String id(JsonNode call) {
        return call.path("id").asText();
    }
}
