package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Orders on paper: filled here against the simulator's quotes, marked as such, and never sent. */
class PaperOrdersIT extends OrdersAtSimulator {
    private static final String[] PAPER = {"orders.confirm=never", "orders.mode=paper"};

    @AfterEach
    void nothingWasSent() {
        for (String sent : new String[] {"orders", "orders_cancel", "orders_replace", "kraken_orders_placed"}) {
            assertThat(upstream.count(sent)).as(sent).isZero();
        }
        assertThat(upstream.orders()).isEmpty();
    }

    private static String order(String clientId, String side, String symbol, String quantity, String limit) {
        return "{\"client_order_id\":\"" + clientId + "\",\"symbol\":\"" + symbol + "\",\"side\":\"" + side
                + "\",\"quantity\":" + quantity + ",\"order_type\":\"limit\",\"limit_price\":" + limit + "}";
    }

    private static String placed(RunningGateway gateway, String order) {
        var answer = gateway.post("/api/orders", order);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(201);
        assertThat(answer.body().get("mode").asText()).isEqualTo("paper");
        return answer.body().get("order_id").asText();
    }

    private static JsonNode balance(RunningGateway gateway, String name) {
        for (JsonNode one : gateway.get("/api/balances").body().get("balances")) {
            if (one.get("name").asText().equals(name)) {
                return one.get("amount");
            }
        }
        throw new AssertionError("No " + name);
    }

    private void close(RunningGateway gateway) {
        gateway.close();
        open.remove(gateway);
    }

    @Test
    void an_order_is_filled_at_the_live_quote_and_all_who_hear_of_it_hear_that_it_is_on_paper() {
        RunningGateway gateway = gateway(PAPER);
        WsClient events = WsClient.connect(gateway.ws("/ws/events"));
        WsClient agent = new Agents(gateway).register("agent-1");

        agent.send("{\"subject\":\"order.submit\",\"data\":" + order("o-1", "buy", "AAPL", "2", "2000") + "}");
        assertThat(agent.next("order.submit.ack").at("/data/mode").asText()).isEqualTo("paper");
        JsonNode filled = agent.next(frame -> frame.at("/data/status").asText().equals("filled"))
                .get("data");
        assertThat(filled.get("mode").asText()).isEqualTo("paper");
        assertThat(events.next("order_event").get("mode").asText()).isEqualTo("paper");

        JsonNode order =
                gateway.get("/api/orders/" + filled.get("order_id").asText()).body();
        double ask = gateway.get("/api/quotes/AAPL").body().get("ask").asDouble();
        assertThat(order.get("average_price").asDouble()).isBetween(ask * 0.9, ask * 1.1);
        assertThat(history(order)).containsSubsequence("received", "approved", "submitting", "submitted", "filled");
        JsonNode held = gateway.get("/api/positions").body();
        assertThat(held.get("mode").asText()).isEqualTo("paper");
        assertThat(held.at("/positions/0/quantity").asText()).isEqualTo("2");
        assertThat(held.at("/positions/0/average_price")).isEqualTo(order.get("average_price"));
        assertThat(held.at("/positions/0/unrealized_pnl").isNumber()).isTrue();
        assertThat(balance(gateway, "cash_balance").asDouble())
                .isEqualTo(-2 * order.get("average_price").asDouble());
        assertThat(gateway.get("/api/health").body().at("/checks/orders/detail").asText())
                .contains("on paper");
        await().atMost(SOON)
                .until(() -> gateway.get("/api/audit?limit=100").raw().body().contains("on paper: "));
    }

    @Test
    void one_that_the_quote_does_not_reach_is_replaced_cancelled_and_known_after_a_restart() {
        RunningGateway gateway = gateway(PAPER);
        String bought = placed(gateway, order("o-1", "buy", "AAPL", "2", "2000"));
        String works = placed(gateway, order("o-2", "buy", "AAPL", "2", "10.50"));
        String leaves = placed(gateway, order("o-3", "buy", "AAPL", "2", "10.50"));
        awaitStatus(gateway, bought, "filled");
        awaitStatus(gateway, works, "working");
        gateway.post("/api/orders/" + works + "/replace", "{\"limit_price\":11,\"quantity\":3}");
        gateway.post("/api/orders/" + leaves + "/cancel", "");
        close(gateway); // whatever it was about

        RunningGateway again = gateway(PAPER);

        awaitStatus(again, leaves, "cancelled");
        await().atMost(SOON).until(() -> again.get("/api/orders/" + works)
                .body()
                .get("quantity")
                .asText()
                .equals("3"));
        assertThat(again.get("/api/orders/" + works).body().get("limit_price").asText())
                .isEqualTo("11");
        JsonNode held = again.get("/api/positions").body().get("positions");
        assertThat(held).hasSize(1);
        assertThat(held.at("/0/quantity").asText()).isEqualTo("2");

        String sold = placed(again, order("o-4", "sell", "AAPL", "2", "1"));
        double price = awaitStatus(again, sold, "filled").get("average_price").asDouble();
        double paid =
                again.get("/api/orders/" + bought).body().get("average_price").asDouble();
        assertThat(again.get("/api/positions").body().get("positions")).isEmpty();
        assertThat(balance(again, "realized_pnl").asDouble()).isCloseTo(2 * (price - paid), offset(0.0001));
        assertThat(balance(again, "net_liquidating_value")).isEqualTo(balance(again, "cash_balance"));
    }

    @Test
    void what_is_meant_for_paper_is_never_sent_by_a_gateway_that_is_live() {
        RunningGateway paper = gateway("orders.mode=paper");
        String waits = placed(paper, order("o-1"));
        String works = placed(paper, order("o-2"));
        paper.post("/api/orders/" + works + "/confirm", "");
        awaitStatus(paper, works, "working");
        close(paper);
        RunningGateway live = gateway("orders.confirm=never");

        for (String path : new String[] {waits + "/confirm", works + "/cancel", works + "/replace"}) {
            var refused = live.post("/api/orders/" + path, path.endsWith("replace") ? "{\"limit_price\":11}" : "");
            assertThat(refused.status()).as(path).isEqualTo(409);
            assertThat(refused.body().at("/error/message").asText()).contains("orders.mode=paper");
        }
        var again = live.post("/api/orders", order("o-1"));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body().at("/error/message").asText()).contains("on paper");
        assertThat(live.post("/api/orders/" + waits + "/reject", "")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("rejected");
    }

    @Test
    void at_kraken_paper_needs_no_key_since_its_quotes_are_public() {
        RunningGateway gateway = RunningGateway.start(
                folder.resolve("data"),
                Map.of(),
                time,
                "upstream.kind=kraken",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true",
                "orders.confirm=never",
                "orders.mode=paper",
                "orders.max_notional=1000000");
        open.add(gateway);

        String id = placed(gateway, order("k-1", "buy", "BTC/USD", "0.01", "1000000"));

        JsonNode order = awaitStatus(gateway, id, "filled");
        JsonNode held = gateway.get("/api/positions").body().at("/positions/0");
        assertThat(held.get("symbol").asText()).isEqualTo("BTC/USD");
        assertThat(held.get("average_price")).isEqualTo(order.get("average_price"));
    }
}
