package dev.fairlead.gateway;

import static dev.fairlead.gateway.LlmGateway.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A language model answers a chat: a real gateway, a real socket, an endpoint that does as it is told. */
@ExtendWith(BlockedLoops.class)
class LlmChatIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private LlmGateway llm;
    private FakeModel model;

    @BeforeAll
    static void loadClasses(@TempDir Path other) {
        LlmGateway.loadClasses(other);
    }

    @BeforeEach
    void start() {
        llm = LlmGateway.start(folder, "shutdown.grace=100ms");
        model = llm.model();
    }

    @AfterEach
    void close() {
        llm.close();
    }

    @Test
    void an_answer_is_streamed_to_the_socket() {
        model.then(ModelReplies.text("All ", "is ", "well."));
        WsClient chat = llm.chat();
        say(chat, "How are things?");
        assertThat(chat.next("chunk").path("content").asText()).isEqualTo("All ");
        assertThat(chat.next("chunk").path("content").asText()).isEqualTo("is ");
        assertThat(chat.next("chunk").path("content").asText()).isEqualTo("well.");
        assertThat(chat.next().path("type").asText()).isEqualTo("chunk_reset");
        JsonNode done = chat.next();
        assertThat(done.path("full_response").asText()).isEqualTo("All is well.");
        assertThat(done.at("/usage/input_tokens").asInt()).isEqualTo(11);
        assertThat(done.at("/usage/output_tokens").asInt()).isEqualTo(7);
        assertThat(llm.gateway().get("/metrics").raw().body())
                .contains("fairlead_llm_tokens_total{direction=\"input\"} 11.0")
                .contains("fairlead_llm_turns_total{outcome=\"ok\"} 1.0");
    }

    @Test
    void a_budget_that_is_used_up_ends_turns_after_a_restart_as_well() {
        llm.close();
        llm = LlmGateway.start(folder, "shutdown.grace=100ms", "llm.budget.gateway_tokens=10");
        WsClient chat = llm.chat();
        say(chat, "First?");
        assertThat(chat.next("operator_status").path("detail").asText())
                .isEqualTo("Used today: gateway 18 of 10 tokens");
        chat.next("done");
        llm.restart();
        WsClient again = llm.chat();
        say(again, "Second?");
        JsonNode error = again.next("error");
        assertThat(error.path("code").asText()).isEqualTo("budget_exhausted");
        assertThat(error.path("message").asText()).contains("18 of 10 tokens", "llm.budget.gateway_tokens");
        assertThat(llm.model().asked()).hasSize(1);
    }

    @Test
    void what_was_said_before_is_told_to_the_model() {
        model.then(ModelReplies.text("First answer.")).then(ModelReplies.text("Second answer."));
        WsClient chat = llm.chat();
        say(chat, "First?");
        chat.next("done");
        say(chat, "Second?");
        chat.next("done");
        assertThat(model.asked().get(1).body().path("messages").findValuesAsText("content"))
                .endsWith("First?", "First answer.", "Second?");
    }

    @Test
    void tools_that_only_look_are_called_at_once() {
        model.then(ModelReplies.calls("list_instances", "{}", "list_agents", "{}"))
                .then(ModelReplies.text("There are none."));
        WsClient chat = llm.chat();
        say(chat, "Which are there?");
        JsonNode first = chat.next("tool_call");
        assertThat(first.path("name").asText()).isEqualTo("list_instances");
        assertThat(first.has("approval")).isFalse();
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("There are none.");
        JsonNode messages = model.asked().get(1).body().path("messages");
        assertThat(messages.findValuesAsText("role")).endsWith("assistant", "tool", "tool");
        assertThat(messages.get(messages.size() - 2).path("tool_call_id").asText())
                .isEqualTo("call_0");
        assertThat(messages.get(messages.size() - 2).path("content").asText()).contains("instances");
    }

    @Test
    void malformed_arguments_are_told_to_the_model_and_do_nothing() {
        model.then(ModelReplies.calls("start_instance", "{\"name\":", "start_instance", "{\"name\":\"../etc\"}"))
                .then(ModelReplies.text("Sorry."));
        WsClient chat = llm.chat();
        say(chat, "Start something.");
        assertThat(chat.next("tool_result").path("output").asText()).contains("JSON object");
        assertThat(chat.next("tool_result").path("output").asText()).contains("name");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("Sorry.");
    }

    @Test
    void aborting_keeps_what_was_said_and_closes_the_connection_to_the_model() {
        CountDownLatch closed = new CountDownLatch(1);
        model.then(ModelReplies.stall(closed, "Half an ans"));
        WsClient chat = llm.chat();
        say(chat, "Tell me all.");
        chat.next("chunk");
        chat.send("{\"type\":\"abort\"}");
        assertThat(chat.next("aborted").path("partial_response").asText()).isEqualTo("Half an ans");
        await().atMost(PATIENCE).until(() -> closed.getCount() == 0);
    }

    @Test
    void a_turn_goes_on_while_nobody_listens() {
        CountDownLatch gone = new CountDownLatch(1);
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.content("Before, "));
            await().atMost(PATIENCE).until(() -> gone.getCount() == 0);
            wire.event(ModelReplies.content("after."));
            ModelReplies.end(wire, "stop");
        });
        WsClient first = llm.connect("/ws/chat?agent=llm");
        String session = first.next("session_start").path("session_id").asText();
        say(first, "Tell me all.");
        first.next("chunk");
        first.abort();
        WsClient second = llm.connect("/ws/chat?agent=llm&session_id=" + session);
        assertThat(second.next("chunk").path("content").asText()).isEqualTo("Before, ");
        gone.countDown();
        assertThat(second.next("done").path("full_response").asText()).isEqualTo("Before, after.");
    }

    @Test
    void an_answer_that_a_shutdown_cuts_off_is_given_anew_after_it() {
        CountDownLatch closed = new CountDownLatch(1);
        model.then(ModelReplies.stall(closed, "Half an ans")).then(ModelReplies.text("A whole answer."));
        String session = UUID.randomUUID().toString();
        WsClient chat = llm.chat(session);
        say(chat, "Tell me all.");
        chat.next("chunk");
        llm.restart();
        assertThat(closed.getCount()).isZero();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> kept(session).at("/messages/1/status").asText().equals("complete"));
        assertThat(kept(session).at("/messages/1/content").asText()).isEqualTo("A whole answer.");
        assertThat(kept(session).at("/session/state").asText()).isEqualTo("idle");
    }

    private JsonNode kept(String session) {
        return llm.gateway().get("/api/sessions/" + session + "/messages").body();
    }

    @Test
    void a_refused_key_is_told_without_the_key() {
        model.then(ModelReplies.error(
                401, "{\"error\":{\"message\":\"Incorrect API key provided: " + LlmGateway.KEY + "\"}}"));
        WsClient chat = llm.chat();
        say(chat, "Hello?");
        JsonNode error = chat.next("error");
        assertThat(error.path("code").asText()).isEqualTo("AUTH_ERROR");
        assertThat(error.path("message").asText()).contains("llm.api_key").doesNotContain("canary");
        say(chat, "Again?");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("ok");
    }

    @Test
    void an_answer_that_breaks_off_is_an_error_and_what_came_is_kept() {
        model.then(ModelReplies.cut("Half an ans"));
        WsClient chat = llm.connect("/ws/chat?agent=llm");
        String session = chat.next("session_start").path("session_id").asText();
        say(chat, "Tell me all.");
        JsonNode error = chat.next("error");
        assertThat(error.path("code").asText()).isEqualTo("PROVIDER_ERROR");
        assertThat(chat.isOpen()).isTrue();
        assertThat(llm.gateway()
                        .get("/api/sessions/" + session + "/messages")
                        .body()
                        .toString())
                .contains("Half an ans");
    }

    @Test
    void who_answered_is_told_to_the_operators_stream() {
        WsClient events = llm.connect("/ws/events");
        events.next("snapshot");
        WsClient chat = llm.connect("/ws/chat?agent=llm");
        say(chat, "Hello?");
        JsonNode ended = events.next(frame -> frame.toString().contains("agent_end"));
        assertThat(ended.toString())
                .contains("test-model")
                .contains("127.0.0.1:")
                .doesNotContain("canary");
    }
}
