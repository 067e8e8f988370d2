package dev.fairlead.gateway.faces.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of MCP that come in events, and what is listened to. */
class McpEventsIT extends McpAtGateway {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "accepted|\"result\":{\"action\":\"accept\",\"content\":{\"approve\":true}}|\"name\":\"accepted\"",
                "declined|\"result\":{\"action\":\"decline\"}|denied",
                "put-off|\"result\":{\"action\":\"cancel\"}|waiting",
                "incapable|\"error\":{\"code\":-32601,\"message\":\"Method not found\"}|waiting"
            })
    void a_client_of_the_older_era_asks_its_person_in_the_middle_of_the_answer(String name, String answer, String end)
            throws IOException {
        introduce();
        create(name, "sleep 600");
        try (Events events = events(RunningGateway.PASSWORD, startOf(name))) {
            JsonNode question = events.next();
            assertThat(question.path("method").asText()).isEqualTo("elicitation/create");
            assertThat(question.at("/params/message").asText()).contains("start_instance", name);
            String said = "{\"jsonrpc\":\"2.0\",\"id\":" + question.get("id") + "," + answer + "}";
            // Whoever could not do it is not heard, and neither is an answer to nothing.
            assertThat(legacy(reader, said).status()).isEqualTo(202);
            assertThat(legacy(
                                    RunningGateway.PASSWORD,
                                    said.replace(question.get("id").asText(), "nothing"))
                            .status())
                    .isEqualTo(202);
            assertThat(status(name)).isEqualTo("stopped");
            assertThat(legacy(RunningGateway.PASSWORD, said).status()).isEqualTo(202);
            JsonNode last = events.next();
            assertThat(last.path("id").asInt()).isEqualTo(1);
            assertThat(last.path("result").toString()).contains(end);
            assertThat(events.isOver()).isTrue();
        }
    }

    @Test
    void who_was_cut_off_hears_the_rest_and_nobody_else_does() throws IOException {
        introduce();
        create("cut-off", "sleep 600");
        String lastSeen;
        String question;
        try (Events events = events(RunningGateway.PASSWORD, startOf("cut-off"))) {
            question = events.next().path("id").asText();
            lastSeen = events.lastId();
        }
        assertThat(legacy(
                                RunningGateway.PASSWORD,
                                "{\"jsonrpc\":\"2.0\",\"id\":\"" + question
                                        + "\",\"result\":{\"action\":\"accept\",\"content\":{\"approve\":true}}}")
                        .status())
                .isEqualTo(202);
        for (int round = 0; round < 2; round++) {
            try (Events rest = resumed(RunningGateway.PASSWORD, lastSeen)) {
                JsonNode last = rest.next();
                assertThat(last.path("id").asInt()).isEqualTo(1);
                assertThat(last.at("/result/structuredContent/name").asText()).isEqualTo("cut-off");
                assertThat(rest.isOver()).isTrue();
            }
        }
        for (String wrong : List.of("x", "x:1", ":", lastSeen + "9")) {
            assertThat(gateway.get("/mcp", "Authorization", ADMIN, "Last-Event-ID", wrong)
                            .status())
                    .as(wrong)
                    .isEqualTo(404);
        }
        assertThat(gateway.get("/mcp", "Authorization", "Bearer " + reader, "Last-Event-ID", lastSeen)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void what_takes_its_time_tells_so_to_who_asked_for_it() throws IOException {
        String ask = call(
                "tools/call",
                "\"name\":\"ask_agent\",\"arguments\":{\"agent\":\"operator\",\"question\":\"/agents\"},"
                        + "\"_meta\":{\"progressToken\":\"p1\"}");
        String first;
        JsonNode answer;
        try (Events events = events(operator, ask)) {
            JsonNode progress = events.next();
            first = events.lastId();
            assertThat(progress.path("method").asText()).isEqualTo("notifications/progress");
            assertThat(progress.at("/params/progressToken").asText()).isEqualTo("p1");
            answer = events.next();
            assertThat(answer.at("/result/structuredContent/status").asText()).isEqualTo("done");
            assertThat(events.lastId()).isNotEqualTo(first);
        }
        try (Events rest = resumed(operator, first)) {
            assertThat(rest.next()).isEqualTo(answer);
        }
    }

    // What changes.

    @Test
    void who_listens_is_told_what_changed_and_what_it_missed_while_it_was_cut_off() throws IOException {
        Path said = folder.resolve("said");
        create("talker", "until [ -e " + said + " ]; do sleep 0.1; done; echo more; exec sleep 600");
        assertThat(admin("/api/instances/talker/start", "").status()).isEqualTo(202);
        String log = "fairlead://instances/talker/log";
        String chain = "fairlead://messages/matter-7";
        String wanted = "{\"resourcesListChanged\":true,\"toolsListChanged\":true,\"resourceSubscriptions\":[\"" + log
                + "\",\"" + chain + "\",\"fairlead://sessions/nobody/transcript\",\"https://elsewhere/\"]}";
        String lastSeen;
        try (Events events = listening(gateway, reader, wanted);
                WsClient agent =
                        WsClient.connect(gateway.ws("/ws/agent?token=" + gateway.registrationToken("hearer")))) {
            agent.next("agent.register.ack");
            JsonNode taken = events.next();
            assertThat(taken.path("method").asText()).isEqualTo("notifications/subscriptions/acknowledged");
            assertThat(subscription(taken)).isEqualTo("\"listen-1\"");
            JsonNode honoured = taken.at("/params/notifications");
            assertThat(honoured.path("resourcesListChanged").asBoolean()).isTrue();
            assertThat(honoured.has("toolsListChanged")).isFalse();
            assertThat(honoured.path("resourceSubscriptions"))
                    .extracting(JsonNode::asText)
                    .containsExactlyInAnyOrder(log, chain);

            Files.createFile(said);
            assertThat(subscription(until(events, "resources/updated", log))).isEqualTo("\"listen-1\"");
            create("newcomer", "sleep 600");
            until(events, "resources/list_changed", "");
            assertThat(admin(
                                    "/api/messages",
                                    "{\"to\":\"hearer\",\"type\":\"t\",\"payload\":1,\"correlation_id\":\"matter-7\"}")
                            .status())
                    .isEqualTo(202);
            until(events, "resources/updated", chain);
            lastSeen = events.lastId();
        }
        create("latecomer", "sleep 600");
        assertThat(gateway.get("/mcp", "Authorization", "Bearer " + operator, "Last-Event-ID", lastSeen)
                        .status())
                .isEqualTo(404);
        try (Events rest = resumed(reader, lastSeen)) {
            until(rest, "resources/list_changed", "");
        }
        assertThat(code(modern(reader, "subscriptions/listen", "", "\"notifications\":[]"), 200))
                .isEqualTo(-32602);
        assertThat(code(legacy(reader, call("subscriptions/listen", "\"notifications\":{}")), 200))
                .isEqualTo(-32601);
    }

    @Test
    void a_subscription_ends_with_its_key_and_in_order_with_the_gateway() throws IOException {
        List<String> before = keyIds();
        String revoked = key("mcp", "read");
        String keyId =
                keyIds().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();
        try (Events events = listening(gateway, revoked, "{\"resourcesListChanged\":true}")) {
            events.next();
            assertThat(gateway.delete("/api/admin/tokens/" + keyId, "Authorization", ADMIN)
                            .status())
                    .isEqualTo(204);
            assertThat(events.isOverOrCutOff()).isTrue();
        }
        try (RunningGateway stopping = RunningGateway.start(folder.resolve("stopping"));
                Events events = listening(stopping, RunningGateway.PASSWORD, "{\"resourcesListChanged\":true}")) {
            events.next();
            RunningGateway.await(stopping.gateway().close());
            JsonNode last = events.next();
            assertThat(last.path("id").asText()).isEqualTo("listen-1");
            assertThat(last.at("/result/resultType").asText()).isEqualTo("complete");
            assertThat(last.at("/result/_meta/io.modelcontextprotocol~1subscriptionId")
                            .asText())
                    .isEqualTo("listen-1");
        }
    }

    private static Events listening(RunningGateway at, String key, String wanted) throws IOException {
        return new Events(HttpRequest.newBuilder(at.http("/mcp"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "subscriptions/listen")
                .POST(HttpRequest.BodyPublishers.ofString(
                        call("subscriptions/listen", "\"notifications\":" + wanted + ",\"_meta\":" + META)
                                .replace("\"id\":1", "\"id\":\"listen-1\"")))
                .build());
    }

    /** The next that says so of an address, passing over what else there is to tell. */
    private static JsonNode until(Events events, String method, String uri) throws IOException {
        JsonNode event = events.next();
        while (!event.path("method").asText().equals("notifications/" + method)
                || !event.at("/params/uri").asText().equals(uri)) {
            event = events.next();
        }
        return event;
    }

    private static String subscription(JsonNode event) {
        return event.at("/params/_meta/io.modelcontextprotocol~1subscriptionId").toString();
    }

    private static List<String> keyIds() {
        return gateway.get("/api/admin/tokens", "Authorization", ADMIN).body().findValuesAsText("id");
    }
}
