package dev.fairlead.gateway.upstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.WsClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The providers' documented behaviour, and what their callers are known to get wrong, over real sockets. */
class UpstreamSimulatorTest extends WithSimulator {
    private static final String ORDER = "{\"time-in-force\":\"Day\",\"order-type\":\"Limit\",\"price\":\"175.25\","
            + "\"price-effect\":\"Debit\",\"external-identifier\":\"e-1\",\"legs\":[{\"instrument-type\":\"Equity\","
            + "\"symbol\":\"AAPL\",\"quantity\":100,\"action\":\"Buy to Open\"}]}";
    private static final String ORDERS = "/accounts/" + SimulatedAccount.ACCOUNT + "/orders";

    @Test
    void a_good_refresh_token_gets_a_token_for_a_quarter_of_an_hour() {
        JsonNode granted = upstream.token(SimulatedAccount.REFRESH_TOKEN).body();

        assertThat(granted.get("expires_in").asInt()).isEqualTo(900);
        assertThat(granted.get("token_type").asText()).isEqualTo("Bearer");
        assertThat(granted.has("refresh_token")).isFalse();
    }

    @Test
    void the_token_call_takes_a_form_as_well() {
        var reply = upstream.send(HttpRequest.newBuilder(URI.create(upstream.baseUrl() + "/oauth/token"))
                .header("User-Agent", "test/1.0")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=refresh_token&client_secret="
                        + SimulatedAccount.CLIENT_SECRET + "&refresh_token=" + SimulatedAccount.REFRESH_TOKEN)));

        assertThat(reply.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a password", "eyJ.truncated", "a.b.c"})
    void another_refresh_token_is_refused(String given) {
        var reply = upstream.token(given);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().get("error_code").asText()).isEqualTo("invalid_grant");
    }

    @Test
    void a_call_without_a_user_agent_gets_a_page_of_html() {
        var reply = upstream.send(HttpRequest.newBuilder(URI.create(upstream.baseUrl() + "/oauth/token"))
                .header("User-Agent", "")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.raw().body()).startsWith("<html>");
        assertThat(upstream.count("violation.no_user_agent")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "html_401, 401",
        "rate_limit, 429",
        "rate_limit_retry_after, 429",
        "server_error, 500",
        "invalid_grant, 400",
        "invalid_grant_401, 401"
    })
    void a_fault_happens_as_often_as_it_was_asked_for(String fault, int status) {
        upstream.faults().set(List.of(fault + ":1"));

        var first = upstream.token(SimulatedAccount.REFRESH_TOKEN);

        assertThat(first.status()).isEqualTo(status);
        assertThat(first.raw().headers().firstValue("Retry-After").isPresent())
                .isEqualTo(fault.equals("rate_limit_retry_after"));
        assertThat(upstream.token(SimulatedAccount.REFRESH_TOKEN).status()).isEqualTo(200);
    }

    @Test
    void faults_are_switched_and_counters_read_over_http() {
        assertThat(upstream.post("/_simulator/faults", "{\"faults\":[\"server_error:2\"]}", "")
                        .status())
                .isEqualTo(200);
        assertThat(upstream.post("/_simulator/faults", "{\"faults\":[\"no_such\"]}", "")
                        .status())
                .isEqualTo(400);
        assertThat(upstream.token(SimulatedAccount.REFRESH_TOKEN).status()).isEqualTo(500);
        assertThat(upstream.get("/_simulator/counters", "")
                        .body()
                        .get("oauth_token")
                        .asInt())
                .isEqualTo(1);
        assertThatThrownBy(() -> upstream.faults().set(List.of("hang:0"))).hasMessageContaining("times");
    }

    @Test
    void a_rotated_refresh_token_ends_the_old_one() {
        upstream.faults().on(Fault.ROTATE_REFRESH_TOKEN, 1);

        String renewed = upstream.token(SimulatedAccount.REFRESH_TOKEN)
                .body()
                .get("refresh_token")
                .asText();

        assertThat(upstream.token(SimulatedAccount.REFRESH_TOKEN).status()).isEqualTo(400);
        assertThat(upstream.token(renewed).status()).isEqualTo(200);
    }

    @Test
    void quotes_come_by_type_with_decimals_as_strings() {
        String token = upstream.accessToken();

        JsonNode items = upstream.get("/market-data/by-type?equity=AAPL,TSLA&index=SPX", token)
                .body()
                .at("/data/items");

        assertThat(items).hasSize(3);
        assertThat(items.get(0).get("bid").isTextual()).isTrue();
        assertThat(items.get(2).has("bid")).isFalse();
        for (String field : List.of("bid-size", "ask-size", "close-price-type", "summary-date", "halt-start-time")) {
            assertThat(items.get(2).has(field)).as(field).isTrue();
        }
        assertThat(upstream.get("/market-data/by-type?equity=AAPL,NOSUCH&future=/ESX6", token)
                        .body()
                        .at("/data/items"))
                .hasSize(1);
        assertThat(upstream.get("/market-data/by-type?equity=AAPL", "another").status())
                .isEqualTo(401);
    }

    @Test
    void an_order_is_placed_each_time_it_is_sent() {
        String token = upstream.accessToken();

        assertThat(upstream.post(ORDERS, ORDER, token).status()).isEqualTo(201);
        assertThat(upstream.post(ORDERS, ORDER, token)
                        .body()
                        .at("/data/order/external-identifier")
                        .asText())
                .isEqualTo("e-1");
        assertThat(upstream.post(ORDERS + "/dry-run", ORDER, token).status()).isEqualTo(201);
        assertThat(upstream.post(ORDERS, "{}", token).status()).isEqualTo(422);
        assertThat(upstream.post("/accounts/other/orders", ORDER, token).status())
                .isEqualTo(403);
        assertThat(upstream.get(ORDERS, token).body().at("/data/items")).hasSize(2);
    }

    @Test
    void an_order_whose_answer_is_lost_is_there_nonetheless() {
        String token = upstream.accessToken();
        upstream.faults().on(Fault.LOST_ORDER_REPLY, 1);

        assertThatThrownBy(() -> upstream.post(ORDERS, ORDER, token)).isInstanceOf(AssertionError.class);
        assertThat(upstream.get(ORDERS, token).body().at("/data/items")).hasSize(1);
    }

    @Test
    void an_order_is_replaced_cancelled_and_filled_where_the_market_is() {
        String token = upstream.accessToken();
        long id =
                upstream.post(ORDERS, ORDER, token).body().at("/data/order/id").asLong();
        JsonNode replaced = upstream.send(upstream.call(ORDERS + "/" + id)
                        .header("Authorization", "Bearer " + token)
                        .PUT(HttpRequest.BodyPublishers.ofString(
                                "{\"order-type\":\"Limit\",\"price\":\"170.0\",\"price-effect\":\"Debit\","
                                        + "\"time-in-force\":\"Day\"}")))
                .body()
                .get("data");
        assertThat(replaced.get("replaces-order-id").asLong()).isEqualTo(id);
        assertThat(replaced.at("/legs/0/symbol").asText()).isEqualTo("AAPL");

        String second = ORDERS + "/" + replaced.get("id").asLong();
        assertThat(upstream.send(upstream.call(second)
                                .header("Authorization", "Bearer " + token)
                                .DELETE())
                        .status())
                .isEqualTo(200);
        assertThat(upstream.get(second, token).body().at("/data/status").asText())
                .isEqualTo("Cancelled");
        assertThat(upstream.send(upstream.call(second)
                                .header("Authorization", "Bearer " + token)
                                .DELETE())
                        .status())
                .isEqualTo(422);
        assertThat(upstream.get(ORDERS + "/live", token).body().at("/data/items"))
                .hasSize(2);
        assertThat(upstream.get(ORDERS + "/1", token).status()).isEqualTo(404);
    }

    @Test
    void kraken_checks_signature_and_nonce() {
        assertThat(upstream.krakenToken(7).body().at("/result/expires").asInt()).isEqualTo(900);
        assertThat(upstream.krakenToken(7).body().at("/error/0").asText()).isEqualTo("EAPI:Invalid nonce");
        assertThat(upstream.krakenToken(8, "bad").body().at("/error/0").asText())
                .isEqualTo("EAPI:Invalid signature");
        upstream.faults().on(Fault.KRAKEN_RATE_LIMIT, 1);
        assertThat(upstream.krakenToken(9).body().at("/error/0").asText()).isEqualTo("EAPI:Rate limit exceeded");
        assertThat(upstream.krakenToken(10).status()).isEqualTo(200);
    }

    @Test
    void a_kraken_token_does_not_outlive_its_connection() {
        String token = upstream.krakenToken(1).body().at("/result/token").asText();
        String subscribe = "{\"method\":\"subscribe\",\"params\":{\"channel\":\"executions\",\"token\":\"" + token
                + "\",\"snap_orders\":true},\"req_id\":1}";
        WsClient first = upstream.socket(UpstreamSimulator.KRAKEN_PRIVATE_PATH);

        JsonNode status = first.next();
        assertThat(status.at("/data/0/connection_id").bigIntegerValue().bitLength())
                .isEqualTo(64);
        first.send(subscribe);
        assertThat(first.next(frame -> frame.has("success")).get("success").asBoolean())
                .isTrue();
        first.send("{\"method\":\"add_order\",\"params\":{\"order_type\":\"limit\",\"side\":\"buy\",\"order_qty\":0.01,"
                + "\"symbol\":\"BTC/USD\",\"limit_price\":30000.0,\"cl_ord_id\":\"c-1\",\"token\":\"" + token
                + "\"},\"req_id\":42}");
        JsonNode placed = first.next(frame -> frame.path("req_id").asInt() == 42);
        assertThat(placed.at("/result/cl_ord_id").asText()).isEqualTo("c-1");
        first.close();
        assertThat(first.closed().code()).isEqualTo(1000);

        WsClient second = upstream.socket(UpstreamSimulator.KRAKEN_PRIVATE_PATH);
        second.send(subscribe);
        assertThat(second.next(frame -> frame.has("success")).get("error").asText())
                .isEqualTo("ESession:Invalid session");
    }
}
