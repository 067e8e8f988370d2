package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of orders in the market, as the upstream says when it is asked. */
class LiveOrdersIT extends OrdersAtSimulator {
    private static JsonNode update(WsClient agent, String status) {
        return agent.next(frame -> frame.at("/data/status").asText().equals(status)
                        && frame.path("subject").asText().equals("order.update"))
                .get("data");
    }

    @Test
    void an_order_works_is_filled_in_parts_and_then_whole_and_its_agent_hears_of_it() {
        RunningGateway gateway = gateway("orders.confirm=never");
        upstream.faults().on(Fault.NEVER_FILLED);
        WsClient agent = new Agents(gateway).register("agent-1");
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order("o-1").replace("10.50", "2000") + "}");
        update(agent, "working");

        upstream.faults().set(List.of("partial_fill"));
        JsonNode partly = update(agent, "partially_filled");
        assertThat(partly.get("filled_quantity").asText()).isEqualTo("1");
        upstream.faults().clear();
        JsonNode filled = update(agent, "filled");
        assertThat(filled.get("filled_quantity").asText()).isEqualTo("2");

        JsonNode order =
                gateway.get("/api/orders/" + filled.get("order_id").asText()).body();
        assertThat(history(order)).containsSubsequence("submitted", "working", "partially_filled", "filled");
        assertThat(order.get("average_price").asDouble()).isBetween(1.0, 2000.0);
        assertThat(order.get("reason").asText()).contains("2 of 2 filled at");
    }

    @Test
    void an_order_that_the_upstream_ends_is_ended_here_with_its_word() {
        RunningGateway gateway = gateway("orders.confirm=never");
        String id = submitted(gateway, "o-1");

        upstream.cancelNewest();

        assertThat(awaitStatus(gateway, id, "cancelled").get("reason").asText()).contains("Cancelled");
    }

    @Test
    void many_orders_are_asked_about_in_one_call_and_a_gateway_that_starts_again_goes_on_asking() {
        RunningGateway gateway = gateway("orders.confirm=never", "orders.max_per_minute=100");
        for (int i = 1; i <= 6; i++) {
            gateway.post("/api/orders", order("o-" + i));
        }
        await().atMost(SOON)
                .until(() -> gateway.get("/api/orders?status=working")
                                .body()
                                .get("orders")
                                .size()
                        == 6);
        assertThat(upstream.count("orders_live")).isPositive();
        gateway.close();
        open.remove(gateway);
        RunningGateway next = gateway("orders.confirm=never");

        upstream.cancelNewest();

        await().atMost(SOON)
                .until(() -> next.get("/api/orders?status=cancelled")
                                .body()
                                .get("orders")
                                .size()
                        == 1);
    }
}
