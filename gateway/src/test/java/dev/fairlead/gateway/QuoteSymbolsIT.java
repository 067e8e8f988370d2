package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What symbols are called upstream, and what is said of those that nobody knows. */
class QuoteSymbolsIT extends QuotesAtSimulator {
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
}
