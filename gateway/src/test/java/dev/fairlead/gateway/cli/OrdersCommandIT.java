package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Orders at a simulated upstream, decided on by a shell. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdersCommandIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final RunningSimulator upstream = RunningSimulator.start();
    private RunningGateway gateway;

    private Path folder;

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true",
                "orders.max_per_day=50",
                "orders.max_notional_per_day=100000");
        await().atMost(SOON)
                .until(() ->
                        gateway.get("/api/token").body().get("state").asText().equals("valid"));
    }

    @AfterAll
    void stop() {
        gateway.close();
        upstream.close();
    }

    private TestConsole run(int exit, String... command) {
        return run(gateway, "data", exit, command);
    }

    private TestConsole run(RunningGateway gateway, String data, int exit, String... command) {
        TestConsole console = new TestConsole(folder)
                .with("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port())
                .with("FAIRLEAD_DATA_DIR", folder.resolve(data).toString())
                .with("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD);
        assertThat(console.run(command)).as(console.err()).isEqualTo(exit);
        return console;
    }

    /** A limit order of two shares, that waits for a person. */
    private String placed(String clientId) {
        return placed(gateway, clientId, 10.50);
    }

    private static String placed(RunningGateway gateway, String clientId, double limit) {
        var answer = gateway.post(
                "/api/orders",
                "{\"client_order_id\":\"" + clientId + "\",\"symbol\":\"AAPL\",\"side\":\"buy\",\"quantity\":2,"
                        + "\"order_type\":\"limit\",\"limit_price\":" + limit + "}");
        assertThat(answer.body().get("status").asText()).isEqualTo("needs_confirmation");
        return answer.body().get("order_id").asText();
    }

    private JsonNode awaitOrder(String id, String field, String value) {
        await().atMost(SOON).until(() -> gateway.get("/api/orders/" + id)
                .body()
                .path(field)
                .asText()
                .equals(value));
        return gateway.get("/api/orders/" + id).body();
    }

    @Test
    void one_is_confirmed_replaced_and_cancelled_by_its_id() {
        String id = placed("c-1");

        assertThat(run(0, "orders", "confirm", id).err()).contains("Order " + id, "buy 2 AAPL at 10.5", "is approved");
        awaitOrder(id, "status", "working");

        // A replacement waits for a person as an order does.
        assertThat(run(0, "orders", "replace", id, "--limit", "11.25").err()).contains("waits for a person");
        run(0, "orders", "confirm", id);
        awaitOrder(id, "limit_price", "11.25");
        assertThat(upstream.orders().get(0).get("price").asText()).isEqualTo("11.25");

        run(0, "orders", "cancel", id);
        awaitOrder(id, "status", "cancelled");
        assertThat(upstream.orders().get(0).get("status").asText()).isEqualTo("Cancelled");
        assertThat(run(1, "orders", "confirm", id).err()).contains("The order is cancelled");
        assertThat(run(0, "orders", "show", id).out()).contains("\"cancelling\"", "\"replacing\"");
    }

    @Test
    void one_is_rejected_with_the_reason_and_never_sent() {
        long before = upstream.count("orders");
        String id = placed("r-1");

        assertThat(run(0, "orders", "reject", id, "--reason", "Not today").err())
                .contains("is rejected", "Not today");

        assertThat(awaitOrder(id, "status", "rejected").get("reason").asText()).contains("Not today");
        assertThat(upstream.count("orders")).isEqualTo(before);
        assertThat(run(1, "orders", "replace", id, "--limit", "11").err()).contains("The order is rejected");
        assertThat(run(1, "orders", "cancel", "nothing").err()).contains("'nothing'");
    }

    @Test
    void what_waits_is_listed_with_the_facts_to_decide_by() {
        String id = placed("f-1");

        JsonNode facts = gateway.get("/api/orders/" + id).body().get("facts");
        assertThat(facts.get("cost").asText()).isEqualTo("21");
        assertThat(facts.get("distance").asDouble())
                .isCloseTo(facts.at("/quote/ask").asDouble() - 10.5, within(0.0001));
        assertThat(facts.get("distance_percent").asDouble()).isPositive();
        assertThat(facts.at("/today/orders").asInt()).isBetween(40, 50);
        assertThat(facts.at("/today/notional").asDouble()).isBetween(99_000.0, 100_000.0);
        assertThat(facts.has("expires_at")).isTrue();

        String listed = run(0, "orders", "ls", "--status", "needs_confirmation").out();

        assertThat(listed)
                .contains("Waiting for you: buy 2 AAPL at 10.5 (" + id + ")", "asked for", "expires at 2")
                .contains("quote now: bid ", "away from the limit: ", "costs 21, fees unknown")
                .contains("left today (UTC) without it: ", " orders, a notional of ");
        run(0, "orders", "reject", id);
        assertThat(gateway.get("/api/orders/" + id).body().has("facts")).isFalse();
    }

    @Test
    void what_is_on_paper_is_said_to_be_so() {
        try (RunningGateway paper = RunningGateway.start(
                folder.resolve("paper"),
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true",
                "orders.mode=paper")) {
            String id = placed(paper, "p-1", 2000);
            assertThat(run(paper, "paper", 0, "orders", "confirm", id).err())
                    .contains("buy 2 AAPL at 2000, on paper) is approved");
            await().atMost(SOON).until(() -> paper.get("/api/orders/" + id)
                    .body()
                    .path("status")
                    .asText()
                    .equals("filled"));

            assertThat(run(paper, "paper", 0, "orders", "ls").out()).contains("buy 2 AAPL at 2000, on paper", "filled");
            TestConsole positions = run(paper, "paper", 0, "orders", "positions");
            assertThat(positions.err()).contains("The paper account");
            assertThat(positions.out()).contains("UNREALIZED", "AAPL");
            assertThat(run(paper, "paper", 0, "orders", "balances").out())
                    .contains("net_liquidating_value", "unrealized_pnl");
        }
    }
}
