package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Messages over the real sockets and the real database of a real gateway. */
@ExtendWith(BlockedLoops.class)
class MessagesIT {
    @TempDir
    Path folder;

    private final Map<String, String> tokens = new HashMap<>();
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "messages.retry_initial=50ms");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private WsClient connect(String name) {
        String token = tokens.containsKey(name) ? tokens.get(name) : gateway.registrationToken(name);
        WsClient agent = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token);
        JsonNode registered = agent.next("agent.register.ack").get("data");
        if (registered.has("token")) {
            tokens.put(name, registered.get("token").asText());
        }
        agent.next("token.state");
        return agent;
    }

    private static JsonNode send(WsClient agent, String to, String payload) {
        agent.send("{\"subject\":\"message.send\",\"reply\":\"inbox.s\",\"data\":{\"from\":\"forged\",\"to\":\"" + to
                + "\",\"type\":\"task.handoff\",\"correlation_id\":\"chain-1\",\"payload\":" + payload + "}}");
        return agent.next("inbox.s").get("data");
    }

    private static JsonNode settle(WsClient agent, String how, JsonNode delivered, int attempt) {
        agent.send("{\"subject\":\"message." + how + "\",\"reply\":\"inbox.a\",\"data\":{\"message_id\":\""
                + delivered.get("message_id").asText() + "\",\"attempt\":" + attempt + ",\"reason\":\"busy\"}}");
        return agent.next("inbox.a").get("data");
    }

    @Test
    void a_message_goes_from_agent_to_agent_and_the_stream_tells_all_but_its_payload() {
        WsClient stream = WsClient.connect(gateway.ws("/ws/messages?instance=agent-b"));
        assertThat(stream.next().get("recent_events")).isEmpty();
        WsClient a = connect("agent-a");
        WsClient b = connect("agent-b");

        JsonNode accepted = send(a, "agent-b", "{\"secret\":[1,2.50,\"canary\"]}");
        JsonNode delivered = b.next("message.deliver").get("data");

        assertThat(accepted.get("status").asText()).isEqualTo("accepted");
        assertThat(delivered.get("message_id")).isEqualTo(accepted.get("message_id"));
        assertThat(delivered.get("from").asText()).isEqualTo("agent-a");
        assertThat(delivered.get("payload").toString()).isEqualTo("{\"secret\":[1,2.50,\"canary\"]}");
        assertThat(delivered.get("attempt").asInt()).isEqualTo(1);
        assertThat(delivered.get("redelivered").asBoolean()).isFalse();
        assertThat(settle(b, "ack", delivered, 1).get("status").asText()).isEqualTo("acknowledged");

        List<String> events = new ArrayList<>();
        while (!events.contains("acknowledged")) {
            JsonNode frame = stream.next("message_event");
            assertThat(frame.toString()).doesNotContain("canary");
            events.add(frame.get("event").asText());
        }
        assertThat(events).containsExactly("accepted", "delivered", "acknowledged");
        WsClient late = WsClient.connect(gateway.ws("/ws/messages?correlation_id=chain-1"));
        assertThat(late.next().get("recent_events")).hasSize(3);
        WsClient other = WsClient.connect(gateway.ws("/ws/messages?correlation_id=chain-1&instance=agent-c"));
        assertThat(other.next().get("recent_events")).isEmpty();
    }

    @Test
    void what_waits_goes_out_on_registration_in_order_after_a_restart_too() {
        connect("agent-b").close();
        WsClient a = connect("agent-a");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(send(a, "agent-b", "" + i).get("message_id").asText());
        }
        gateway.close();
        start();

        WsClient b = connect("agent-b");
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            JsonNode delivered = b.next("message.deliver").get("data");
            received.add(delivered.get("message_id").asText());
            b.send("{\"subject\":\"message.ack\",\"data\":{\"message_id\":\""
                    + delivered.get("message_id").asText() + "\",\"attempt\":1}}");
        }
        assertThat(received).isEqualTo(sent);
    }

    @Test
    void a_late_acknowledgement_of_a_replaced_connection_is_not_accepted() {
        WsClient a = connect("agent-a");
        WsClient first = connect("agent-b");
        send(a, "agent-b", "1");
        JsonNode delivered = first.next("message.deliver").get("data");

        WsClient second = connect("agent-b");
        JsonNode again = second.next("message.deliver").get("data");

        assertThat(again.get("message_id")).isEqualTo(delivered.get("message_id"));
        assertThat(again.get("attempt").asInt()).isEqualTo(2);
        assertThat(again.get("redelivered").asBoolean()).isTrue();
        assertThat(settle(second, "ack", again, 1).get("error").get("code").asText())
                .isEqualTo("stale_lease");
        assertThat(settle(second, "ack", again, 2).get("status").asText()).isEqualTo("acknowledged");
    }

    @Test
    void an_acknowledgement_whose_answer_was_lost_is_answered_again_to_its_agent_alone() {
        WsClient a = connect("agent-a");
        WsClient first = connect("agent-b");
        send(a, "agent-b", "1");
        JsonNode delivered = first.next("message.deliver").get("data");
        JsonNode answer = settle(first, "ack", delivered, 1);
        assertThat(answer.get("status").asText()).isEqualTo("acknowledged");
        assertThat(settle(first, "ack", delivered, 1)).isEqualTo(answer);

        WsClient second = connect("agent-b");
        assertThat(settle(second, "ack", delivered, 1)).isEqualTo(answer);
        assertThat(settle(second, "ack", delivered, 2).at("/error/code").asText())
                .isEqualTo("stale_lease");
        assertThat(settle(second, "fail", delivered, 1).at("/error/code").asText())
                .isEqualTo("stale_lease");
        assertThat(settle(a, "ack", delivered, 1).at("/error/code").asText()).isEqualTo("stale_lease");
    }

    @Test
    void an_agent_is_shown_with_how_long_it_took_to_acknowledge() {
        WsClient a = connect("agent-a");
        WsClient b = connect("agent-b");
        assertThat(gateway.get("/api/agents/agent-b").body().has("ack_latency")).isFalse();
        for (int i = 0; i < 3; i++) {
            send(a, "agent-b", "1");
            settle(b, "ack", b.next("message.deliver").get("data"), 1);
        }

        JsonNode agent = gateway.get("/api/agents/agent-b").body();
        assertThat(agent.path("name").asText()).isEqualTo("agent-b");
        assertThat(agent.at("/ack_latency/count").asInt()).isEqualTo(3);
        assertThat(agent.at("/ack_latency/p50_ms").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(agent.at("/ack_latency/p99_ms").asDouble());
        assertThat(gateway.get("/api/agents/agent-a").body().has("ack_latency")).isFalse();
    }

    @Test
    void what_the_operator_acknowledged_no_attempt_did() {
        WsClient a = connect("agent-a");
        WsClient b = connect("agent-b");
        String id = send(a, "agent-b", "1").get("message_id").asText();
        JsonNode delivered = b.next("message.deliver").get("data");
        assertThat(gateway.post("/api/messages/" + id + "/ack", "").status()).isEqualTo(200);

        assertThat(settle(b, "ack", delivered, 1).at("/error/code").asText()).isEqualTo("stale_lease");
    }

    @Test
    void five_failures_make_a_dead_letter_the_operator_can_revive() {
        WsClient events = WsClient.connect(gateway.ws("/ws/events"));
        WsClient a = connect("agent-a");
        WsClient b = connect("agent-b");
        String id = send(a, "agent-b", "1").get("message_id").asText();
        for (int attempt = 1; attempt <= 5; attempt++) {
            JsonNode delivered = b.next("message.deliver").get("data");
            assertThat(delivered.get("attempt").asInt()).isEqualTo(attempt);
            settle(b, "fail", delivered, attempt);
        }
        assertThat(gateway.get("/api/messages?status=dead_lettered")
                        .body()
                        .get("messages")
                        .get(0)
                        .get("message_id")
                        .asText())
                .isEqualTo(id);
        assertThat(events.next(frame -> frame.path("event").asText().equals("message_dead_lettered"))
                        .get("detail")
                        .asText())
                .isEqualTo("busy");

        assertThat(gateway.post("/api/messages/" + id + "/retry", "").status()).isEqualTo(200);

        JsonNode revived = b.next("message.deliver").get("data");
        assertThat(revived.get("attempt").asInt()).isEqualTo(6);
        settle(b, "ack", revived, 6);
        JsonNode whole = gateway.get("/api/messages/" + id).body();
        assertThat(whole.get("status").asText()).isEqualTo("acknowledged");
        assertThat(whole.get("payload").asInt()).isEqualTo(1);
        assertThat(whole.get("attempts")).hasSize(6);
        assertThat(whole.get("attempts").get(4).get("outcome").asText()).isEqualTo("dead_lettered");
    }

    @Test
    void the_operator_sends_once_per_key_and_settles_by_hand() {
        connect("agent-b").close();
        String message = "{\"to\":\"agent-b\",\"type\":\"t\",\"payload\":{\"n\":1},\"idempotency_key\":\"k\"}";

        RunningGateway.Reply first = gateway.post("/api/messages", message);
        RunningGateway.Reply second = gateway.post("/api/messages", message);

        assertThat(first.status()).isEqualTo(202);
        assertThat(second.status()).isEqualTo(200);
        String id = first.body().get("message_id").asText();
        assertThat(second.body().get("message_id").asText()).isEqualTo(id);
        assertThat(refusal(message.replace("\"n\":1", "\"n\":2"))).isEqualTo("409 conflict");
        assertThat(refusal(message.replace("\"t\"", "\"u\""))).isEqualTo("409 conflict");
        assertThat(gateway.post("/api/messages/" + id + "/fail", "{\"reason\":\"not needed\"}")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.post("/api/messages/" + id + "/ack", "").status()).isEqualTo(409);
        assertThat(gateway.get("/api/messages/" + id).body().get("status").asText())
                .isEqualTo("failed");
    }

    @Test
    void refusals_say_what_is_wrong() {
        connect("agent-b").close();
        assertThat(refusal("{\"to\":\"nobody\",\"type\":\"t\",\"payload\":1}")).isEqualTo("404 unknown_recipient");
        assertThat(refusal("{\"to\":\"agent-b\",\"type\":\"t\",\"payload\":\"" + "x".repeat(65_536) + "\"}"))
                .isEqualTo("413 payload_too_large");
        assertThat(refusal("{\"to\":\"agent-b\",\"type\":\"t\"}")).isEqualTo("400 bad_request");
        assertThat(refusal("{\"to\":\"agent-b\",\"type\":\"t\",\"payload\":1,\"ttl_seconds\":0}"))
                .isEqualTo("400 bad_request");
        assertThat(refusal("{\"to\":\"agent-b\",\"type\":\"t\",\"payload\":1,\"requires\":\"luck\"}"))
                .isEqualTo("400 bad_request");
        assertThat(gateway.get("/api/messages/nothing").status()).isEqualTo(404);
        assertThat(gateway.get("/api/messages?status=lost").status()).isEqualTo(400);
    }

    private String refusal(String message) {
        RunningGateway.Reply reply = gateway.post("/api/messages", message);
        return reply.status() + " " + reply.body().path("error").path("code").asText();
    }

    @Test
    void an_agent_speaks_for_itself_alone_over_rest_too() {
        connect("agent-a").close();
        connect("agent-b").close();
        connect("agent-c").close();
        RunningGateway.Reply sent = gateway.post(
                "/api/messages",
                "{\"from\":\"agent-c\",\"to\":\"agent-b\",\"type\":\"t\",\"payload\":1}",
                "Authorization",
                "Bearer " + tokens.get("agent-a"));
        String path = "/api/messages/" + sent.body().get("message_id").asText();

        assertThat(gateway.get(path).body().get("from").asText()).isEqualTo("agent-a");
        assertThat(gateway.get(path, "Authorization", "Bearer " + tokens.get("agent-b"))
                        .status())
                .isEqualTo(200);
        assertThat(gateway.get(path, "Authorization", "Bearer " + tokens.get("agent-c"))
                        .status())
                .isEqualTo(404);
        assertThat(gateway.post(path + "/ack", "", "Authorization", "Bearer " + tokens.get("agent-a"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void pages_go_backwards_and_filters_are_anded() {
        WsClient a = connect("agent-a");
        connect("agent-b").close();
        for (int i = 0; i < 5; i++) {
            send(a, "agent-b", "" + i);
            gateway.post("/api/messages", "{\"to\":\"agent-a\",\"type\":\"t\",\"payload\":1}");
        }
        JsonNode page = gateway.get("/api/messages?instance=agent-b&correlation_id=chain-1&limit=3")
                .body();
        assertThat(page.get("messages")).hasSize(3).allMatch(one -> !one.has("payload"));
        JsonNode rest = gateway.get("/api/messages?instance=agent-b&limit=3&cursor="
                        + page.get("cursor").asText())
                .body();
        assertThat(rest.get("messages")).hasSize(2);
        assertThat(rest.has("cursor")).isFalse();
        assertThat(page.get("messages").get(2).get("sequence").asLong())
                .isGreaterThan(rest.get("messages").get(0).get("sequence").asLong());
    }
}
