package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private static final String KEY = "sk-canary-1234567890";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final FakeModel model = FakeModel.start();
    private final List<WsClient> clients = new ArrayList<>();
    private RunningGateway gateway;

    /** The first turn of a JVM loads what all others use: it is not the one that is watched. */
    @BeforeAll
    static void loadClasses(@TempDir Path other) {
        LlmChatIT first = new LlmChatIT();
        first.folder = other;
        first.start();
        WsClient chat = first.connect("/ws/chat?agent=llm");
        say(chat, "Hello?");
        chat.next("done");
        first.close();
    }

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder, "llm.base_url=" + model.baseUrl(), "llm.model=test-model", "llm.api_key=" + KEY);
    }

    @AfterEach
    void close() {
        clients.forEach(WsClient::close);
        gateway.close();
        model.close();
    }

    @Test
    void an_answer_is_streamed_to_the_socket() {
        model.then(ModelReplies.text("All ", "is ", "well."));
        WsClient chat = chat();
        say(chat, "How are things?");
        assertThat(chat.next("chunk").path("content").asText()).isEqualTo("All ");
        assertThat(chat.next("chunk").path("content").asText()).isEqualTo("is ");
        assertThat(chat.next("chunk").path("content").asText()).isEqualTo("well.");
        assertThat(chat.next().path("type").asText()).isEqualTo("chunk_reset");
        JsonNode done = chat.next();
        assertThat(done.path("full_response").asText()).isEqualTo("All is well.");
        assertThat(done.at("/usage/input_tokens").asInt()).isEqualTo(11);
        assertThat(done.at("/usage/output_tokens").asInt()).isEqualTo(7);
        assertThat(gateway.get("/metrics").raw().body())
                .contains("fairlead_llm_tokens_total{direction=\"input\"} 11.0")
                .contains("fairlead_llm_turns_total{outcome=\"ok\"} 1.0");
    }

    @Test
    void what_was_said_before_is_told_to_the_model() {
        model.then(ModelReplies.text("First answer.")).then(ModelReplies.text("Second answer."));
        WsClient chat = chat();
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
        WsClient chat = chat();
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
    void tools_that_change_something_wait_for_a_person() {
        model.then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}")).then(ModelReplies.text("It runs."));
        WsClient chat = chat();
        gateway.post("/api/instances", "{\"name\":\"web\",\"command\":[\"sleep\",\"60\"]}");
        say(chat, "Start web.");
        JsonNode call = chat.next("tool_call");
        assertThat(call.path("approval").asText()).isEqualTo("required");
        assertThat(gateway.get("/api/instances/web").body().path("status").asText())
                .isEqualTo("stopped");
        chat.send("{\"type\":\"approve\",\"id\":\"" + call.path("id").asText() + "\"}");
        chat.next("tool_result");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("It runs.");
        await().atMost(PATIENCE).until(() -> gateway.get("/api/instances/web")
                .body()
                .path("status")
                .asText()
                .equals("running"));
    }

    @Test
    void a_model_is_told_that_a_person_said_no() {
        model.then(ModelReplies.calls("start_instance", "{\"name\":\"web\"}")).then(ModelReplies.text("As you wish."));
        WsClient chat = chat();
        gateway.post("/api/instances", "{\"name\":\"web\",\"command\":[\"sleep\",\"60\"]}");
        say(chat, "Start web.");
        JsonNode call = chat.next("tool_call");
        chat.send("{\"type\":\"deny\",\"id\":\"" + call.path("id").asText() + "\"}");
        chat.next("done");
        assertThat(model.asked().get(1).body().path("messages").findValuesAsText("content"))
                .last()
                .asString()
                .contains("denied");
        assertThat(gateway.get("/api/instances/web").body().path("status").asText())
                .isEqualTo("stopped");
    }

    @Test
    void malformed_arguments_are_told_to_the_model_and_do_nothing() {
        model.then(ModelReplies.calls("start_instance", "{\"name\":", "start_instance", "{\"name\":\"../etc\"}"))
                .then(ModelReplies.text("Sorry."));
        WsClient chat = chat();
        say(chat, "Start something.");
        assertThat(chat.next("tool_result").path("output").asText()).contains("JSON object");
        assertThat(chat.next("tool_result").path("output").asText()).contains("name");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("Sorry.");
    }

    @Test
    void aborting_keeps_what_was_said_and_closes_the_connection_to_the_model() {
        CountDownLatch closed = new CountDownLatch(1);
        model.then(ModelReplies.stall(closed, "Half an ans"));
        WsClient chat = chat();
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
        WsClient first = connect("/ws/chat?agent=llm");
        String session = first.next("session_start").path("session_id").asText();
        say(first, "Tell me all.");
        first.next("chunk");
        first.abort();
        WsClient second = connect("/ws/chat?agent=llm&session_id=" + session);
        assertThat(second.next("chunk").path("content").asText()).isEqualTo("Before, ");
        gone.countDown();
        assertThat(second.next("done").path("full_response").asText()).isEqualTo("Before, after.");
    }

    @Test
    void a_refused_key_is_told_without_the_key() {
        model.then(ModelReplies.error(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + "\"}}"));
        WsClient chat = chat();
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
        WsClient chat = connect("/ws/chat?agent=llm");
        String session = chat.next("session_start").path("session_id").asText();
        say(chat, "Tell me all.");
        JsonNode error = chat.next("error");
        assertThat(error.path("code").asText()).isEqualTo("PROVIDER_ERROR");
        assertThat(chat.isOpen()).isTrue();
        assertThat(gateway.get("/api/sessions/" + session + "/messages").body().toString())
                .contains("Half an ans");
    }

    @Test
    void who_answered_is_told_to_the_operators_stream() {
        WsClient events = connect("/ws/events");
        events.next("snapshot");
        WsClient chat = connect("/ws/chat?agent=llm");
        say(chat, "Hello?");
        JsonNode ended = events.next(frame -> frame.toString().contains("agent_end"));
        assertThat(ended.toString())
                .contains("test-model")
                .contains("127.0.0.1:")
                .doesNotContain("canary");
    }

    private WsClient chat() {
        WsClient chat = connect("/ws/chat?agent=llm");
        chat.next("session_start");
        return chat;
    }

    private WsClient connect(String path) {
        WsClient client = WsClient.connect(gateway.ws(path));
        clients.add(client);
        return client;
    }

    private static void say(WsClient chat, String content) {
        chat.send(new String(
                FrameCodec.encode(FrameCodec.object().put("type", "message").put("content", content)),
                java.nio.charset.StandardCharsets.UTF_8));
    }
}
