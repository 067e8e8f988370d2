package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The feed the quotes come by: its tokens, its forms, its interruptions. */
class QuoteFeedIT extends QuotesAtSimulator {
    @Test
    void a_feed_that_is_cut_is_opened_again_and_everything_subscribed_anew() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream, "quotes.symbols=A,B,C")) {
            awaitStreamed(gateway, "C");
            long tokens = upstream.count("quote_tokens");
            upstream.faults().on(Fault.DROP_FEED, 1);
            await().atMost(SOON).until(() -> upstream.count("dxlink_connections") == 2);
            WsClient stream = WsClient.connect(gateway.ws("/ws/quotes?symbols=A,B,C"));
            for (String symbol : List.of("A", "B", "C")) {
                stream.next(frame -> frame.get("type").asText().equals("quote")
                        && frame.get("symbol").asText().equals(symbol)
                        && frame.get("source").asText().equals("dxlink"));
            }
            assertThat(upstream.count("quote_tokens"))
                    .as("its token is good for a day")
                    .isEqualTo(tokens);
        }
    }

    @Test
    void a_feed_that_says_nothing_for_a_minute_is_left() {
        MovableTime time = new MovableTime();
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream, time)) {
            awaitStreamed(gateway, "SPX");
            upstream.faults().on(Fault.HALF_OPEN);
            time.advance(Duration.ofSeconds(59));
            assertThat(source(gateway, "SPX")).as("no news is no change").isEqualTo("dxlink");
            time.advance(Duration.ofSeconds(61));
            await().atMost(SOON).until(() -> upstream.count("dxlink_connections") >= 2);
            assertThat(source(gateway, "SPX")).isEqualTo("rest");
            upstream.faults().clear();
            time.advance(Duration.ofSeconds(61));
            awaitStreamed(gateway, "SPX");
        }
    }

    @Test
    void a_quote_token_that_is_refused_is_replaced_once() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.EXPIRED_QUOTE_TOKEN, 1);
            try (RunningGateway gateway = gateway(upstream)) {
                awaitStreamed(gateway, "SPX");
                assertThat(upstream.count("quote_tokens")).isEqualTo(2);
            }
        }
    }

    @Test
    void quote_tokens_that_are_all_refused_are_not_fetched_again_before_the_access_token_is_another() {
        MovableTime time = new MovableTime();
        try (RunningSimulator upstream = RunningSimulator.start(time, SimulatorOptions.onPort(0))) {
            upstream.faults().on(Fault.EXPIRED_QUOTE_TOKEN);
            try (RunningGateway gateway = gateway(upstream, time)) {
                await().atMost(SOON).until(() -> upstream.count("dxlink_refused") == 2);
                time.advance(Duration.ofMinutes(5));
                assertThat(source(gateway, "SPX")).isEqualTo("rest");
                assertThat(upstream.count("quote_tokens")).isEqualTo(2);
                assertThat(gateway.get("/api/health")
                                .body()
                                .at("/checks/market")
                                .toString())
                        .contains("refuses the quote token");
                upstream.faults().clear();
                time.advance(Duration.ofMinutes(8));
                awaitStreamed(gateway, "SPX");
            }
        }
    }

    @Test
    void who_is_no_customer_gets_quotes_by_single_calls() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.CUSTOMER_NOT_FOUND);
            try (RunningGateway gateway = gateway(upstream)) {
                await().atMost(SOON).until(() -> source(gateway, "SPX").equals("rest"));
                assertThat(upstream.count("quote_tokens")).isEqualTo(1);
            }
        }
    }

    @Test
    void a_day_later_there_is_another_quote_token_and_no_gap() {
        MovableTime time = new MovableTime();
        try (RunningSimulator upstream = RunningSimulator.start(time, SimulatorOptions.onPort(0));
                RunningGateway gateway = gateway(upstream, time)) {
            awaitStreamed(gateway, "SPX");
            assertThat(upstream.count("quote_tokens")).isEqualTo(1);
            time.advance(Duration.ofHours(23));
            await().atMost(SOON).until(() -> upstream.count("quote_tokens") == 2);
            await().atMost(SOON).until(() -> upstream.count("dxlink_connections") >= 2);
            awaitStreamed(gateway, "SPX");
            assertThat(upstream.count("dxlink_refused")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "LATE_FEED_CONFIG",
                "TRIMMED_FEED_CONFIG",
                "FULL_FOR_COMPACT",
                "STRICT_AUTH",
                "SPLIT_PAIRS",
                "SMALL_FRAMES",
                "REORDERED_FIELDS"
            })
    void whatever_form_quotes_come_in_they_are_understood(Fault fault) {
        String many = IntStream.range(0, 300).mapToObj(i -> "S" + i).collect(Collectors.joining(","));
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(fault);
            try (RunningGateway gateway = gateway(upstream, "quotes.symbols=A,B,C," + many)) {
                awaitStreamed(gateway, "B");
                awaitStreamed(gateway, "S299");
                assertThat(upstream.count("dxlink_connections")).isEqualTo(1);
                JsonNode quote = gateway.get("/api/quotes/B").body();
                assertThat(quote.get("bid").decimalValue())
                        .isLessThan(quote.get("ask").decimalValue());
                assertThat(quote.get("bid_size").isNull()).isEqualTo(fault == Fault.TRIMMED_FEED_CONFIG);
            }
        }
    }

    @Test
    void health_is_degraded_with_the_reason_while_the_feed_does_not_stream() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.CUSTOMER_NOT_FOUND);
            try (RunningGateway gateway = gateway(upstream)) {
                await().atMost(SOON).until(() -> upstream.count("quote_tokens") == 1);
                var health = gateway.get("/api/health");
                assertThat(health.status()).isEqualTo(200);
                assertThat(health.body().get("status").asText()).isEqualTo("degraded");
                assertThat(health.body().at("/checks/market/status").asText()).isEqualTo("degraded");
                assertThat(health.body().at("/checks/market/detail").asText()).contains("customer_not_found");
                assertThat(health.body().at("/checks/token/status").asText()).isEqualTo("ok");
            }
        }
    }

    @Test
    void a_late_configuration_of_other_fields_brings_everything_once_more() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.LATE_FEED_CONFIG);
            upstream.faults().on(Fault.TRIMMED_FEED_CONFIG);
            try (RunningGateway gateway = gateway(upstream, "quotes.symbols=A,B,C")) {
                awaitStreamed(gateway, "A");
            }
        }
    }
}
