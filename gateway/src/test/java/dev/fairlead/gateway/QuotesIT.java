package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Quotes from a simulated upstream, over real sockets, to whoever asks. */
@ExtendWith(BlockedLoops.class)
class QuotesIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private RunningGateway gateway(RunningSimulator upstream) {
        RunningGateway gateway = RunningGateway.start(
                folder.resolve("data"), "upstream.kind=simulator", "upstream.base_url=" + upstream.baseUrl());
        await().atMost(SOON)
                .until(() ->
                        gateway.get("/api/token").body().get("state").asText().equals("valid"));
        return gateway;
    }

    @Test
    void a_quote_is_given_by_rest_and_to_agents() {
        try (RunningSimulator upstream = RunningSimulator.start();
                RunningGateway gateway = gateway(upstream)) {
            JsonNode quote = gateway.get("/api/quotes/BTC%2FUSD").body();
            assertThat(quote.get("symbol").asText()).isEqualTo("BTC/USD");
            assertThat(quote.get("bid").decimalValue())
                    .isLessThan(quote.get("ask").decimalValue());

            JsonNode several =
                    gateway.get("/api/quotes?symbols=AAPL,%20%2FESZ6,SPX").body();
            assertThat(several.at("/quotes/1/symbol").asText()).isEqualTo("/ESZ6");
            assertThat(several.get("quotes")).hasSize(3);

            WsClient agent = WsClient.connect(
                    gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("agent-1"));
            agent.next("token.state");
            agent.send("{\"subject\":\"quote.get\",\"reply\":\"inbox.1\",\"data\":{\"symbol\":\"AAPL\"}}");
            JsonNode answer = agent.next("inbox.1").get("data");
            assertThat(answer.get("received_at").isIntegralNumber()).isTrue();
            assertThat(answer.get("ask").decimalValue()).isPositive();
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
}
