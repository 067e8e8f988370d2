package dev.fairlead.gateway;

import static dev.fairlead.gateway.testing.OpenAiHttp.error;
import static dev.fairlead.gateway.testing.OpenAiHttp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.OpenAiHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses as raw HTTP, with an agent whose every word the test decides. */
class OpenAiResponsesIT {
    private static final String RESPONSES = "/v1/responses";

    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static OpenAiHttp client;
    private static WsClient agent;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder, "shutdown.grace=1s");
        client = OpenAiHttp.withKey(gateway, "editor", "read");
        agent = new Agents(gateway).register("worker");
    }

    @AfterAll
    static void stop() {
        agent.close();
        gateway.close();
    }

    @Test
    void a_stream_has_the_events_of_the_api_in_their_order_and_numbers_that_rise() {
        CompletableFuture<List<String>> read = stream("\"input\":\"Hello\"");
        JsonNode turn = turn();
        chunk(turn, "Hi ");
        chunk(turn, "there");
        done(turn, "Hi there", ",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}");
        List<JsonNode> events = json(get(read));
        List<String> types = types(events);
        assertThat(types)
                .startsWith(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta")
                .endsWith(
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("sequence_number").asInt(-1)).isEqualTo(i);
        }
        JsonNode response = events.get(events.size() - 1).path("response");
        assertThat(text(response)).isEqualTo("Hi there");
        assertThat(response.at("/usage/total_tokens").asInt()).isEqualTo(5);
        assertThat(response.path("status").asText()).isEqualTo("completed");

        String id = response.path("id").asText();
        assertThat(client.get(RESPONSES + "/" + id).body()).isEqualTo(response);
        assertThat(json(client.stream(RESPONSES + "/" + id + "?stream=true", "")))
                .isEqualTo(events);
        assertThat(json(client.stream(RESPONSES + "/" + id + "?stream=true&starting_after=4", "")))
                .isEqualTo(events.subList(5, events.size()));
        assertThat(client.get(RESPONSES + "/" + id + "/input_items")
                        .body()
                        .at("/data/0/content/0/text")
                        .asText())
                .isEqualTo("Hello");
    }

    @Test
    void the_response_before_is_what_the_agent_is_told_was_said() {
        String first = whole("\"input\":\"One\"", "Uno").path("id").asText();
        CompletableFuture<JsonNode> second =
                ask("\"input\":\"Two\",\"instructions\":\"Be brief\",\"previous_response_id\":\"" + first + "\"");
        JsonNode turn = turn();
        assertThat(turn.path("content").asText()).isEqualTo("Two");
        assertThat(turn.path("history").findValuesAsText("role")).containsExactly("system", "user", "assistant");
        assertThat(turn.path("history").findValuesAsText("content")).containsExactly("Be brief", "One", "Uno");
        done(turn, "Dos", "");
        assertThat(get(second).path("previous_response_id").asText()).isEqualTo(first);
        RunningGateway.Reply missing =
                client.post(RESPONSES, body("\"input\":\"x\",\"previous_response_id\":\"resp_0\""));
        assertThat(error(missing, 400).path("param").asText()).isEqualTo("previous_response_id");
    }

    @Test
    void a_conversation_is_one_session_and_takes_one_response_at_a_time() {
        String conversation = client.answer(
                        "/v1/conversations",
                        "{\"metadata\":{\"a\":\"b\"},\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"Before\"}]}")
                .path("id")
                .asText();
        String in = ",\"conversation\":\"" + conversation + "\"";
        CompletableFuture<JsonNode> first = ask("\"input\":\"One\"" + in);
        JsonNode turn = turn();
        RunningGateway.Reply locked = client.post(RESPONSES, body("\"input\":\"Two\"" + in));
        assertThat(error(locked, 409).path("code").asText()).isEqualTo("conversation_locked");
        assertThat(locked.raw().headers().firstValue("x-should-retry")).contains("false");
        done(turn, "Uno", "");
        assertThat(get(first).at("/conversation/id").asText()).isEqualTo(conversation);
        CompletableFuture<JsonNode> second = ask("\"input\":\"Two\"" + in);
        JsonNode next = turn();
        assertThat(next.path("session_id")).isEqualTo(turn.path("session_id"));
        assertThat(next.path("history").findValuesAsText("content")).containsExactly("Before", "One", "Uno");
        done(next, "Dos", "");
        get(second);
        String items = "/v1/conversations/" + conversation + "/items";
        assertThat(client.get(items).body().path("data")).hasSize(5);
        JsonNode added = client.answer(
                items,
                "{\"items\":[{\"role\":\"user\",\"content\":\"Aside\"},{\"role\":\"assistant\",\"content\":\"Noted\"}]}");
        assertThat(added.at("/data/0/content/0/text").asText()).isEqualTo("Aside");
        CompletableFuture<JsonNode> third = ask("\"input\":\"Three\"" + in);
        JsonNode last = turn();
        assertThat(last.path("history").findValuesAsText("content"))
                .containsExactly("Before", "One", "Uno", "Two", "Dos", "Aside", "Noted");
        done(last, "Tres", "");
        get(third);
        assertThat(client.get(items).body().path("data")).hasSize(9);
        for (String wrong : List.of("{\"items\":[]}", "{\"items\":\"x\"}", "{}")) {
            assertThat(error(client.post(items, wrong), 400).path("param").asText())
                    .isEqualTo("items");
        }
        error(
                client.post("/v1/conversations/conv_0/items", "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
                404);
        assertThat(client.get("/v1/conversations/" + conversation)
                        .body()
                        .at("/metadata/a")
                        .asText())
                .isEqualTo("b");
        assertThat(client.send("DELETE", "/v1/conversations/" + conversation, "")
                        .status())
                .isEqualTo(200);
        error(client.get("/v1/conversations/" + conversation), 404);
    }

    @Test
    void what_an_agent_takes_back_is_an_item_that_ends_incomplete() {
        CompletableFuture<List<String>> read = stream("\"input\":\"Sure?\"");
        JsonNode turn = turn();
        chunk(turn, "Yes");
        done(turn, "No", "");
        List<JsonNode> events = json(get(read));
        List<JsonNode> ended = events.stream()
                .filter(event -> event.path("type").asText().equals("response.output_item.done"))
                .toList();
        assertThat(ended.get(0).at("/item/status").asText()).isEqualTo("incomplete");
        assertThat(ended.get(0).at("/output_index").asInt()).isZero();
        assertThat(ended.get(1).at("/output_index").asInt()).isEqualTo(1);
        JsonNode response = events.get(events.size() - 1).path("response");
        assertThat(response.path("output")).hasSize(1);
        assertThat(response.at("/output/0/id")).isEqualTo(ended.get(1).at("/item/id"));
        assertThat(text(response)).isEqualTo("No");
    }

    @Test
    void one_in_the_background_is_polled_cancelled_and_deleted() {
        JsonNode begun = client.answer(RESPONSES, body("\"input\":\"Long\",\"background\":true"));
        JsonNode turn = turn();
        String path = RESPONSES + "/" + begun.path("id").asText();
        assertThat(begun.path("status").asText()).isEqualTo("in_progress");
        chunk(turn, "So far");
        JsonNode cancelled = client.post(path + "/cancel", "").body();
        assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
        assertThat(types(json(client.stream(path + "?stream=true", "")))).endsWith("response.failed");
        OpenAiHttp other = OpenAiHttp.withKey(gateway, "other", "read");
        error(other.get(path), 404);
        error(other.send("DELETE", path, ""), 404);
        assertThat(client.send("DELETE", path, "").body().path("deleted").asBoolean())
                .isTrue();
        error(client.get(path), 404);
        error(client.post(path + "/cancel", ""), 404);
    }

    @Test
    void the_same_request_sent_again_is_the_same_response_and_one_not_stored_is_none() {
        String body = body("\"input\":\"Once\",\"store\":false");
        CompletableFuture<JsonNode> first = CompletableFuture.supplyAsync(() -> client.answer(RESPONSES, body));
        JsonNode turn = turn();
        CompletableFuture<List<String>> read = CompletableFuture.supplyAsync(() -> again(body));
        done(turn, "Only once", "");
        String id = get(first).path("id").asText();
        assertThat(get(read)).singleElement().asString().contains(id, "Only once");
        error(client.get(RESPONSES + "/" + id), 404);
        CompletableFuture<JsonNode> anew = CompletableFuture.supplyAsync(() -> client.answer(RESPONSES, body));
        done(turn(), "Twice", "");
        assertThat(text(get(anew))).isEqualTo("Twice");
    }

    @Test
    void a_turn_that_fails_is_an_error_to_who_waits_and_a_failed_response_to_who_fetches() {
        CompletableFuture<RunningGateway.Reply> waiting =
                CompletableFuture.supplyAsync(() -> client.post(RESPONSES, body("\"input\":\"Fail\"")));
        say("chat.error", turn(), "\"code\":\"AGENT_ERROR\",\"message\":\"It broke\"");
        assertThat(error(get(waiting), 502).path("message").asText()).isEqualTo("It broke");
        CompletableFuture<List<String>> read = stream("\"input\":\"Fail again\"");
        say("chat.error", turn(), "\"code\":\"AGENT_ERROR\",\"message\":\"It broke\"");
        List<JsonNode> events = json(get(read));
        JsonNode failed = events.get(events.size() - 1);
        assertThat(failed.path("type").asText()).isEqualTo("response.failed");
        assertThat(failed.at("/response/error/message").asText()).isEqualTo("It broke");
        assertThat(client.get(RESPONSES + "/" + failed.at("/response/id").asText())
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("failed");
        for (String wrong : List.of("\"input\":7", "\"input\":[]", "\"input\":\"x\",\"background\":\"no\"")) {
            error(client.post(RESPONSES, body(wrong)), 400);
        }
        error(client.post(RESPONSES, "{\"model\":\"gpt-5-codex-mini\",\"input\":\"Title\"}"), 404);
    }

    @Test
    void what_was_answered_outlives_the_gateway_and_no_number_is_given_twice() {
        JsonNode before = whole("\"input\":\"Keep\"", "Kept");
        String path = RESPONSES + "/" + before.path("id").asText();
        List<JsonNode> told = json(client.stream(path + "?stream=true", ""));
        String cut = RESPONSES + "/"
                + client.answer(
                                RESPONSES,
                                "{\"model\":\"fairlead/operator\",\"input\":\"/send worker note {}\",\"background\":true}")
                        .path("id")
                        .asText(); // a reader's change: it waits for a person
        String completion =
                "{\"model\":\"fairlead/operator\",\"messages\":[{\"role\":\"user\",\"content\":\"/help\"}]}";
        JsonNode answered = client.answer("/v1/chat/completions", completion);
        stop();
        start();
        assertThat(new String(
                        read(client.open("/v1/chat/completions", completion, 1).body()), StandardCharsets.UTF_8))
                .contains(answered.path("id").asText()); // sent again after the restart, it is the same answer
        assertThat(client.get(path).body()).isEqualTo(before);
        List<JsonNode> anew = json(client.stream(path + "?stream=true", ""));
        assertThat(types(anew)).endsWith("response.completed");
        for (JsonNode event : anew) {
            told.stream()
                    .filter(earlier -> earlier.path("sequence_number").equals(event.path("sequence_number")))
                    .forEach(earlier -> assertThat(event).isEqualTo(earlier));
        }
        assertThat(client.post(cut + "/cancel", "").status()).isEqualTo(200);
        List<JsonNode> ended = json(client.stream(cut + "?stream=true&starting_after=3", ""));
        assertThat(ended.get(0).path("sequence_number").asLong()).isGreaterThanOrEqualTo(1000);
        assertThat(types(ended)).endsWith("response.failed");
    }

    private static List<String> again(String body) {
        return List.of(new String(read(client.open(RESPONSES, body, 1).body()), StandardCharsets.UTF_8));
    }

    private static byte[] read(InputStream in) {
        try (in) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String body(String rest) {
        return "{\"model\":\"fairlead/agent/worker\"," + rest + "}";
    }

    private static JsonNode whole(String rest, String answer) {
        CompletableFuture<JsonNode> asked = ask(rest);
        done(turn(), answer, "");
        return get(asked);
    }

    private static CompletableFuture<JsonNode> ask(String rest) {
        return CompletableFuture.supplyAsync(() -> client.answer(RESPONSES, body(rest)));
    }

    private static CompletableFuture<List<String>> stream(String rest) {
        return CompletableFuture.supplyAsync(() -> client.stream(RESPONSES, body("\"stream\":true," + rest)));
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode turn() {
        return agent.next("chat.turn").get("data");
    }

    private static void chunk(JsonNode turn, String text) {
        say("chat.event", turn, "\"type\":\"chunk\",\"content\":\"" + text + "\"");
    }

    private static void done(JsonNode turn, String text, String more) {
        say("chat.done", turn, "\"full_response\":\"" + text + "\"" + more);
    }

    private static void say(String subject, JsonNode turn, String rest) {
        agent.send("{\"subject\":\"" + subject + "\",\"data\":{\"turn_id\":\""
                + turn.get("turn_id").asText() + "\"," + rest + "}}");
    }

    private static List<String> types(List<JsonNode> events) {
        List<String> types = new ArrayList<>();
        events.forEach(event -> types.add(event.path("type").asText()));
        return types;
    }

    private static String text(JsonNode response) {
        return response.at("/output/0/content/0/text").asText();
    }
}
