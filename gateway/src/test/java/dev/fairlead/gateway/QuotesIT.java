package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quotes from a simulated upstream, over real sockets, to whoever asks. */
@ExtendWith(BlockedLoops.class)
class QuotesIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private RunningGateway gateway(RunningSimulator upstream, String... settings) {
        return gateway(upstream, TimeSource.system(), settings);
    }

    private RunningGateway gateway(RunningSimulator upstream, TimeSource time, String... settings) {
        List<String> all =
                new ArrayList<>(List.of("upstream.kind=simulator", "upstream.base_url=" + upstream.baseUrl()));
        all.addAll(List.of(settings));
        return RunningGateway.start(folder.resolve("data"), time, all.toArray(String[]::new));
    }

    private static String source(RunningGateway gateway, String symbol) {
        return gateway.get("/api/quotes/" + symbol).body().path("source").asText();
    }

    /** Until the feed has brought a quote of {@code symbol}, which it is asked for with that. */
    private static void awaitStreamed(RunningGateway gateway, String symbol) {
        await().atMost(SOON).until(() -> source(gateway, symbol).equals("dxlink"));
    }

    private static WsClient agent(RunningGateway gateway, String name) {
        WsClient agent =
                WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken(name));
        agent.next("token.state");
        return agent;
    }

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
    void futures_their_options_and_cryptocurrencies_stream_under_the_names_that_were_asked_for() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            String contract = upstream.activeFuture();
            String option = "." + contract + " EW4Z6 261224C5750";
            for (String symbol : List.of(contract, "/ES", option, "BTC/USD", ".AAPL261219C200")) {
                awaitStreamed(gateway, symbol.replace("/", "%2F").replace(" ", "%20"));
            }
            long before = upstream.count("instruments_futures");
            WsClient stream = WsClient.connect(gateway.ws("/ws/quotes?symbols=" + contract + ",/ES"));
            stream.next("snapshot");
            stream.next(frame -> frame.path("symbol").asText().equals(contract));
            stream.next(frame -> frame.path("symbol").asText().equals("/ES"));
            assertThat(upstream.count("instruments_futures")).isEqualTo(before);
        }
    }

    @Test
    void a_product_streams_its_next_contract_once_it_has_rolled() {
        MovableTime time = new MovableTime();
        try (RunningSimulator upstream = RunningSimulator.start(time, SimulatorOptions.onPort(0));
                RunningGateway gateway = gateway(upstream, time, "quotes.symbols=/ES")) {
            awaitStreamed(gateway, "%2FES");
            assertThat(upstream.count("dxlink.add." + streamed(upstream.activeFuture())))
                    .isPositive();
            upstream.faults().on(Fault.FUTURES_ROLLED);
            String next = streamed(upstream.activeFuture());
            assertThat(upstream.count("dxlink.add." + next)).isZero();
            time.advance(Duration.ofMinutes(61));
            await().atMost(SOON).until(() -> upstream.count("dxlink.add." + next) > 0);
            awaitStreamed(gateway, "%2FES");
        }
    }

    /** What the feed calls the contract {@code /ESZ6}. */
    private static String streamed(String contract) {
        return contract.substring(0, contract.length() - 1) + "2" + contract.substring(contract.length() - 1) + ":XCME";
    }

    @Test
    void a_symbol_that_nobody_knows_is_an_error_to_who_asked_and_costs_nobody_else_a_quote() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            upstream.faults().on(Fault.CHANNEL_ERROR);
            awaitStreamed(gateway, "AAPL");
            WsClient stream = WsClient.connect(gateway.ws("/ws/quotes?symbols=/ESX6,NOSUCH,AAPL"));
            WsClient agent = agent(gateway, "agent-1");
            agent.send("{\"subject\":\"quote.subscribe\",\"data\":{\"symbols\":[\"/NQX6\",\"AAPL\"]}}");

            Set<String> refused = new HashSet<>();
            stream.next(frame -> {
                if (frame.path("type").asText().equals("symbol_error")) {
                    refused.add(frame.get("symbol").asText());
                }
                frame.path("unknown").fieldNames().forEachRemaining(refused::add);
                return refused.size() == 2;
            });
            assertThat(refused).containsExactlyInAnyOrder("/ESX6", "NOSUCH");
            assertThat(agent.next(frame -> frame.path("subject").asText().equals("error"))
                            .at("/data/error/symbol")
                            .asText())
                    .isEqualTo("/NQX6");
            agent.next("quote.update");
            stream.next(frame -> frame.path("symbol").asText().equals("AAPL"));
            var rest = gateway.get("/api/quotes/%2FESX6");
            assertThat(rest.status()).isEqualTo(503);
            assertThat(rest.body().at("/error/message").asText()).contains("/ESX6", "knows no such");
            assertThat(upstream.count("dxlink_connections")).isEqualTo(1);
        }
    }

    @Test
    void a_symbol_that_only_silence_answers_is_an_error_within_seconds() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            awaitStreamed(gateway, "AAPL");
            WsClient stream = WsClient.connect(gateway.ws("/ws/quotes?symbols=NOSUCH"));
            assertThat(stream.next("symbol_error").get("message").asText()).contains("NOSUCH", "knows no such symbol");
            WsClient second = WsClient.connect(gateway.ws("/ws/quotes?symbols=NOSUCH"));
            assertThat(second.next("snapshot").get("unknown").has("NOSUCH")).isTrue();
            assertThat(gateway.get("/api/quotes/NOSUCH").status()).isEqualTo(503);
        }
    }

    @Test
    void a_slash_that_lost_its_percent_sign_is_refused_and_no_share_is_quoted_for_it() {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"))) {
            var refused = gateway.get("/api/quotes//ES");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().at("/error/message").asText()).contains("%2FES");
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
    void symbols_are_bounded_and_the_refusal_names_the_setting() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream, "quotes.max_symbols=2", "quotes.symbols=A,B")) {
            var refused = gateway.get("/api/quotes/C");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body().at("/error/message").asText()).contains("quotes.max_symbols");
            WsClient agent = agent(gateway, "agent-1");
            agent.send("{\"subject\":\"quote.subscribe\",\"data\":{\"symbols\":[\"C\"]}}");
            assertThat(agent.next("error").at("/data/error/code").asText()).isEqualTo("too_many_requests");
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
