package dev.fairlead.gateway.upstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.WsClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quotes' feed as its providers document it, and what its callers are known to get wrong, over real sockets. */
class SimulatedFeedTest extends WithSimulator {
    private static final String SUBSCRIPTION = "{\"type\":\"FEED_SUBSCRIPTION\",\"channel\":1,\"reset\":true,\"add\":["
            + "{\"type\":\"Quote\",\"symbol\":\"AAPL\"},{\"type\":\"Quote\",\"symbol\":\"SPX\"}]}";

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
}
