package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.GatewayBus;
import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What waits for a person, whoever asks, is answered once from one inbox, and everybody hears of it. */
class ApprovalInboxIT extends OrdersAtSimulator {

    @Test
    void an_order_and_a_call_of_a_tool_wait_in_one_inbox_and_the_first_answer_wins() {
        RunningGateway gateway = gateway();
        WsClient events = socket(gateway, "/ws/events");
        events.next("snapshot");
        String order =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();
        assertThat(news(events, order)).isEqualTo("waiting");
        WsClient chat = socket(gateway, "/ws/chat");
        String session = chat.next("session_start").get("session_id").asText();
        chat.send("{\"type\":\"message\",\"content\":\"/confirm " + order + "\"}");
        JsonNode call = chat.next("tool_call");
        String tool = call.get("id").asText();
        assertThat(news(events, tool)).isEqualTo("waiting");

        assertThat(inbox(gateway, "?status=waiting")).containsExactly(tool + " waiting", order + " waiting");
        JsonNode shown = gateway.get("/api/approvals/" + tool).body();
        assertThat(shown.get("kind").asText()).isEqualTo("tool");
        assertThat(shown.get("subject").asText()).isEqualTo("confirm_order");
        assertThat(shown.get("detail").asText()).contains(order);
        assertThat(shown.get("session_id").asText()).isEqualTo(session);
        JsonNode orderShown = gateway.get("/api/approvals/" + order).body();
        assertThat(orderShown.get("kind").asText()).isEqualTo("order");
        assertThat(orderShown.get("subject").asText()).isEqualTo("buy 2 AAPL");
        assertThat(orderShown.get("detail").asText()).contains("at 10.5", "worth 21", "operator");

        assertThat(fairlead(gateway, "approvals")).contains(tool, order, "confirm_order", "buy 2 AAPL");
        assertThat(fairlead(gateway, "approvals", "deny", tool, "--output", "json"))
                .contains("\"status\":\"denied\"");
        assertThat(chat.next("tool_result").get("output").asText()).contains("denied");
        chat.next("done");
        assertThat(news(events, tool)).isEqualTo("denied");
        var late = gateway.post("/api/approvals/" + tool + "/approve", "");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.body().at("/error/code").asText()).isEqualTo("already_answered");

        // The same order, answered where orders are: the inbox has heard of it.
        assertThat(gateway.post("/api/orders/" + order + "/confirm", "").status())
                .isEqualTo(200);
        assertThat(news(events, order)).isEqualTo("approved");
        assertThat(gateway.post("/api/approvals/" + order + "/deny", "")
                        .body()
                        .at("/error/code")
                        .asText())
                .isEqualTo("already_answered");
        assertThat(inbox(gateway, "?status=waiting")).isEmpty();
        assertThat(inbox(gateway, "")).containsExactly(tool + " denied", order + " approved");
        awaitStatus(gateway, order, "submitted");
        assertThat(upstream.count("orders")).isOne();
    }

    @Test
    void an_approved_order_is_sent_a_denied_one_never_and_what_expires_cannot_be_answered() {
        RunningGateway gateway = gateway("orders.confirm_ttl=5m");
        String sent =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();
        String kept =
                gateway.post("/api/orders", order("o-2")).body().get("order_id").asText();
        String late =
                gateway.post("/api/orders", order("o-3")).body().get("order_id").asText();

        assertThat(gateway.post("/api/approvals/" + sent + "/approve", "")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("approved");
        assertThat(gateway.post("/api/approvals/" + kept + "/deny", "{\"reason\":\"too many\"}")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("denied");
        assertThat(awaitStatus(gateway, kept, "rejected").get("reason").asText())
                .contains("too many");
        awaitStatus(gateway, sent, "submitted");
        time.advance(Duration.ofMinutes(6));
        awaitStatus(gateway, late, "expired");
        var tooLate = gateway.post("/api/approvals/" + late + "/approve", "");

        assertThat(tooLate.status()).isEqualTo(410);
        assertThat(tooLate.body().at("/error/code").asText()).isEqualTo("approval_expired");
        assertThat(inbox(gateway, "?status=expired")).containsExactly(late + " expired");
        assertThat(gateway.post("/api/approvals/nothing/approve", "").status()).isEqualTo(404);
        assertThat(gateway.get("/api/approvals?status=maybe").status()).isEqualTo(400);
        assertThat(upstream.count("orders")).isOne();
    }

    @Test
    void a_question_of_a_face_is_asked_once_outlives_a_restart_and_expires() {
        RunningGateway before = gateway();
        Bus bus = GatewayBus.of(before.gateway());
        ApprovalCommands.Ask first = ask("mcp-1", Optional.empty());
        Approval asked = RunningGateway.await(bus.request(first)).approval();
        assertThat(RunningGateway.await(bus.request(first)).approval()).isEqualTo(asked);
        RunningGateway.await(bus.request(ask("mcp-2", Optional.of(Duration.ofMinutes(1)))));
        before.close();

        RunningGateway gateway = gateway();
        assertThat(inbox(gateway, "?status=waiting")).containsExactlyInAnyOrder("mcp-1 waiting", "mcp-2 waiting");
        WsClient events = socket(gateway, "/ws/events");
        events.next("snapshot");
        assertThat(gateway.post("/api/approvals/mcp-1/approve", "").status()).isEqualTo(200);
        assertThat(news(events, "mcp-1")).isEqualTo("approved");
        assertThat(gateway.post("/api/approvals/mcp-1/deny", "").status()).isEqualTo(409);
        assertThat(RunningGateway.await(GatewayBus.of(gateway.gateway()).request(first))
                        .approval()
                        .status())
                .isEqualTo(Approval.Status.APPROVED);
        time.advance(Duration.ofMinutes(2));
        await().atMost(SOON).until(() -> inbox(gateway, "?status=expired").contains("mcp-2 expired"));
    }

    private static ApprovalCommands.Ask ask(String id, Optional<Duration> life) {
        return new ApprovalCommands.Ask(
                id, Approval.Kind.MCP, "stop_instance", "{\"name\":\"web\"}", Optional.empty(), life, false);
    }

    private String fairlead(RunningGateway gateway, String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--gateway-url", gateway.http("").toString()));
        try (GatewayProcess call = GatewayProcess.run(
                folder, Map.of("FAIRLEAD_TOKEN", RunningGateway.PASSWORD), all.toArray(String[]::new))) {
            assertThat(call.exitCode()).as(call.err()).isZero();
            return call.out();
        }
    }

    private WsClient socket(RunningGateway gateway, String path) {
        WsClient socket = WsClient.connect(gateway.ws(path));
        open.add(socket);
        return socket;
    }

    private static String news(WsClient events, String id) {
        return events.next(frame -> frame.path("type").asText().equals("approval_event")
                        && frame.path("id").asText().equals(id))
                .get("status")
                .asText();
    }

    private static List<String> inbox(RunningGateway gateway, String query) {
        List<String> shown = new ArrayList<>();
        gateway.get("/api/approvals" + query)
                .body()
                .get("approvals")
                .forEach(one -> shown.add(
                        one.get("id").asText() + " " + one.get("status").asText()));
        return shown;
    }
}
