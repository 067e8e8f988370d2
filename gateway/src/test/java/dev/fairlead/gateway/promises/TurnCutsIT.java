package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.ChatTranscript;
import dev.fairlead.gateway.testing.Rounds;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One turn with text, three tools and an approval, looked at over three faces at once by viewers that are cut off again
 * and again: each has all of it in the end, once, and what the turn does is done once.
 */
class TurnCutsIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String AUTHORIZATION = "Authorization";
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;
    private static final int CUTS = Rounds.of(90, 999);
    private static final int OF_EACH = CUTS / 3;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("seed", 1411);
    private final FakeModel model = FakeModel.start();
    /** Each cut has the model say a piece more: the turn lasts as long as the cuts do. */
    private final Semaphore pieces = new Semaphore(0);

    private RunningGateway gateway;
    private String response;
    private String session;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder, "shutdown.grace=100ms", "llm.base_url=" + model.baseUrl(), "llm.model=test-model");
        new Agents(gateway).register("sink").close();
        model.otherwise(this::goOn);
    }

    @AfterEach
    void close() {
        gateway.close();
        model.close();
    }

    @Test
    void viewers_over_three_faces_that_are_cut_off_at_random_all_have_the_same_turn() {
        JsonNode begun = post("/v1/responses", "{\"model\":\"fairlead/llm\",\"background\":true,\"input\":\"Go\"}");
        response = begun.path("id").asText();
        session = response.replace("resp_", "resp-");
        CompletableFuture<ChatTranscript> chat = CompletableFuture.supplyAsync(this::overChat);
        CompletableFuture<List<JsonNode>> events = CompletableFuture.supplyAsync(this::overResponses);
        CompletableFuture<JsonNode> task = CompletableFuture.supplyAsync(this::overMcp);

        String answer = "First a look.\n\nThen a word.\n\nAnd who is there?\n\n"
                + IntStream.range(0, CUTS).mapToObj(i -> "piece " + i + " ").collect(Collectors.joining());
        List<String> kept = chat.join().kept();
        assertThat(kept).as("seed %d", seed).endsWith("done " + answer);
        assertThat(kept.stream().filter(one -> one.startsWith("call "))).hasSize(3);
        assertThat(kept.stream().filter(one -> one.startsWith("result "))).hasSize(3);
        ChatTranscript whole = new ChatTranscript();
        try (WsClient late = chat(0)) {
            while (whole.ends() == 0) {
                whole.hear(late.next());
            }
        }
        assertThat(kept).as("seed %d", seed).isEqualTo(whole.kept());

        List<JsonNode> heard = events.join();
        assertThat(heard).as("seed %d", seed).isEqualTo(read(stream(-1), Integer.MAX_VALUE));
        assertThat(heard.get(heard.size() - 1)
                        .at("/response/output/0/content/0/text")
                        .asText())
                .isEqualTo(answer);
        assertThat(task.join().path("answer").asText()).as("seed %d", seed).isEqualTo(answer);

        assertThat(get("/api/approvals").path("approvals")).hasSize(1);
        assertThat(get("/api/messages?correlation_id=cuts").path("messages")).hasSize(1);
        assertThat(model.asked()).hasSize(4);
    }

    private void goOn(FakeModel.Asked asked, FakeModel.Wire wire) throws IOException {
        long results = asked.body().path("messages").findValuesAsText("role").stream()
                .filter("tool"::equals)
                .count();
        if (results == 0) {
            ModelReplies.textAndCalls("First a look.", "list_instances", "{}").answer(asked, wire);
        } else if (results == 1) {
            ModelReplies.textAndCalls(
                            "Then a word.",
                            "send_message",
                            "{\"to\":\"sink\",\"type\":\"t\",\"payload\":{},\"correlation_id\":\"cuts\"}")
                    .answer(asked, wire);
        } else if (results == 2) {
            ModelReplies.textAndCalls("And who is there?", "list_agents", "{}").answer(asked, wire);
        } else {
            wire.stream();
            for (int i = 0; i < CUTS; i++) {
                pieces.acquireUninterruptibly();
                wire.event(ModelReplies.content("piece " + i + " "));
            }
            ModelReplies.end(wire, "stop");
        }
    }

    /** Comes back with the last number it saw; whatever waits for a person is approved, whenever it is seen. */
    private ChatTranscript overChat() {
        Random random = new Random(seed);
        ChatTranscript seen = new ChatTranscript();
        for (int cut = 0; cut < OF_EACH; cut++) {
            pieces.release();
            WsClient viewer = chat(seen.last());
            if (random.nextInt(4) > 0) {
                JsonNode frame = viewer.next(numbered -> numbered.has("n"));
                seen.hear(frame);
                if (frame.path("approval").asText().equals("required")) {
                    viewer.send(
                            "{\"type\":\"approve\",\"id\":\"" + frame.path("id").asText() + "\"}");
                    viewer.next("tool_result"); // else the answer may be cut off with the viewer
                }
            }
            if (random.nextBoolean()) {
                viewer.abort();
            } else {
                viewer.close();
            }
        }
        try (WsClient viewer = chat(seen.last())) {
            while (seen.ends() == 0) {
                seen.hear(viewer.next());
            }
        }
        return seen;
    }

    /** Comes back with {@code starting_after}. */
    private List<JsonNode> overResponses() {
        Random random = new Random(seed + 1);
        List<JsonNode> seen = new ArrayList<>();
        for (int cut = 0; cut < OF_EACH; cut++) {
            pieces.release();
            seen.addAll(read(stream(last(seen)), random.nextInt(3) > 0 ? 1 : 0));
        }
        seen.addAll(read(stream(last(seen)), Integer.MAX_VALUE));
        return seen;
    }

    /** Waits for the answer in one call of a tool, and comes back for it with {@code Last-Event-ID}. */
    private JsonNode overMcp() {
        await().until(() -> !turn().isEmpty());
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"get_answer\","
                + "\"arguments\":{\"session_id\":\"" + session + "\",\"turn_id\":\"" + turn()
                + "\",\"wait_seconds\":50},\"_meta\":{\"progressToken\":\"p\"}}}";
        JsonNode answer = FrameCodec.object();
        int cut = 0;
        while (!answer.path("status").asText().equals("done")) {
            String[] last = new String[1];
            List<JsonNode> first = read(
                    open(HttpRequest.newBuilder(gateway.http("/mcp"))
                            .header("Content-Type", "application/json")
                            .header("MCP-Protocol-Version", "2025-11-25")
                            .POST(HttpRequest.BodyPublishers.ofString(call))),
                    1,
                    last);
            assertThat(first.get(0).path("method").asText()).isEqualTo("notifications/progress");
            for (; cut < OF_EACH; cut++) {
                pieces.release();
                read(open(resumed(last[0])), 0, new String[1]);
            }
            List<JsonNode> rest = read(open(resumed(last[0])), Integer.MAX_VALUE, last);
            answer = rest.get(rest.size() - 1).at("/result/structuredContent");
        }
        return answer;
    }

    private String turn() {
        return get("/api/sessions/" + session + "/messages")
                .at("/messages/0/turn_id")
                .asText();
    }

    private HttpRequest.Builder resumed(String last) {
        return HttpRequest.newBuilder(gateway.http("/mcp")).header("Last-Event-ID", last);
    }

    private BufferedReader stream(long after) {
        return open(HttpRequest.newBuilder(gateway.http(
                "/v1/responses/" + response + "?stream=true" + (after < 0 ? "" : "&starting_after=" + after))));
    }

    private static long last(List<JsonNode> events) {
        return events.isEmpty()
                ? -1
                : events.get(events.size() - 1).path("sequence_number").asLong();
    }

    private static BufferedReader open(HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> answer =
                    HTTP.send(request.header(AUTHORIZATION, ADMIN).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
            return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<JsonNode> read(BufferedReader lines, int most) {
        return read(lines, most, new String[1]);
    }

    /**
     * Reads so many events, and leaves.
     *
     * @param lastId where the id of the last goes
     */
    private static List<JsonNode> read(BufferedReader lines, int most, String[] lastId) {
        List<JsonNode> events = new ArrayList<>();
        try (lines) {
            while (events.size() < most) {
                String line = lines.readLine();
                if (line == null) {
                    break;
                }
                if (line.startsWith("id: ")) {
                    lastId[0] = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    events.add(FrameCodec.tree(line.substring("data: ".length())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    private WsClient chat(long after) {
        return WsClient.connect(gateway.ws("/ws/chat?session_id=" + session + "&after=" + after));
    }

    private JsonNode get(String path) {
        return gateway.get(path, AUTHORIZATION, ADMIN).body();
    }

    private JsonNode post(String path, String body) {
        return gateway.post(path, body, AUTHORIZATION, ADMIN).body();
    }
}
