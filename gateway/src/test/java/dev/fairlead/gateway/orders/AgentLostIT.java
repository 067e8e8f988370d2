package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of the orders of an agent that nobody hears of any more. */
class AgentLostIT extends OrdersAtSimulator {
    private static final String CANCEL = "orders.on_agent_lost=cancel";

    private static String place(WsClient agent, String clientId) {
        agent.send("{\"subject\":\"order.submit\",\"data\":" + order(clientId) + "}");
        return agent.next("order.submit.ack").at("/data/order_id").asText();
    }

    @Test
    void the_orders_of_an_agent_that_goes_offline_are_cancelled_and_no_others() {
        RunningGateway gateway = gateway("orders.confirm=never", CANCEL);
        Agents agents = new Agents(gateway);
        WsClient lost = agents.register("agent-1");
        String first = place(lost, "o-1");
        String other = place(agents.register("agent-2"), "o-1");
        String own = submitted(gateway, "o-1");
        awaitStatus(gateway, first, "submitted");
        awaitStatus(gateway, other, "submitted");

        lost.close();

        JsonNode cancelled = awaitStatus(gateway, first, "cancelled");
        assertThat(cancelled.get("reason").asText()).contains(CANCEL);
        assertThat(upstream.count("orders_cancel")).isOne();
        for (String kept : new String[] {other, own}) {
            assertThat(history(gateway.get("/api/orders/" + kept).body())).doesNotContain("cancelling");
        }
    }

    @Test
    void a_gateway_that_ends_cancels_nothing_and_the_next_one_what_its_agent_does_not_come_back_for() {
        RunningGateway gateway = gateway("orders.confirm=never", CANCEL);
        WsClient agent = new Agents(gateway).register("agent-1");
        String id = place(agent, "o-1");
        awaitStatus(gateway, id, "submitted");
        gateway.close();
        open.remove(gateway);

        RunningGateway next = gateway("orders.confirm=never", CANCEL);
        assertThat(history(next.get("/api/orders/" + id).body())).doesNotContain("cancelling");
        assertThat(upstream.count("orders_cancel")).isZero();
        time.advance(Duration.ofSeconds(121));

        awaitStatus(next, id, "cancelled");
        assertThat(upstream.count("orders_cancel")).isOne();
    }

    @Test
    void orders_are_kept_unless_the_settings_say_otherwise() {
        RunningGateway gateway = gateway("orders.confirm=never");
        WsClient agent = new Agents(gateway).register("agent-1");
        String id = place(agent, "o-1");
        awaitStatus(gateway, id, "submitted");
        WsClient events = WsClient.connect(gateway.ws("/ws/agents"));
        events.next("snapshot");
        agent.close();
        events.next("agent_status_changed");

        awaitStatus(gateway, id, "working");
        assertThat(upstream.count("orders_cancel")).isZero();
    }
}
