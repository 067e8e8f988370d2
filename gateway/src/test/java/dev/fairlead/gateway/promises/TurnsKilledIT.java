package dev.fairlead.gateway.promises;

import static dev.fairlead.gateway.promises.KillableGateway.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Rounds;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that is killed in the middle of a turn, or of a call over MCP, goes on with it: no effect is lost, none is
 * had twice, whichever face it was asked over. What is said on the way, and by which key, the log and errors do not
 * tell.
 */
class TurnsKilledIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private final Set<String> asked = new LinkedHashSet<>();
    private KillableGateway gateway;

    @Test
    void a_turn_ends_after_a_kill_at_any_moment_and_each_of_its_effects_is_had_once() throws Exception {
        long seed = Long.getLong("seed", 1479);
        Random random = new Random(seed);
        try (KillableGateway served = new KillableGateway(folder)) {
            gateway = served;
            for (int round = 0; round < Rounds.of(4, 20); round++) {
                String which = "seed " + seed + ", round " + round;
                gateway.prepare(round);
                switch (round % 4) {
                    case 0 -> chat(round, random.nextInt(10), which);
                    case 2 -> calls(round, random.nextInt(4), which);
                    default -> response(round, random.nextInt(6), which);
                }
                gateway.requireDone(round, which);
            }
            gateway.requireSecrecy();
        }
    }

    private void chat(int round, int framesBeforeTheKill, String which) {
        asked.clear();
        String session = UUID.randomUUID().toString();
        long last = 0;
        try (WsClient chat = chat(session, last)) {
            chat.send("{\"type\":\"message\",\"content\":\"Do what there is to do in round " + round + " "
                    + KillableGateway.CANARY + "\"}");
            for (int i = 0; i < framesBeforeTheKill; i++) {
                JsonNode frame = chat.next(numbered -> numbered.has("n"));
                last = frame.path("n").asLong();
                approve(chat, frame);
                if (frame.path("type").asText().equals("done")) {
                    break;
                }
            }
            if (framesBeforeTheKill == 0) {
                await().atMost(PATIENCE).until(() -> !entries(session).isEmpty());
            }
        }
        gateway.kill();

        String answer = "";
        try (WsClient chat = chat(session, last)) {
            asked.forEach(id -> approve(chat, id));
            while (answer.isEmpty()) {
                JsonNode frame = chat.next(numbered -> numbered.has("n"));
                assertThat(frame.path("n").asLong()).as("%s: %s", which, frame).isGreaterThan(last);
                assertThat(frame.path("type").asText())
                        .as("%s: %s", which, frame)
                        .isNotEqualTo("error");
                last = frame.path("n").asLong();
                approve(chat, frame);
                answer = frame.path("full_response").asText();
            }
        }
        assertThat(answer).as(which).endsWith(KillableGateway.answer(round));
        assertThat(gateway.get("/api/sessions/" + session + "/messages")
                        .at("/session/state")
                        .asText())
                .as(which)
                .isEqualTo("idle");
    }

    /** In the background, with instructions and a history of its own, which the model is told after the kill, too. */
    private void response(int round, int step, String which) throws Exception {
        int before = gateway.model().asked().size();
        String trace = trace(round);
        String id = gateway.postAsAdmin(
                        "/v1/responses",
                        "{\"model\":\"fairlead/llm\",\"background\":true,\"instructions\":\"Be brief "
                                + KillableGateway.CANARY + "\",\"input\":["
                                + "{\"role\":\"user\",\"content\":\"Who was here?\"},"
                                + "{\"role\":\"assistant\",\"content\":\"Nobody\"},"
                                + "{\"role\":\"user\",\"content\":\"Do what there is to do\"}]}",
                        "traceparent",
                        traceparent(trace))
                .path("id")
                .asText();
        List<JsonNode> events = new ArrayList<>();
        CompletableFuture<Void> read = CompletableFuture.runAsync(() -> read(id, -1, events));
        for (int approval = 0; approval < step / 2; approval++) {
            approveOne().join();
        }
        if (step % 2 == 1) {
            CompletableFuture<Void> heard = step < 5 ? approveOne() : ended(id);
            gateway.kill();
            heard.join();
        } else {
            gateway.kill();
        }
        read.join();
        long last = events.isEmpty()
                ? -1
                : events.get(events.size() - 1).path("sequence_number").asLong();

        ended(id).join();
        JsonNode response = gateway.get("/v1/responses/" + id);
        assertThat(response.path("status").asText())
                .as("%s: %s", which, response)
                .isEqualTo("completed");
        assertThat(response.path("output")).as(which).hasSize(1);
        assertThat(response.at("/output/0/content/0/text").asText()).as(which).endsWith(KillableGateway.answer(round));
        List<JsonNode> rest = new ArrayList<>();
        read(id, last, rest);
        long seen = last;
        for (JsonNode event : rest) {
            assertThat(event.path("sequence_number").asLong())
                    .as("%s: %s", which, event)
                    .isGreaterThan(seen);
            seen = event.path("sequence_number").asLong();
        }
        assertThat(gateway.model()
                        .asked()
                        .subList(before, gateway.model().asked().size()))
                .as(which)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(asked -> assertThat(asked.body().path("messages").toString())
                        .contains("Be brief", "Who was here?", "Nobody"));
        // Later kills may come when all has been done, and before the collector was told of it.
        if (step <= 2) { // the second call was approved, or made at all, after the kill
            gateway.requireSpan(trace, "invoke_agent llm", which);
            gateway.requireSpan(trace, "execute_tool start_instance", which);
        }
    }

    /** Two calls over MCP; of each a person may be asked once more, where nobody can tell. */
    private void calls(int round, int step, String which) {
        String key = gateway.token("\"kind\":\"mcp\",\"name\":\"m" + round + "\",\"scopes\":[\"read\"]");
        List<String> ids = new ArrayList<>();
        String trace = trace(round);
        ids.add(call(key, "send_message", KillableGateway.message(round), trace));
        ids.add(call(key, "start_instance", KillableGateway.instance(round), trace));
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (String id : ids.subList(0, Math.min(step, 2))) {
            answers.add(gateway.approve(id));
        }
        if (step == 3) {
            answers.forEach(CompletableFuture::join);
        }
        gateway.kill();
        answers.forEach(CompletableFuture::join);
        for (String id : ids) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                gateway.waiting().forEach(waiting -> gateway.approve(waiting).join());
                JsonNode outcome = tool(key, "get_approval", "{\"approval_id\":\"" + id + "\"}");
                assertThat(outcome.at("/structuredContent/status").asText())
                        .as("%s: %s", which, outcome)
                        .isEqualTo("done");
            });
        }
        if (step == 0) { // answered after the kill alone
            gateway.requireSpan(trace, "execute_tool send_message", which);
            gateway.requireSpan(trace, "send sink", which);
        }
    }

    private String call(String key, String tool, String args, String trace) {
        return tool(key, tool, args, "traceparent", traceparent(trace))
                .at("/structuredContent/approval_id")
                .asText();
    }

    /** With more headers as name, value, name, value. */
    private JsonNode tool(String key, String tool, String args, String... more) {
        List<String> headers =
                new ArrayList<>(List.of("Authorization", "Bearer " + key, "MCP-Protocol-Version", "2025-11-25"));
        headers.addAll(List.of(more));
        return gateway.post(
                        "/mcp",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                                + "\",\"arguments\":" + args + "}}",
                        headers.toArray(String[]::new))
                .path("result");
    }

    /** As the client of a turn or a call says in whose trace it is. */
    private static String traceparent(String trace) {
        return "00-" + trace + "-b7ad6b7169203331-01";
    }

    private static String trace(int round) {
        return "0af7651916cd43dd8448eb211c80" + (1000 + round);
    }

    private CompletableFuture<Void> approveOne() {
        await("a call that waits for a person").atMost(PATIENCE).until(() -> !gateway.waiting()
                .isEmpty());
        return gateway.approve(gateway.waiting().get(0));
    }

    /** Approves whatever is asked until the response has come to its end. */
    private CompletableFuture<Void> ended(String id) {
        await("the end of " + id).atMost(PATIENCE).until(() -> {
            gateway.waiting().forEach(waiting -> gateway.approve(waiting).join());
            return !gateway.get("/v1/responses/" + id).path("status").asText().equals("in_progress");
        });
        return CompletableFuture.completedFuture(null);
    }

    /** Reads a response's events until they end, or the connection does. */
    private void read(String id, long after, List<JsonNode> events) {
        HttpRequest request = HttpRequest.newBuilder(gateway.http(
                        "/v1/responses/" + id + "?stream=true" + (after < 0 ? "" : "&starting_after=" + after)))
                .headers(KillableGateway.ADMIN)
                .build();
        try (InputStream body = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream())
                        .body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    events.add(FrameCodec.tree(line.substring("data: ".length())));
                }
            }
        } catch (IOException killed) {
            assertThat(after).as("the kill was before").isNegative();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Whether an answer of before the kill was kept nobody knows: who comes back gives it again. */
    private void approve(WsClient chat, JsonNode frame) {
        String id = frame.path("id").asText();
        if (frame.path("approval").asText().equals("required")) {
            asked.add(id);
            approve(chat, id);
        } else if (frame.path("type").asText().equals("tool_result")) {
            asked.remove(id);
        }
    }

    private static void approve(WsClient chat, String id) {
        chat.send("{\"type\":\"approve\",\"id\":\"" + id + "\"}");
    }

    private WsClient chat(String session, long after) {
        return WsClient.connect(gateway.ws("/ws/chat?agent=llm&session_id=" + session + "&after=" + after));
    }

    private List<JsonNode> entries(String session) {
        return gateway.get("/api/sessions/" + session + "/entries").findValues("n");
    }
}
