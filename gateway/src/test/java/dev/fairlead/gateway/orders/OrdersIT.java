package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Orders of agents and of the operator, to a simulated tastytrade and back, over real sockets. */
class OrdersIT extends OrdersAtSimulator {
    @Test
    void an_agents_order_reaches_the_upstream_once_and_everybody_hears_of_it() {
        RunningGateway gateway = gateway("orders.confirm=never");
        WsClient events = WsClient.connect(gateway.ws("/ws/events"));
        WsClient agent = new Agents(gateway).register("agent-1");

        agent.send("{\"subject\":\"order.submit\",\"reply\":\"inbox.1\",\"data\":" + order("o-1") + "}");
        JsonNode reply = agent.next("inbox.1").get("data");
        String id = reply.get("order_id").asText();
        assertThat(reply.get("status").asText()).isEqualTo("approved");
        for (String status : List.of("submitting", "submitted")) {
            JsonNode update = agent.next("order.update").get("data");
            assertThat(update.get("status").asText()).isEqualTo(status);
            assertThat(update.get("client_order_id").asText()).isEqualTo("o-1");
        }
        for (String status : List.of("approved", "submitting", "submitted")) {
            JsonNode event = events.next("order_event");
            assertThat(event.get("status").asText()).isEqualTo(status);
            assertThat(event.get("agent").asText()).isEqualTo("agent-1");
        }

        JsonNode order = gateway.get("/api/orders/" + id).body();
        assertThat(history(order)).startsWith("received", "approved", "submitting", "submitted");
        assertThat(order.get("notional").asText()).isEqualTo("21");
        assertThat(upstream.orders()).hasSize(1);
        JsonNode placed = upstream.orders().get(0);
        assertThat(placed.get("external-identifier").asText()).isEqualTo(id);
        assertThat(placed.at("/legs/0/action").asText()).isEqualTo("Buy to Open");
        assertThat(placed.get("price").asText()).isEqualTo("10.5");
        assertThat(placed.get("price-effect").asText()).isEqualTo("Debit");
        assertThat(gateway.get("/api/token").body().has("last_used_at")).isTrue();
        await().atMost(SOON)
                .until(() -> gateway.get("/api/audit?limit=100").raw().body().contains("order.submitted"));
    }

    @Test
    void the_same_client_order_id_again_is_the_same_order_and_another_order_under_it_is_refused() {
        RunningGateway gateway = gateway("orders.confirm=never");
        var first = gateway.post("/api/orders", order("o-1"));
        assertThat(first.status()).isEqualTo(201);
        String id = first.body().get("order_id").asText();
        awaitStatus(gateway, id, "submitted");

        var again = gateway.post("/api/orders", order("o-1"));
        var other = gateway.post("/api/orders", order("o-1").replace("AAPL", "MSFT"));
        WsClient agent = new Agents(gateway).register("agent-1");
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order("o-1") + "}");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().get("order_id").asText()).isEqualTo(id);
        assertThat(other.status()).isEqualTo(409);
        // An agent's ids are its own.
        assertThat(agent.next("order.submit.ack").at("/data/order_id").asText()).isNotEqualTo(id);
        await().atMost(SOON).until(() -> upstream.orders().size() == 2);
        assertThat(upstream.count("violation.order_sent_twice")).isZero();
    }

    @Test
    void a_person_confirms_or_rejects_and_nothing_is_sent_before() {
        RunningGateway gateway = gateway();
        String confirmed =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();
        JsonNode waiting = gateway.post("/api/orders", order("o-2")).body();
        assertThat(waiting.get("status").asText()).isEqualTo("needs_confirmation");
        assertThat(gateway.get("/api/orders?status=needs_confirmation").body().get("orders"))
                .hasSize(2);
        assertThat(upstream.count("orders")).isZero();

        String rejected = waiting.get("order_id").asText();
        assertThat(gateway.post("/api/orders/" + rejected + "/reject", "{\"reason\":\"too late\"}")
                        .body()
                        .get("reason")
                        .asText())
                .contains("too late");
        assertThat(gateway.post("/api/orders/" + confirmed + "/confirm", "")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("approved");

        awaitStatus(gateway, confirmed, "submitted");
        assertThat(gateway.post("/api/orders/" + confirmed + "/confirm", "").status())
                .isEqualTo(409);
        assertThat(gateway.post("/api/orders/" + rejected + "/confirm", "").status())
                .isEqualTo(409);
        assertThat(gateway.get("/api/orders/nothing").status()).isEqualTo(404);
        assertThat(upstream.count("orders")).isEqualTo(1);
    }

    @Test
    void a_lost_reply_is_looked_up_and_never_sent_again() {
        RunningGateway gateway = gateway("orders.confirm=never");
        upstream.faults().on(Fault.LOST_ORDER_REPLY, 1);

        String id =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();

        JsonNode order = awaitStatus(gateway, id, "submitted");
        assertThat(history(order)).startsWith("received", "approved", "submitting", "unknown", "submitted");
        assertThat(upstream.orders()).hasSize(1);
        assertThat(order.get("upstream_order_id").asText())
                .isEqualTo(upstream.orders().get(0).get("id").asText());
        assertThat(upstream.count("orders")).isEqualTo(1);
    }

    @Test
    void an_order_that_never_arrived_fails_once_that_is_certain() {
        RunningGateway gateway = gateway("orders.confirm=never");
        upstream.faults().on(Fault.SERVER_ERROR, 1);
        String id =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();
        awaitStatus(gateway, id, "unknown");
        await().atMost(SOON).until(() -> upstream.count("orders_list") > 0);
        assertThat(gateway.get("/api/orders/" + id).body().get("status").asText())
                .isEqualTo("unknown");

        time.advance(Orders.ABSENT_AFTER.plusSeconds(61));

        assertThat(awaitStatus(gateway, id, "failed").get("reason").asText()).contains("does not have it");
        assertThat(upstream.count("orders")).isEqualTo(1);
        assertThat(upstream.orders()).isEmpty();
    }

    @Test
    void an_order_the_upstream_refuses_has_failed_with_its_words() {
        RunningGateway gateway = gateway("orders.confirm=never", "orders.account=5WT99999");

        String id =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();

        assertThat(awaitStatus(gateway, id, "failed").get("reason").asText()).contains("403", "User not permitted");
    }

    @Test
    void without_a_token_or_with_orders_off_nothing_is_taken_and_the_message_says_what_to_do() {
        upstream.faults().on(Fault.INVALID_GRANT);
        RunningGateway gateway = RunningGateway.start(
                folder.resolve("other"),
                time,
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true");
        open.add(gateway);
        var refused = gateway.post("/api/orders", order("o-1"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().at("/error/code").asText()).isEqualTo("token_unavailable");

        RunningGateway off = RunningGateway.start(folder.resolve("off"));
        open.add(off);
        var forbidden = off.post("/api/orders", order("o-1"));
        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(forbidden.body().at("/error/message").asText()).contains("orders.enabled=true");
    }

    @Test
    void an_order_against_the_rules_is_rejected_and_the_rate_is_bounded() {
        RunningGateway gateway = gateway("orders.confirm=never", "orders.max_notional=20", "orders.max_per_minute=2");

        JsonNode rejected = gateway.post("/api/orders", order("o-1")).body();
        gateway.post("/api/orders", order("o-2"));
        var tooMany = gateway.post("/api/orders", order("o-3"));

        assertThat(rejected.get("status").asText()).isEqualTo("rejected");
        assertThat(rejected.get("reason").asText()).contains("orders.max_notional=20");
        assertThat(tooMany.status()).isEqualTo(429);
        time.advance(Duration.ofSeconds(61));
        assertThat(gateway.post("/api/orders", order("o-3")).status()).isEqualTo(201);
        assertThat(upstream.count("orders")).isZero();
    }

    @Test
    @Tag("attack")
    void many_small_orders_do_not_add_up_to_more_than_a_day_allows() {
        RunningGateway gateway = gateway("orders.confirm=never", "orders.max_notional_per_day=50");
        gateway.post("/api/orders", order("o-1"));
        gateway.post("/api/orders", order("o-2"));

        JsonNode third = gateway.post("/api/orders", order("o-3")).body();

        assertThat(third.get("status").asText()).isEqualTo("rejected");
        assertThat(third.get("reason").asText()).contains("63", "orders.max_notional_per_day=50");
        await().atMost(SOON).until(() -> upstream.count("orders") == 2);
        time.advance(Duration.ofDays(1));
        await().atMost(SOON)
                .until(() ->
                        gateway.get("/api/token").body().get("state").asText().equals("valid"));
        assertThat(gateway.post("/api/orders", order("o-4"))
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("approved");
    }

    @Test
    void a_day_has_a_bound_for_each_agent_and_one_for_their_number() {
        RunningGateway gateway =
                gateway("orders.confirm=above:30", "orders.max_notional_per_agent_per_day=65", "orders.max_per_day=3");
        for (String id : List.of("o-1", "o-2", "o-3")) {
            assertThat(gateway.post("/api/orders", order(id))
                            .body()
                            .get("status")
                            .asText())
                    .isEqualTo("approved");
        }
        assertThat(gateway.post("/api/orders", order("o-4"))
                        .body()
                        .get("reason")
                        .asText())
                .contains("orders.max_per_day=3");
        WsClient agent = new Agents(gateway).register("agent-1");
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order("o-1") + "}");
        assertThat(agent.next("order.submit.ack").at("/data/status").asText()).isEqualTo("approved");
        // One that waits for a person is not let out yet, and is judged again when it is.
        String large = gateway.post("/api/orders", order("o-5").replace(":2,", ":4,"))
                .body()
                .get("order_id")
                .asText();
        assertThat(gateway.post("/api/orders/" + large + "/confirm", "")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("rejected");
    }

    @Test
    void a_version_of_the_api_that_is_served_no_more_is_spelled_out_with_the_setting_that_mends_it() {
        RunningGateway gateway = gateway("orders.confirm=never");
        String works = submitted(gateway, "o-1");
        upstream.faults().on(Fault.UNSUPPORTED_VERSION);

        String id =
                gateway.post("/api/orders", order("o-2")).body().get("order_id").asText();
        assertThat(awaitStatus(gateway, id, "failed").get("reason").asText())
                .contains("406", "20251101", "upstream.api_version");
        assertThat(gateway.get("/api/balances").body().at("/error/message").asText())
                .contains("406", "upstream.api_version");
        gateway.post("/api/orders/" + works + "/cancel", "");
        await().atMost(SOON).until(() -> upstream.count("orders_cancel") > 0);
        upstream.faults().clear();

        await().atMost(SOON)
                .until(() -> gateway.get("/api/orders/" + works).raw().body().contains("upstream.api_version"));
    }

    @Test
    void what_the_upstream_has_switched_off_is_refused_here_with_the_reason() {
        RunningGateway gateway = gateway("orders.confirm=never");
        JsonNode refused = gateway.post("/api/orders", order("o-1").replace("AAPL", "BTC/USD"))
                .body();
        assertThat(refused.get("status").asText()).isEqualTo("rejected");
        assertThat(refused.get("reason").asText()).contains("cryptocurrencies", "2026-06-29");
        assertThat(upstream.count("orders")).isZero();
    }

    @Test
    void an_order_that_makes_no_sense_is_refused_with_the_field() {
        RunningGateway gateway = gateway();
        for (String bad : List.of(
                order("o 1"),
                order("o").replace("\"buy\"", "\"hold\""),
                order("o").replace("\"limit\"", "\"stop\""),
                order("o").replace("2,", "0,"),
                order("o").replace("2,", "1e999999999,"),
                order("o").replace("2,", "0.00000000001,"),
                order("o").replace("AAPL", "aapl"),
                order("o").replace("limit\"", "market\""),
                order("o").replace(",\"limit_price\":10.50", ""))) {
            assertThat(gateway.post("/api/orders", bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(gateway.get("/api/orders").body().get("orders")).isEmpty();
        assertThat(gateway.get("/api/orders?cursor=x").status()).isEqualTo(400);
        assertThat(gateway.get("/api/orders?status=x").status()).isEqualTo(400);
    }
}
