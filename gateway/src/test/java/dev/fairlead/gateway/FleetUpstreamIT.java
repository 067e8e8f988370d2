package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One node of a fleet has the upstream, and all show what comes of it. */
class FleetUpstreamIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private final RunningSimulator upstream = RunningSimulator.start();
    private Fleet fleet;
    private RunningGateway holder;
    private RunningGateway other;

    @BeforeEach
    void start() throws Exception {
        fleet = new Fleet(
                postgres.server().settings(),
                temp,
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl());
        List<RunningGateway> nodes = List.of(fleet.start(1), fleet.start(2));
        await().atMost(SOON).until(() -> fleet.holders("upstream").size() == 1);
        holder = fleet.holders("upstream").get(0);
        other = nodes.get(0) == holder ? nodes.get(1) : nodes.get(0);
    }

    @AfterEach
    void stop() {
        fleet.close();
        upstream.close();
    }

    @Test
    void one_node_fetches_the_token_and_every_node_shows_it() {
        JsonNode valid = awaitToken(holder, "valid");
        JsonNode there = awaitToken(other, "valid");

        assertThat(there.get("fetched_at")).isEqualTo(valid.get("fetched_at"));
        assertThat(upstream.count("oauth_token")).isEqualTo(1);
    }

    @Test
    void a_node_that_has_it_not_has_it_renewed_and_streams_what_becomes_of_it() {
        awaitToken(other, "valid");
        WsClient stream = WsClient.connect(other.ws("/ws/token"));
        WsClient agent =
                WsClient.connect(other.ws("/ws/agent"), "Authorization", "Bearer " + holder.registrationToken("a"));
        agent.next("token.state");
        stream.next("snapshot");

        JsonNode renewed = other.post("/api/token/refresh", "{}").body();

        assertThat(renewed.get("state").asText()).isEqualTo("valid");
        assertThat(upstream.count("oauth_token")).isEqualTo(2);
        stream.next(frame -> frame.path("state").asText().equals("refreshing"));
        JsonNode news = stream.next(frame -> frame.path("state").asText().equals("valid"));
        assertThat(news.get("fetched_at")).isEqualTo(renewed.get("fetched_at"));
        agent.next(frame -> frame.at("/data/state").asText().equals("refreshing"));
        agent.next(frame -> frame.at("/data/state").asText().equals("valid"));
    }

    @Test
    void another_goes_on_when_the_holder_leaves() {
        JsonNode before = awaitToken(other, "valid");

        fleet.end(holder);

        await().atMost(SOON).untilAsserted(() -> {
            JsonNode now = other.get("/api/token").body();
            assertThat(now.get("state").asText()).isEqualTo("valid");
            assertThat(now.get("fetched_at")).isNotEqualTo(before.get("fetched_at"));
        });
        assertThat(upstream.count("oauth_token")).isEqualTo(2);
    }

    @Test
    void one_node_has_the_feed_and_every_node_serves_its_quotes() {
        awaitToken(other, "valid");
        await().atMost(SOON).until(() -> other.get("/api/quotes/SPY")
                .body()
                .path("source")
                .asText()
                .equals("dxlink"));
        assertThat(upstream.count("quote_tokens")).isEqualTo(1);

        WsClient stream = WsClient.connect(other.ws("/ws/quotes?symbols=AAPL"));
        stream.next(frame -> frame.path("symbol").asText().equals("AAPL")
                && frame.path("source").asText().equals("dxlink"));
        WsClient agent =
                WsClient.connect(other.ws("/ws/agent"), "Authorization", "Bearer " + holder.registrationToken("q"));
        agent.next("token.state");
        agent.send("{\"subject\":\"quote.subscribe\",\"data\":{\"symbols\":[\"MSFT\"]}}");
        agent.next("quote.update");

        fleet.end(holder);
        await().atMost(SOON).until(() -> other.get("/api/quotes/SPY")
                .body()
                .path("source")
                .asText()
                .equals("dxlink"));
        agent.next("quote.update");
    }

    private static JsonNode awaitToken(RunningGateway node, String state) {
        await().atMost(SOON)
                .until(() -> node.get("/api/token").body().get("state").asText().equals(state));
        return node.get("/api/token").body();
    }
}
