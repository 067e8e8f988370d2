package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.gateway.upstream.simulator.SimulatedAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kraken's token, private socket and orders, against a simulated Kraken. */
class KrakenIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Map<String, String> CREDENTIALS =
            Map.of("KRAKEN_API_KEY", SimulatedAccount.KRAKEN_KEY, "KRAKEN_API_SECRET", SimulatedAccount.KRAKEN_SECRET);

    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private final RunningSimulator upstream = RunningSimulator.start();
    private Optional<RunningGateway> started = Optional.empty();

    private RunningGateway gateway() {
        RunningGateway gateway = RunningGateway.start(
                folder.resolve("data"),
                CREDENTIALS,
                time,
                "upstream.kind=kraken",
                "upstream.base_url=" + upstream.baseUrl(),
                "orders.enabled=true",
                "orders.confirm=never");
        started = Optional.of(gateway);
        return gateway;
    }

    @AfterEach
    void close() {
        started.ifPresent(RunningGateway::close);
        upstream.close();
    }

    private static void awaitState(RunningGateway gateway, String state) {
        await().atMost(SOON)
                .until(() ->
                        gateway.get("/api/token").body().get("state").asText().equals(state));
    }

    private long sessions() {
        return upstream.count("kraken_private_sessions");
    }

    private static String place(RunningGateway gateway) {
        var answer = gateway.post(
                "/api/orders",
                "{\"client_order_id\":\"k-1\",\"symbol\":\"BTC/USD\",\"side\":\"buy\",\"quantity\":0.01,"
                        + "\"order_type\":\"limit\",\"limit_price\":30000.0}");
        assertThat(answer.status()).isEqualTo(201);
        return answer.body().get("order_id").asText();
    }

    private static JsonNode awaitStatus(RunningGateway gateway, String id, String status) {
        await().atMost(SOON).until(() -> gateway.get("/api/orders/" + id)
                .body()
                .findValuesAsText("status")
                .contains(status));
        return gateway.get("/api/orders/" + id).body();
    }

    @Test
    void the_token_is_valid_with_the_private_connection_and_a_renewal_does_not_touch_that() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        assertThat(sessions()).isOne();

        for (int renewals = 2; renewals <= 4; renewals++) {
            time.advance(Duration.ofMinutes(12));
            long expected = renewals;
            await().atMost(SOON).until(() -> upstream.count("kraken_token") == expected);
            awaitState(gateway, "valid");
        }

        assertThat(sessions()).isOne();
    }

    @Test
    void a_lost_connection_is_refreshing_and_then_valid_with_a_token_of_its_own() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        WsClient stream = WsClient.connect(gateway.ws("/ws/token"));
        stream.next("snapshot");

        upstream.faults().on(Fault.DROP_KRAKEN, 1);

        JsonNode lost = stream.next("token_state");
        assertThat(lost.get("state").asText()).isEqualTo("refreshing");
        assertThat(lost.get("reason").asText()).contains("connection was lost");
        assertThat(stream.next(frame -> frame.get("state").asText().equals("valid")))
                .isNotNull();
        assertThat(upstream.count("kraken_token")).isEqualTo(2);
        assertThat(sessions()).isEqualTo(2);
    }

    @Test
    void a_connection_that_falls_silent_is_given_up_and_made_anew() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        upstream.faults().on(Fault.HALF_OPEN);

        await().atMost(SOON).until(() -> {
            time.advance(Duration.ofSeconds(4));
            return gateway.get("/api/token").body().get("state").asText().equals("refreshing");
        });
        assertThat(gateway.get("/api/token").body().get("reason").asText()).contains("silent");
        upstream.faults().clear();

        await().atMost(SOON).until(() -> {
            time.advance(Duration.ofSeconds(4));
            return gateway.get("/api/token").body().get("state").asText().equals("valid");
        });
        assertThat(sessions()).isEqualTo(2);
    }

    @Test
    void an_invalid_session_gets_one_fresh_token_at_once_and_then_backoff() {
        upstream.faults().on(Fault.KRAKEN_INVALID_SESSION);
        RunningGateway gateway = gateway();
        await().atMost(SOON).until(() -> upstream.count("kraken_token") >= 2);
        assertThat(gateway.get("/api/token").body().get("state").asText()).isEqualTo("refreshing");
        assertThat(upstream.count("kraken_token")).isLessThanOrEqualTo(4);
        upstream.faults().clear();

        await().atMost(SOON).until(() -> {
            time.advance(Duration.ofSeconds(5));
            return gateway.get("/api/token").body().get("state").asText().equals("valid");
        });
        assertThat(sessions()).isOne();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"KRAKEN_INVALID_KEY", "KRAKEN_INVALID_SIGNATURE", "KRAKEN_PERMISSION_DENIED", "KRAKEN_LOCKOUT"})
    void a_terminal_refusal_is_asked_once(Fault fault) {
        upstream.faults().on(fault);
        RunningGateway gateway = gateway();
        awaitState(gateway, "unavailable");
        assertThat(gateway.get("/api/token").body().get("reason").asText()).contains("KRAKEN_API_KEY");

        time.advance(Duration.ofHours(1));
        gateway.get("/api/health");

        assertThat(upstream.count("kraken_token")).isOne();
    }

    @Test
    void an_order_goes_over_the_private_socket_and_the_answer_names_it() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");

        JsonNode order = awaitStatus(gateway, place(gateway), "submitted");

        assertThat(order.get("upstream_order_id").asText()).startsWith("OSIM");
        assertThat(upstream.count("kraken_orders_placed")).isOne();
    }

    @Test
    void an_order_is_cancelled_over_the_private_socket() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        upstream.faults().on(Fault.NEVER_FILLED);
        String id = place(gateway);
        awaitStatus(gateway, id, "submitted");

        gateway.post("/api/orders/" + id + "/cancel", "");

        awaitStatus(gateway, id, "cancelled");
        assertThat(upstream.count("kraken_orders_cancelled")).isOne();
    }

    @Test
    void an_order_is_amended_over_the_private_socket_once_though_the_answer_is_lost() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        upstream.faults().on(Fault.NEVER_FILLED);
        String id = place(gateway);
        String upstreamId =
                awaitStatus(gateway, id, "submitted").get("upstream_order_id").asText();
        upstream.faults().on(Fault.LOST_ORDER_REPLY, 1);

        gateway.post("/api/orders/" + id + "/replace", "{\"limit_price\":29000,\"quantity\":0.02}");
        await().atMost(SOON).until(() -> upstream.count("kraken_orders_amended") == 1);
        time.advance(Duration.ofSeconds(11));

        await().atMost(SOON)
                .until(() -> !gateway.get("/api/orders/" + id).body().has("replacement"));
        JsonNode order = gateway.get("/api/orders/" + id).body();
        assertThat(order.get("quantity").asText()).isEqualTo("0.02");
        assertThat(order.get("limit_price").asText()).isEqualTo("29000");
        assertThat(order.get("upstream_order_id").asText()).isEqualTo(upstreamId);
        assertThat(upstream.count("kraken_orders_amended")).isOne();
        assertThat(upstream.count("violation.amend_sent_twice")).isZero();
    }

    @Test
    void what_becomes_of_an_order_is_asked_for_when_kraken_tells_that_something_did() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        upstream.faults().on(Fault.PARTIAL_FILL);
        String id = gateway.post(
                        "/api/orders",
                        "{\"client_order_id\":\"k-1\",\"symbol\":\"BTC/USD\",\"side\":\"buy\",\"quantity\":0.01,"
                                + "\"order_type\":\"limit\",\"limit_price\":900000}")
                .body()
                .get("order_id")
                .asText();

        JsonNode partly = awaitStatus(gateway, id, "partially_filled");
        assertThat(partly.get("filled_quantity").asText()).isEqualTo("0.005");
        upstream.faults().clear();
        JsonNode filled = awaitStatus(gateway, id, "filled");
        assertThat(filled.get("filled_quantity").asText()).isEqualTo("0.01");
        assertThat(filled.get("average_price").asDouble()).isBetween(1.0, 900_000.0);
    }

    @Test
    void the_accounts_balances_are_shown() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");

        JsonNode balances = gateway.get("/api/balances").body().get("balances");
        assertThat(balances).hasSize(1);
        assertThat(balances.get(0).get("currency").asText()).isEqualTo("ZUSD");
        assertThat(balances.get(0).get("amount").asText()).isEqualTo("250000");
        assertThat(gateway.get("/api/positions").body().get("positions")).isEmpty();
    }

    @Test
    void a_lost_answer_is_made_good_by_the_news_of_the_order() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        upstream.faults().on(Fault.LOST_ORDER_REPLY, 1);

        awaitStatus(gateway, place(gateway), "submitted");

        assertThat(upstream.count("kraken_open_orders")).isZero();
        assertThat(upstream.count("kraken_orders_placed")).isOne();
    }

    @Test
    void an_order_of_which_nothing_is_heard_is_looked_up_by_its_id_and_not_sent_again() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        upstream.faults().set(List.of("lost_order_reply", "lost_execution"));
        String id = place(gateway);
        await().atMost(SOON).until(() -> upstream.count("kraken_orders_placed") == 1);

        time.advance(Duration.ofSeconds(11));

        JsonNode order = awaitStatus(gateway, id, "submitted");
        assertThat(order.get("history").findValuesAsText("status")).contains("unknown");
        assertThat(order.get("upstream_order_id").asText()).startsWith("OSIM");
        assertThat(upstream.count("kraken_orders_placed")).isOne();
    }

    @Test
    void an_order_that_was_under_way_when_the_connection_broke_is_looked_up() {
        RunningGateway gateway = gateway();
        awaitState(gateway, "valid");
        upstream.faults().set(List.of("lost_order_reply", "lost_execution"));
        String id = place(gateway);
        await().atMost(SOON).until(() -> upstream.count("kraken_orders_placed") == 1);

        upstream.faults().on(Fault.DROP_KRAKEN, 1);

        assertThat(awaitStatus(gateway, id, "submitted").get("history").findValuesAsText("status"))
                .contains("unknown");
        assertThat(upstream.count("kraken_orders_placed")).isOne();
    }
}
