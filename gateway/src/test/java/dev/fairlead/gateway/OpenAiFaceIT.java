package dev.fairlead.gateway;

import static dev.fairlead.gateway.testing.OpenAiHttp.error;
import static dev.fairlead.gateway.testing.OpenAiHttp.json;
import static dev.fairlead.gateway.testing.OpenAiHttp.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.OpenAiHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's API as raw HTTP: what is asked, what is answered, byte for byte where clients are particular. */
@ExtendWith(BlockedLoops.class)
class OpenAiFaceIT {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

    @TempDir
    static Path folder;

    private static FakeModel model;
    private static RunningGateway gateway;
    private static Agents agents;
    private static OpenAiHttp client;

    @BeforeAll
    static void start() {
        model = FakeModel.start();
        gateway = RunningGateway.start(
                folder, "auth.mode=required", "llm.base_url=" + model.baseUrl(), "llm.model=test-model");
        agents = new Agents(gateway);
        client = OpenAiHttp.withKey(gateway, "editor", "read");
        for (String warm : List.of("llm", "operator")) { // loads the classes of all others
            stream("{\"model\":\"fairlead/" + warm + "\",\"stream\":true," + HELLO + "}");
        }
        gateway.get("/metrics", "Authorization", ADMIN);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    @Test
    void the_agents_that_can_chat_are_models() {
        agents.register("scribe").close();
        List<String> ids = new ArrayList<>();
        get("/v1/models")
                .body()
                .path("data")
                .forEach(one -> ids.add(one.path("id").asText()));
        assertThat(ids).contains("fairlead/operator", "fairlead/llm", "fairlead/agent/scribe");
        for (String path : List.of("fairlead/agent/scribe", "fairlead%2Fagent%2Fscribe")) {
            assertThat(get("/v1/models/" + path).body().path("id").asText()).isEqualTo("fairlead/agent/scribe");
        }
        assertThat(get("/v1/models/fairlead/operator").status()).isEqualTo(200);
        assertThat(error(get("/v1/models/gpt-4o"), 404).path("code").asText()).isEqualTo("model_not_found");
        assertThat(error(get("/v1/models/fairlead/agent/nobody"), 404)
                        .path("param")
                        .asText())
                .isEqualTo("model");
    }

    @Test
    void who_may_not_is_told_so_in_this_apis_shape() {
        assertThat(error(gateway.get("/v1/models"), 401).path("code").asText()).isEqualTo("invalid_api_key");
        String metrics = gateway.post(
                        "/api/admin/tokens", "{\"kind\":\"metrics\",\"name\":\"m\"}", "Authorization", ADMIN)
                .body()
                .path("token")
                .asText();
        error(gateway.get("/v1/models", "Authorization", "Bearer " + metrics), 403);
        error(client.get("/v1/models", "Origin", "http://evil.example"), 403);
        assertThat(client.get("/api/agents").status()).isEqualTo(403);
        assertThat(gateway.get("/v1/models", "Authorization", ADMIN).status()).isEqualTo(200);
        error(get("/v1/engines"), 404);
        error(client.send("DELETE", "/v1/models", ""), 405);
    }

    @Test
    void a_completion_is_the_whole_answer_with_what_it_cost() {
        model.then(ModelReplies.text("Hi ", "there"));
        JsonNode answer = completion("{\"model\":\"fairlead/llm\"," + HELLO + ",\"stream\":false,\"tools\":[]}");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Hi there");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(18);
        assertThat(answer.path("id").asText()).startsWith("chatcmpl-");
    }

    @Test
    void the_whole_conversation_of_the_client_is_what_the_model_is_told() {
        int before = model.asked().size();
        completion(
                "{\"model\":\"fairlead/llm\",\"messages\":[{\"role\":\"developer\",\"content\":\"Be brief.\"},"
                        + "{\"role\":\"user\",\"content\":\"One\"},{\"role\":\"assistant\",\"content\":\"Uno\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Two\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:,x\"}},{\"type\":\"text\",\"text\":\"and three\"}]}]}");
        JsonNode told = model.asked().get(before).body().path("messages");
        assertThat(told.get(0).path("content").asText()).endsWith("Be brief.");
        assertThat(told.get(1).path("content").asText()).isEqualTo("One");
        assertThat(told.get(2).path("content").asText()).isEqualTo("Uno");
        assertThat(told.get(3).path("content").asText()).startsWith("Two").endsWith("and three");
        assertThat(told).hasSize(4);
    }

    @Test
    void nothing_of_a_completion_is_left_in_the_sessions() {
        RunningGateway.Reply asked = gateway.post(
                "/v1/chat/completions",
                "{\"model\":\"fairlead/operator\",\"messages\":[{\"role\":\"user\",\"content\":\"/help\"}]}",
                "Authorization",
                ADMIN);
        assertThat(asked.status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(gateway.get("/api/sessions", "Authorization", ADMIN)
                        .body()
                        .path("sessions"))
                .isEmpty());
    }

    @Test
    void a_stream_is_chunks_and_ends_with_done() {
        model.then(ModelReplies.text("Hi ", "there"));
        List<String> events = stream("{\"model\":\"fairlead/llm\"," + HELLO
                + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        assertThat(events).last().isEqualTo("[DONE]");
        List<JsonNode> chunks = json(events);
        assertThat(chunks.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks.stream().filter(chunk -> chunk.at("/choices/0/delta").has("role")))
                .hasSize(1);
        assertThat(text(events)).isEqualTo("Hi there");
        JsonNode usage = chunks.get(chunks.size() - 1);
        assertThat(usage.path("choices")).isEmpty();
        assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(11);
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(chunks.get(0).path("usage").isNull()).isTrue();
        assertThat(json(stream("{\"model\":\"fairlead/operator\"," + HELLO + ",\"stream\":true}")))
                .noneMatch(chunk -> chunk.has("usage"));
    }

    @Test
    void tools_of_the_client_are_offered_alone_and_come_out_as_calls() {
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"d\","
                + "\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}},"
                + "{\"type\":\"namespace\",\"name\":\"x\"}]";
        model.then(ModelReplies.calls("weather", "{\"city\":\"Riga\"}"));
        int before = model.asked().size();
        List<JsonNode> chunks =
                json(stream("{\"model\":\"fairlead/llm\",\"stream\":true," + HELLO + "," + tools + "}"));
        JsonNode offered = model.asked().get(before).body().path("tools");
        assertThat(offered).hasSize(1);
        assertThat(offered.at("/0/function/name").asText()).isEqualTo("weather");
        JsonNode call = chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/tool_calls/0"))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElseThrow();
        assertThat(call.path("index").asInt(-1)).isZero();
        assertThat(call.at("/function/arguments").asText()).isEqualTo("{\"city\":\"Riga\"}");
        assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo("tool_calls");

        model.then(ModelReplies.text("Rain"));
        JsonNode answer =
                completion("{\"model\":\"fairlead/llm\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"},"
                        + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\""
                        + call.path("id").asText()
                        + "\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\""
                        + call.path("id").asText()
                        + "\",\"content\":\"rain\"}]," + tools + "}");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Rain");
        JsonNode told = model.asked().get(before + 1).body().path("messages");
        assertThat(told.get(told.size() - 1).path("role").asText()).isEqualTo("tool");
        assertThat(told.get(told.size() - 1).path("content").asText()).isEqualTo("rain");
    }

    @Test
    void what_cannot_be_asked_is_refused_with_the_field_at_fault() {
        refused("{\"model\":\"gpt-4o\"," + HELLO + "}", 404, "model");
        refused("{" + HELLO + "}", 400, "model");
        refused("{\"model\":\"fairlead/operator\"}", 400, "messages");
        refused(
                "{\"model\":\"fairlead/operator\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}",
                400,
                "messages");
        refused("{\"model\":\"fairlead/operator\"," + HELLO + ",\"stream\":\"yes\"}", 400, "stream");
        refused(
                "{\"model\":\"fairlead/operator\"," + HELLO
                        + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]}",
                400,
                "tools");
        refused(
                "{\"model\":\"fairlead/operator\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(65_537)
                        + "\"}]}",
                400,
                "messages");
        error(post("{nonsense"), 400);
        error(post("[]"), 400);
        error(post("\"" + "x".repeat(1 << 20) + "\""), 413);
        error(
                gateway.send(
                        "POST",
                        "/v1/chat/completions",
                        "{}",
                        "Authorization",
                        "Bearer " + RunningGateway.PASSWORD,
                        "Content-Type",
                        "text/plain"),
                415);
    }

    @Test
    void an_agent_that_is_away_is_told_before_anything_is_begun() {
        agents.register("sleeper").close();
        await().until(() -> gateway.get("/api/agents/sleeper", "Authorization", ADMIN)
                .body()
                .path("status")
                .asText()
                .equals("offline"));
        JsonNode error = error(post("{\"model\":\"fairlead/agent/sleeper\"," + HELLO + ",\"stream\":true}"), 503);
        assertThat(error.path("code").asText()).isEqualTo("agent_offline");
    }

    @Test
    void a_turn_that_fails_before_it_said_anything_is_an_error_and_not_to_be_sent_again() {
        model.then(ModelReplies.error(400, "{\"error\":{\"message\":\"no\"}}"));
        RunningGateway.Reply failed = post("{\"model\":\"fairlead/llm\"," + HELLO + ",\"stream\":true}");
        assertThat(error(failed, 502).path("code").asText()).isEqualTo("provider_error");
        assertThat(failed.raw().headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    void a_turn_that_breaks_in_the_middle_ends_with_an_error_and_never_as_if_it_were_whole() {
        model.then(ModelReplies.cut("Half an ans"));
        List<String> events = stream("{\"model\":\"fairlead/llm\"," + HELLO + ",\"stream\":true}");
        assertThat(events).doesNotContain("[DONE]");
        JsonNode last = FrameCodec.tree(events.get(events.size() - 1));
        assertThat(last.at("/error/type").asText()).isEqualTo("server_error");
        assertThat(last.at("/error/message").asText()).isNotEmpty();
        assertThat(json(events))
                .noneMatch(chunk -> chunk.at("/choices/0/finish_reason").isTextual());
    }

    @Test
    void the_same_request_sent_again_is_the_same_turn() throws Exception {
        try (WsClient agent = agents.register("once")) {
            String body = "{\"model\":\"fairlead/agent/once\"," + HELLO + ",\"stream\":true}";
            HttpResponse<InputStream> first = client.open(COMPLETIONS, body, 0);
            JsonNode turn = agent.next("chat.turn").get("data");
            say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"Only \"");
            first.body().read(); // something was shown
            first.body().close(); // the client leaves
            CompletableFuture<List<String>> again =
                    CompletableFuture.supplyAsync(() -> client.stream(COMPLETIONS, body, 1));
            say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"once\"");
            say(agent, "chat.done", turn, "\"full_response\":\"Only once\"");
            List<String> events = again.get(30, TimeUnit.SECONDS);
            assertThat(text(events)).isEqualTo("Only once");
            assertThat(events).last().isEqualTo("[DONE]");
            assertThat(text(client.stream(COMPLETIONS, body, 2))).isEqualTo("Only once");

            CompletableFuture<List<String>> anew =
                    CompletableFuture.supplyAsync(() -> client.stream(COMPLETIONS, body, 0));
            JsonNode second = agent.next("chat.turn").get("data"); // who asks anew is answered anew
            say(agent, "chat.done", second, "\"full_response\":\"Twice\"");
            assertThat(text(anew.get(30, TimeUnit.SECONDS))).isEqualTo("Twice");
        }
    }

    @Test
    void what_an_agent_takes_back_after_it_was_shown_breaks_the_stream() throws Exception {
        try (WsClient agent = agents.register("fickle")) {
            CompletableFuture<List<String>> read = CompletableFuture.supplyAsync(
                    () -> stream("{\"model\":\"fairlead/agent/fickle\"," + HELLO + ",\"stream\":true}"));
            JsonNode turn = agent.next("chat.turn").get("data");
            say(agent, "chat.event", turn, "\"type\":\"chunk\",\"content\":\"Yes\"");
            say(agent, "chat.done", turn, "\"full_response\":\"No\"");
            List<String> events = read.get(30, TimeUnit.SECONDS);
            assertThat(events).doesNotContain("[DONE]").last().asString().contains("answer_replaced");
            assertThat(text(events)).isEqualTo("Yes");
        }
    }

    @Test
    void a_key_that_may_only_read_changes_nothing_and_a_task_of_the_clients_own_has_no_tools() {
        String send =
                "{\"model\":\"fairlead/operator\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"/send"
                        + " scribbler note {}\"}]}";
        agents.register("scribbler").close();
        OpenAiHttp operating = OpenAiHttp.withKey(gateway, "ops", "operate");
        assertThat(text(operating.stream(COMPLETIONS, send))).doesNotContain("approved");
        int sent = gateway.get("/api/messages", "Authorization", ADMIN)
                .body()
                .path("messages")
                .size();
        assertThat(sent).isEqualTo(1);
        HttpResponse<InputStream> waiting = client.open(COMPLETIONS, send, 0);
        assertThat(gateway.get("/metrics", "Authorization", ADMIN).raw().body()).contains("fairlead_chat_running 1");
        assertThat(waiting.statusCode()).isEqualTo(200); // its stream is open, and says nothing yet
        JsonNode task = completion(
                "{\"model\":\"fairlead/operator\",\"messages\":[{\"role\":\"user\",\"content\":\"### Task:\\n"
                        + "/send scribbler note {}\"}]}");
        assertThat(task.at("/choices/0/message/content").asText()).isNotEmpty();
        int before = model.asked().size();
        completion(
                "{\"model\":\"fairlead/llm\",\"messages\":[{\"role\":\"user\",\"content\":\"### Task:\\nA title\"}]}");
        assertThat(model.asked().get(before).body().has("tools")).isFalse();
        assertThat(gateway.get("/api/messages", "Authorization", ADMIN).body().path("messages"))
                .hasSize(sent);
    }

    private static void refused(String body, int status, String param) {
        assertThat(error(post(body), status).path("param").asText()).as(body).isEqualTo(param);
    }

    private static RunningGateway.Reply get(String path) {
        return client.get(path);
    }

    private static RunningGateway.Reply post(String body) {
        return client.post(COMPLETIONS, body);
    }

    private static JsonNode completion(String body) {
        return client.answer(COMPLETIONS, body);
    }

    private static void say(WsClient agent, String subject, JsonNode turn, String rest) {
        agent.send("{\"subject\":\"" + subject + "\",\"data\":{\"turn_id\":\""
                + turn.get("turn_id").asText() + "\"," + rest + "}}");
    }

    private static List<String> stream(String body) {
        return client.stream(COMPLETIONS, body);
    }
}
