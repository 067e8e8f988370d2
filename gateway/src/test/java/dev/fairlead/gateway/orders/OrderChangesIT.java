package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Orders that are there, cancelled, replaced or left to expire. */
class OrderChangesIT extends OrdersAtSimulator {
    @Test
    void an_agent_cancels_its_own_order_and_everybody_hears_of_it() {
        RunningGateway gateway = gateway("orders.confirm=never");
        WsClient agent = new Agents(gateway).register("agent-1");
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order("o-1") + "}");
        String id = agent.next("order.submit.ack").at("/data/order_id").asText();
        awaitStatus(gateway, id, "submitted");

        agent.send("{\"subject\":\"order.cancel\",\"data\":{\"client_order_id\":\"o-1\"}}");
        assertThat(agent.next("order.cancel.ack").at("/data/status").asText()).isEqualTo("cancelling");
        JsonNode order = awaitStatus(gateway, id, "cancelled");

        assertThat(history(order))
                .containsSubsequence("received", "approved", "submitting", "submitted", "cancelling", "cancelled");
        assertThat(upstream.orders().get(0).get("status").asText()).isEqualTo("Cancelled");
        assertThat(gateway.post("/api/orders/" + id + "/cancel", "")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("cancelled");
        assertThat(upstream.count("orders_cancel")).isOne();
        WsClient other = new Agents(gateway).register("agent-2");
        other.send("{\"subject\":\"order.cancel\",\"data\":{\"client_order_id\":\"o-1\"}}");
        assertThat(other.next("error").at("/data/error/code").asText()).isEqualTo("order_not_found");
    }

    @Test
    void a_cancellation_whose_answer_is_lost_is_looked_up_and_never_sent_again() {
        RunningGateway gateway = gateway("orders.confirm=never");
        String id =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();
        awaitStatus(gateway, id, "submitted");
        upstream.faults().on(Fault.LOST_ORDER_REPLY, 1);

        gateway.post("/api/orders/" + id + "/cancel", "");

        awaitStatus(gateway, id, "cancelled");
        assertThat(upstream.count("orders_cancel")).isOne();
    }

    @Test
    void an_order_that_was_filled_is_not_cancelled_and_says_so() {
        RunningGateway gateway = gateway("orders.confirm=never");
        String id = gateway.post("/api/orders", order("o-1").replace("10.50", "2000"))
                .body()
                .get("order_id")
                .asText();
        awaitStatus(gateway, id, "submitted");
        await().atMost(SOON)
                .until(() -> upstream.orders().get(0).get("status").asText().equals("Filled"));

        gateway.post("/api/orders/" + id + "/cancel", ""); // refused where that it is filled was seen already

        assertThat(awaitStatus(gateway, id, "filled").get("reason").asText()).contains("filled");
        var late = gateway.post("/api/orders/" + id + "/cancel", "");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.body().at("/error/message").asText()).contains("filled");
    }

    @Test
    void an_order_that_nobody_confirms_expires_and_can_be_cancelled_before() {
        RunningGateway gateway = gateway("orders.confirm_ttl=5m");
        String first =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();
        String second =
                gateway.post("/api/orders", order("o-2")).body().get("order_id").asText();
        assertThat(gateway.post("/api/orders/" + second + "/cancel", "")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("cancelled");

        time.advance(Duration.ofMinutes(6));

        assertThat(awaitStatus(gateway, first, "expired").get("reason").asText())
                .contains("orders.confirm_ttl");
        assertThat(gateway.post("/api/orders/" + first + "/confirm", "").status())
                .isEqualTo(409);
        assertThat(upstream.count("orders")).isZero();
    }

    private static final String REPLACE = "{\"subject\":\"order.replace\",\"data\":{\"client_order_id\":\"o-1\",";

    @Test
    void an_agent_replaces_its_own_order_which_keeps_its_name_and_gets_another_limit() {
        RunningGateway gateway = gateway("orders.confirm=never");
        WsClient agent = new Agents(gateway).register("agent-1");
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order("o-1") + "}");
        String id = agent.next("order.submit.ack").at("/data/order_id").asText();
        awaitStatus(gateway, id, "submitted");

        agent.send(REPLACE + "\"limit_price\":11.25}}");
        assertThat(agent.next("order.replace.ack").at("/data/status").asText()).isEqualTo("replacing");
        await().atMost(SOON)
                .until(() -> !gateway.get("/api/orders/" + id).body().has("replacement"));
        JsonNode order = gateway.get("/api/orders/" + id).body();

        assertThat(history(order)).containsSubsequence("received", "approved", "submitting", "submitted", "replacing");
        assertThat(order.get("limit_price").asText()).isEqualTo("11.25");
        assertThat(order.get("notional").asText()).isEqualTo("22.5");
        assertThat(upstream.orders()).hasSize(2);
        JsonNode placed = upstream.orders().get(0);
        assertThat(placed.get("price").asText()).isEqualTo("11.25");
        assertThat(order.get("upstream_order_id").asText())
                .isEqualTo(placed.get("id").asText());
        assertThat(upstream.orders().get(1).get("status").asText()).isEqualTo("Cancelled");
        // The same order again is the same order still, and it is cancelled where it is now.
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order("o-1") + "}");
        assertThat(agent.next("order.submit.ack").at("/data/order_id").asText()).isEqualTo(id);
        agent.send("{\"subject\":\"order.cancel\",\"data\":{\"client_order_id\":\"o-1\"}}");
        awaitStatus(gateway, id, "cancelled");
        assertThat(upstream.orders().get(0).get("status").asText()).isEqualTo("Cancelled");
        assertThat(upstream.count("violation.order_sent_twice")).isZero();
    }

    @Test
    void a_replacement_whose_answer_is_lost_is_looked_up_and_never_sent_again() {
        RunningGateway gateway = gateway("orders.confirm=never");
        String id = submitted(gateway, "o-1");
        upstream.faults().on(Fault.LOST_ORDER_REPLY, 1);

        gateway.post("/api/orders/" + id + "/replace", "{\"limit_price\":11}");

        await().atMost(SOON).until(() -> gateway.get("/api/orders/" + id)
                .body()
                .get("limit_price")
                .asText()
                .equals("11"));
        assertThat(upstream.count("orders_replace")).isOne();
        assertThat(upstream.orders()).hasSize(2);
    }

    @Test
    void a_replacement_waits_for_a_person_as_an_order_does() {
        RunningGateway gateway = gateway();
        String id =
                gateway.post("/api/orders", order("o-1")).body().get("order_id").asText();
        gateway.post("/api/orders/" + id + "/confirm", "");
        awaitStatus(gateway, id, "submitted");

        JsonNode asked = gateway.post("/api/orders/" + id + "/replace", "{\"limit_price\":11}")
                .body();
        assertThat(asked.at("/replacement/limit_price").asText()).isEqualTo("11");
        assertThat(asked.get("limit_price").asText()).isEqualTo("10.5");
        assertThat(gateway.get("/api/orders?status=needs_confirmation").body().get("orders"))
                .hasSize(1);
        assertThat(upstream.count("orders_replace")).isZero();
        gateway.post("/api/orders/" + id + "/reject", "{\"reason\":\"no\"}");
        assertThat(gateway.get("/api/orders/" + id).body().has("replacement")).isFalse();
        gateway.post("/api/orders/" + id + "/replace", "{\"limit_price\":12}");
        assertThat(gateway.post("/api/orders/" + id + "/confirm", "")
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("replacing");

        await().atMost(SOON)
                .until(() -> upstream.orders().get(0).get("price").asText().equals("12"));
        assertThat(upstream.count("orders_replace")).isOne();
    }

    @Test
    void what_cannot_be_replaced_so_is_refused_with_the_reason() {
        RunningGateway gateway = gateway("orders.confirm=never", "orders.max_notional_per_day=50");
        String id = submitted(gateway, "o-1");
        String path = "/api/orders/" + id + "/replace";

        assertThat(gateway.post(path, "{}").status()).isEqualTo(400);
        var quantity = gateway.post(path, "{\"quantity\":3}");
        assertThat(quantity.status()).isEqualTo(422);
        assertThat(quantity.body().at("/error/message").asText()).contains("price alone", "place another");
        var dear = gateway.post(path, "{\"limit_price\":26}");
        assertThat(dear.status()).isEqualTo(422);
        assertThat(dear.body().at("/error/message").asText()).contains("orders.max_notional_per_day=50");
        var missing = gateway.post("/api/orders/none/replace", "{\"limit_price\":11}");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.body().at("/error/message").asText()).contains("'none'");
        assertThat(upstream.count("orders_replace")).isZero();
    }
}
