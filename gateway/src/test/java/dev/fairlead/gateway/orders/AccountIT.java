package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.upstream.simulator.Fault;
import org.junit.jupiter.api.Test;

/** What the account holds and has, as the upstream says. */
class AccountIT extends OrdersAtSimulator {
    private static JsonNode sum(RunningGateway gateway, String name) {
        for (JsonNode one : gateway.get("/api/balances").body().get("balances")) {
            if (one.get("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("No " + name);
    }

    @Test
    void what_was_bought_is_held_and_paid_for() {
        RunningGateway gateway = gateway("orders.confirm=never");
        assertThat(gateway.get("/api/positions").body().get("positions")).isEmpty();
        assertThat(sum(gateway, "cash_balance").get("amount").asInt()).isEqualTo(250_000);
        String id = gateway.post("/api/orders", order("o-1").replace("10.50", "2000"))
                .body()
                .get("order_id")
                .asText();
        double paid =
                2 * awaitStatus(gateway, id, "filled").get("average_price").asDouble();

        JsonNode held = gateway.get("/api/positions").body().get("positions");

        assertThat(held).hasSize(1);
        assertThat(held.get(0).get("symbol").asText()).isEqualTo("AAPL");
        assertThat(held.get(0).get("quantity").asText()).isEqualTo("2");
        assertThat(held.get(0).get("average_price").asDouble() * 2).isCloseTo(paid, within(1e-6));
        assertThat(sum(gateway, "cash_balance").get("amount").asDouble()).isCloseTo(250_000 - paid, within(1e-6));
        assertThat(sum(gateway, "cash_balance").get("currency").asText()).isEqualTo("USD");
    }

    @Test
    void however_many_ask_the_upstream_is_asked_once_and_a_failure_is_told_and_not_kept() {
        RunningGateway gateway = gateway();
        for (int i = 0; i < 5; i++) {
            gateway.get("/api/positions");
        }
        assertThat(upstream.count("positions")).isOne();
        upstream.faults().on(Fault.SERVER_ERROR, 1);
        var failed = gateway.get("/api/balances");
        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.body().at("/error/code").asText()).isEqualTo("upstream_unavailable");
        assertThat(failed.body().at("/error/message").asText()).contains("500", "balances");
        await().atMost(SOON).until(() -> gateway.get("/api/balances").status() == 200);
    }
}
