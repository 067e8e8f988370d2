package dev.fairlead.gateway.upstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.WsClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The providers' documented behaviour, and what their callers are known to get wrong, over real sockets. */
class UpstreamSimulatorTest {
    private static final String SUBSCRIPTION = "{\"type\":\"FEED_SUBSCRIPTION\",\"channel\":1,\"reset\":true,\"add\":["
            + "{\"type\":\"Quote\",\"symbol\":\"AAPL\"},{\"type\":\"Quote\",\"symbol\":\"SPX\"}]}";
    private static final String ORDER = "{\"time-in-force\":\"Day\",\"order-type\":\"Limit\",\"price\":\"175.25\","
            + "\"price-effect\":\"Debit\",\"external-identifier\":\"e-1\",\"legs\":[{\"instrument-type\":\"Equity\","
            + "\"symbol\":\"AAPL\",\"quantity\":100,\"action\":\"Buy to Open\"}]}";
    private static final String ORDERS = "/accounts/" + SimulatedAccount.ACCOUNT + "/orders";

    private RunningSimulator upstream;

    @BeforeEach
    void start() {
        upstream = RunningSimulator.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

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
    void a_feed_sends_one_pair_of_strides_and_no_size_of_an_index() {
        WsClient feed = upstream.feed("COMPACT");
        JsonNode config = feed.next("FEED_CONFIG");
        JsonNode data = feed.send(SUBSCRIPTION).next("FEED_DATA").get("data");

        assertThat(config.at("/eventFields/Quote")).hasSize(6);
        assertThat(data).hasSize(2);
        assertThat(data.get(0).asText()).isEqualTo("Quote");
        assertThat(data.get(1)).hasSize(12);
        assertThat(data.get(1).get(7).asText()).isEqualTo("SPX");
        assertThat(data.get(1).get(10).asText()).isEqualTo("NaN");
        assertThat(feed.next("FEED_DATA").get("data")).isNotEmpty();
    }

    @Test
    void a_feed_may_split_a_type_into_pairs_and_have_its_own_order_of_fields() {
        upstream.faults().set(List.of("split_pairs", "reordered_fields"));
        WsClient feed = upstream.feed("COMPACT");

        assertThat(feed.next("FEED_CONFIG").at("/eventFields/Quote/5").asText()).isEqualTo("eventType");
        JsonNode data = feed.send(SUBSCRIPTION).next("FEED_DATA").get("data");
        assertThat(data).hasSize(4);
        assertThat(data.get(3).get(4).asText()).isEqualTo("SPX");
    }

    @Test
    void a_feed_that_was_not_set_up_sends_every_field_as_objects() {
        WsClient feed = upstream.socket(UpstreamSimulator.DXLINK_PATH);
        feed.send("{\"type\":\"SETUP\",\"channel\":0,\"version\":\"0.1-test/1.0\"}");
        feed.send("{\"type\":\"AUTH\",\"channel\":0,\"token\":\"" + upstream.quoteToken() + "\"}");
        feed.next(frame -> frame.path("state").asText().equals("AUTHORIZED"));
        feed.send("{\"type\":\"CHANNEL_REQUEST\",\"channel\":3,\"service\":\"FEED\",\"parameters\":{}}");
        feed.next("CHANNEL_OPENED");

        JsonNode data = feed.send(SUBSCRIPTION.replace("\"channel\":1", "\"channel\":3"))
                .next("FEED_DATA")
                .get("data");

        for (String field : List.of("sequence", "timeNanoPart", "bidExchangeCode", "askExchangeCode", "bidPrice")) {
            assertThat(data.get(0).has(field)).as(field).isTrue();
        }
    }

    @Test
    void auth_may_follow_setup_at_once_unless_the_feed_is_strict() {
        String setup = "{\"type\":\"SETUP\",\"channel\":0,\"version\":\"0.1-test/1.0\"}";
        String auth = "{\"type\":\"AUTH\",\"channel\":0,\"token\":\"" + upstream.quoteToken() + "\"}";
        WsClient feed = upstream.socket(UpstreamSimulator.DXLINK_PATH);
        feed.send(setup).send(auth);
        assertThat(feed.next("AUTH_STATE").get("state").asText()).isEqualTo("UNAUTHORIZED");
        assertThat(feed.next("AUTH_STATE").get("state").asText()).isEqualTo("AUTHORIZED");

        upstream.faults().on(Fault.STRICT_AUTH);
        WsClient strict = upstream.socket(UpstreamSimulator.DXLINK_PATH);
        strict.send(setup).send(auth);
        assertThat(strict.closed().code()).isEqualTo(1008);
        assertThat(upstream.count("violation.early_auth")).isEqualTo(1);
    }

    @Test
    void futures_and_cryptocurrencies_have_names_of_their_own_on_the_feed() {
        String token = upstream.accessToken();
        String contract = upstream.get("/_simulator/credentials", "")
                .body()
                .get("active_future")
                .asText();
        JsonNode future = upstream.get("/instruments/futures?symbol[]=" + contract, token)
                .body()
                .at("/data/items/0");
        JsonNode crypto = upstream.get("/instruments/cryptocurrencies?symbol[]=BTC/USD", token)
                .body()
                .at("/data/items/0");
        WsClient feed = upstream.feed("FULL");

        feed.send("{\"type\":\"FEED_SUBSCRIPTION\",\"channel\":1,\"add\":[{\"type\":\"Quote\",\"symbol\":\""
                + contract + "\"},{\"type\":\"Quote\",\"symbol\":\"BTC/USD\"},{\"type\":\"Quote\",\"symbol\":\""
                + future.get("streamer-symbol").asText() + "\"}]}");

        assertThat(crypto.get("streamer-symbol").asText()).isEqualTo("BTC/USD:CXTALP");
        JsonNode data = feed.next("FEED_DATA").get("data");
        assertThat(data).hasSize(1);
        assertThat(data.get(0).get("eventSymbol").asText())
                .isEqualTo(future.get("streamer-symbol").asText())
                .endsWith(":XCME");
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
    void a_feed_may_send_another_format_than_was_asked_for() {
        upstream.faults().on(Fault.FULL_FOR_COMPACT);
        JsonNode full = upstream.feed("COMPACT").send(SUBSCRIPTION).next("FEED_DATA");
        upstream.faults().set(List.of("compact_for_full"));
        JsonNode compact = upstream.feed("FULL").send(SUBSCRIPTION).next("FEED_DATA");

        assertThat(full.at("/data/0/eventSymbol").asText()).isEqualTo("AAPL");
        assertThat(compact.at("/data/0").asText()).isEqualTo("Quote");
    }

    @Test
    void a_feed_may_leave_out_fields_and_say_so_late() {
        upstream.faults().set(List.of("late_feed_config", "trimmed_feed_config", "nan"));
        WsClient feed = upstream.feed("COMPACT").send(SUBSCRIPTION);
        List<String> order = new ArrayList<>();
        JsonNode frame = feed.next();
        while (!frame.get("type").asText().equals("FEED_CONFIG")) {
            order.add(frame.get("type").asText());
            frame = feed.next();
        }

        assertThat(order).contains("FEED_DATA");
        assertThat(frame.at("/eventFields/Quote")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"AUTH\",\"channel\":0,\"token\":\"before UNAUTHORIZED\"}",
                "{\"type\":\"CHANNEL_REQUEST\",\"channel\":1,\"service\":\"FEED\"}",
                "{\"type\":\"FEED_SETUP\",\"channel\":1}",
                "[]"
            })
    void what_comes_out_of_order_ends_a_feed(String frame) {
        WsClient feed = upstream.socket(UpstreamSimulator.DXLINK_PATH);

        feed.send(frame);

        assertThat(feed.closed().code()).isEqualTo(1008);
    }

    @Test
    void one_huge_frame_ends_a_feed_that_takes_small_ones_alone() {
        WsClient feed = upstream.feed("COMPACT");
        feed.send(SUBSCRIPTION.replace("\"channel\":1", "\"channel\":1,\"pad\":\"" + "x".repeat(9000) + "\""));
        feed.next("FEED_DATA");
        upstream.faults().on(Fault.SMALL_FRAMES);

        feed.send("{\"type\":\"FEED_SUBSCRIPTION\",\"channel\":1,\"pad\":\"" + "x".repeat(9000) + "\"}");

        assertThat(feed.closed().code()).isEqualTo(1009);
        assertThat(upstream.count("violation.huge_frame")).isEqualTo(1);
    }

    @Test
    void an_expired_quote_token_is_unauthorized_a_second_time() {
        upstream.faults().on(Fault.EXPIRED_QUOTE_TOKEN);
        WsClient feed = upstream.socket(UpstreamSimulator.DXLINK_PATH);
        feed.send("{\"type\":\"SETUP\",\"channel\":0,\"version\":\"0.1-test/1.0\"}");
        feed.next("AUTH_STATE");

        feed.send("{\"type\":\"AUTH\",\"channel\":0,\"token\":\"" + upstream.quoteToken() + "\"}");

        assertThat(feed.next("AUTH_STATE").get("state").asText()).isEqualTo("UNAUTHORIZED");
    }

    @Test
    void a_feed_can_be_cut_without_a_word() {
        WsClient feed = upstream.feed("COMPACT");
        feed.next("FEED_CONFIG");

        upstream.faults().on(Fault.DROP_FEED, 1);

        assertThat(feed.closed().code()).isEqualTo(1006);
    }

    @Test
    void a_feed_can_be_closed_as_by_a_server_that_goes() {
        WsClient feed = upstream.feed("COMPACT");
        feed.next("FEED_CONFIG");

        upstream.faults().on(Fault.CLOSE_FEED, 1);

        assertThat(feed.closed().code()).isEqualTo(1001);
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
