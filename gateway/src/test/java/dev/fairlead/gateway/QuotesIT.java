package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Quotes as they reach whoever asks: by REST, on a stream, as an agent. */
class QuotesIT extends QuotesAtSimulator {
    @Test
    void a_quote_is_given_by_rest_and_to_agents() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            awaitStreamed(gateway, "BTC%2FUSD");
            JsonNode quote = gateway.get("/api/quotes/BTC%2FUSD").body();
            assertThat(quote.get("symbol").asText()).isEqualTo("BTC/USD");
            assertThat(quote.get("bid").decimalValue())
                    .isLessThan(quote.get("ask").decimalValue());

            JsonNode several =
                    gateway.get("/api/quotes?symbols=AAPL,%20%2FESZ6,SPX").body();
            assertThat(several.at("/quotes/1/symbol").asText()).isEqualTo("/ESZ6");
            assertThat(several.get("quotes")).hasSize(3);

            WsClient agent = agent(gateway, "agent-1");
            agent.send("{\"subject\":\"quote.get\",\"reply\":\"inbox.1\",\"data\":{\"symbol\":\"AAPL\"}}");
            JsonNode answer = agent.next("inbox.1").get("data");
            assertThat(answer.get("received_at").isIntegralNumber()).isTrue();
            assertThat(answer.get("ask").decimalValue()).isPositive();
            assertThat(gateway.get("/metrics").raw().body())
                    .contains("fairlead_market_feed_live 1", "fairlead_market_rest_calls_total");
            assertThat(gateway.get("/api/health").body().at("/checks/market").toString())
                    .contains("live");
        }
    }

    @Test
    void without_an_upstream_a_quote_is_refused_with_the_setting_that_mends_it() {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"))) {
            var refused = gateway.get("/api/quotes/SPX");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body().at("/error/code").asText()).isEqualTo("quote_unavailable");
            assertThat(refused.body().at("/error/message").asText()).contains("upstream.kind");
            assertThat(gateway.get("/api/quotes").status()).isEqualTo(400);
            assertThat(gateway.get("/api/quotes/a%22b").status()).isEqualTo(400);
        }
    }

    @Test
    void in_a_steady_minute_a_hundred_symbols_cause_no_call() {
        MovableTime time = new MovableTime();
        String symbols = IntStream.range(0, 100).mapToObj(i -> "S" + i).collect(Collectors.joining(","));
        try (RunningSimulator upstream = RunningSimulator.start(time, SimulatorOptions.onPort(0));
                RunningGateway gateway = gateway(upstream, time, "quotes.symbols=" + symbols)) {
            await().atMost(SOON)
                    .until(() -> gateway.get("/api/quotes?symbols=" + symbols)
                                    .raw()
                                    .body()
                                    .split("\"dxlink\"", -1)
                                    .length
                            == 101);
            long before = upstream.count("by_type");
            for (int second = 0; second < 60; second++) {
                time.advance(Duration.ofSeconds(1));
                assertThat(gateway.get("/api/quotes?symbols=" + symbols).raw().body())
                        .doesNotContain("\"rest\"", "null,\"received_at\"");
            }
            assertThat(upstream.count("by_type")).isEqualTo(before);
            assertThat(upstream.count("dxlink_connections")).isEqualTo(1);
        }
    }

    @Test
    void a_thousand_requests_against_a_429_cause_one_call_per_retry_after() {
        ExecutorService askers = Executors.newFixedThreadPool(16);
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            awaitStreamed(gateway, "SPX");
            long before = upstream.count("by_type");
            upstream.faults().on(Fault.RATE_LIMIT_RETRY_AFTER); // asks for 2 s
            upstream.faults().on(Fault.HALF_OPEN); // and the feed says nothing of what is new
            long began = TimeSource.system().nanos();
            List<CompletableFuture<Integer>> answers = IntStream.range(0, 1000)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> gateway.get("/api/quotes/NEW" + i % 20).status(), askers))
                    .toList();
            assertThat(answers).extracting(CompletableFuture::join).containsOnly(503);
            long seconds = Duration.ofNanos(TimeSource.system().nanos() - began).toSeconds();
            assertThat(upstream.count("by_type") - before).isBetween(1L, 1 + seconds / 2 + 1);
        } finally {
            askers.shutdown();
        }
    }

    @Test
    void a_quote_without_prices_has_nulls_and_never_a_nan() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.NAN);
            try (RunningGateway gateway = gateway(upstream, "quotes.symbols=A")) {
                awaitStreamed(gateway, "A");
                JsonNode quote = gateway.get("/api/quotes/A").body();
                assertThat(List.of(quote.get("bid"), quote.get("ask"), quote.get("mid")))
                        .allMatch(JsonNode::isNull);
            }
        }
    }

    @Test
    void the_stream_shows_the_state_then_what_changes_and_takes_other_symbols() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            awaitStreamed(gateway, "SPX");
            WsClient stream = WsClient.connect(gateway.ws("/ws/quotes?symbols=SPX"));
            JsonNode snapshot = stream.next();
            assertThat(snapshot.get("type").asText()).isEqualTo("snapshot");
            assertThat(snapshot.at("/quotes/0/symbol").asText()).isEqualTo("SPX");
            assertThat(stream.next("quote").get("symbol").asText()).isEqualTo("SPX");

            stream.send("{\"type\":\"subscribe\",\"symbols\":[\"AAPL\"]}");
            assertThat(stream.next("snapshot").get("quotes")).hasSize(2);
            stream.next(frame -> frame.path("symbol").asText().equals("AAPL")
                    && frame.path("source").asText().equals("dxlink"));
            stream.send("{\"type\":\"unsubscribe\",\"symbols\":[\"SPX\"]}");
            assertThat(stream.next("snapshot").at("/quotes/0/symbol").asText()).isEqualTo("AAPL");
            stream.send("{\"type\":\"subscribe\",\"symbols\":[\"a\\\"b\"]}");
            assertThat(stream.next("error").get("code").asText()).isEqualTo("bad_request");

            WsClient all = WsClient.connect(gateway.ws("/ws/quotes"));
            assertThat(all.next("snapshot").get("quotes").size()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void an_agent_is_told_each_quote_it_subscribes_until_it_unsubscribes() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            awaitStreamed(gateway, "SPX");
            WsClient agent = agent(gateway, "agent-1");
            agent.send("{\"subject\":\"quote.subscribe\",\"data\":{\"symbols\":[\"SPX\",\"AAPL\"]}}");
            assertThat(agent.next().get("data").toString()).isEqualTo("{\"symbols\":[\"AAPL\",\"SPX\"]}");
            agent.next(frame -> frame.at("/data/symbol").asText().equals("SPX"));
            agent.next(frame -> frame.at("/data/symbol").asText().equals("AAPL"));

            agent.send("{\"subject\":\"quote.unsubscribe\",\"data\":{\"symbols\":[\"SPX\"]}}");
            agent.next("quote.unsubscribe.ack");
            for (int i = 0; i < 5; i++) {
                assertThat(agent.next("quote.update").at("/data/symbol").asText())
                        .isEqualTo("AAPL");
            }
            agent.send("{\"subject\":\"quote.subscribe\",\"data\":{\"symbols\":[\"a,b\"]}}");
            assertThat(agent.next("error").at("/data/error/code").asText()).isEqualTo("bad_request");
        }
    }

    @Test
    void krakens_public_quotes_need_no_credentials() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = RunningGateway.start(
                        folder.resolve("data"), "upstream.kind=kraken", "upstream.base_url=" + upstream.baseUrl())) {
            awaitStreamed(gateway, "BTC%2FUSD");
            assertThat(gateway.get("/api/token").body().get("state").asText()).isEqualTo("unavailable");
            assertThat(upstream.count("by_type")).isZero();
        }
    }
}
