package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The upstream's token from a simulated upstream, over real sockets, to everybody who is told its state. */
@ExtendWith(BlockedLoops.class)
class TokensIT {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private RunningGateway gateway(RunningSimulator upstream) {
        return RunningGateway.start(
                folder.resolve("data"), "upstream.kind=simulator", "upstream.base_url=" + upstream.baseUrl());
    }

    private static void awaitState(RunningGateway gateway, String state) {
        await().atMost(SOON)
                .until(() ->
                        gateway.get("/api/token").body().get("state").asText().equals(state));
    }

    @Test
    void every_state_goes_to_rest_the_stream_the_events_and_the_agents() {
        try (RunningSimulator upstream = RunningSimulator.start(
                        TimeSource.system(), SimulatorOptions.onPort(0).withTokenLife(Duration.ofSeconds(10)));
                RunningGateway gateway = gateway(upstream)) {
            awaitState(gateway, "valid");
            WsClient stream = WsClient.connect(gateway.ws("/ws/token"));
            WsClient events = WsClient.connect(gateway.ws("/ws/events"));
            WsClient agent = WsClient.connect(
                    gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("agent-1"));

            assertThat(stream.next("snapshot").get("kind").asText()).isEqualTo("simulator");
            agent.next("token.state");
            for (String state : List.of("expiring_soon", "refreshing", "valid")) {
                JsonNode frame = stream.next(next -> next.get("state").asText().equals(state));
                assertThat(frame.get("type").asText()).isEqualTo("token_state");
                agent.next(next -> next.path("subject").asText().equals("token.state")
                        && next.at("/data/state").asText().equals(state));
                events.next(next -> next.get("type").asText().equals("token_event")
                        && next.get("state").asText().equals(state));
            }
            assertThat(gateway.get("/metrics").raw().body()).contains("fairlead_token_fetches_total");
        }
    }

    @Test
    void invalid_grant_is_asked_once_and_again_when_the_operator_says_so() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.INVALID_GRANT, 1);
            try (RunningGateway gateway = gateway(upstream)) {
                awaitState(gateway, "unavailable");
                JsonNode refused = gateway.get("/api/token").body();
                assertThat(refused.get("reason").asText()).startsWith("invalid_grant");
                assertThat(upstream.count("oauth_token")).isEqualTo(1);

                var renewed = gateway.post("/api/token/refresh", "{}");

                assertThat(renewed.body().get("state").asText()).isEqualTo("valid");
                assertThat(upstream.count("oauth_token")).isEqualTo(2);
                await().atMost(SOON)
                        .until(() -> gateway.get("/api/audit").raw().body().contains("token.refresh"));
            }
        }
    }

    @Test
    void invalid_request_after_a_success_passes_and_the_token_is_used_meanwhile() {
        MovableTime time = new MovableTime();
        try (RunningSimulator upstream = RunningSimulator.start(time, SimulatorOptions.onPort(0))) {
            try (RunningGateway gateway = RunningGateway.start(
                    folder.resolve("data"),
                    time,
                    "upstream.kind=simulator",
                    "upstream.base_url=" + upstream.baseUrl())) {
                awaitState(gateway, "valid");
                upstream.faults().on(Fault.INVALID_REQUEST);
                gateway.post("/api/token/refresh", "{}");

                JsonNode token = gateway.get("/api/token").body();
                assertThat(token.get("state").asText()).isEqualTo("refreshing");
                assertThat(token.get("reason").asText())
                        .isEqualTo("invalid_request: User is not a TastyTrade customer");
                assertThat(gateway.get("/api/health")
                                .body()
                                .at("/checks/token/status")
                                .asText())
                        .isEqualTo("degraded");
                assertThat(gateway.get("/api/quotes/AAPL").status()).isEqualTo(200);
                long calls = upstream.count("oauth_token");
                time.advance(Duration.ofSeconds(50));
                assertThat(upstream.count("oauth_token")).isEqualTo(calls);
                upstream.faults().clear();
                time.advance(Duration.ofSeconds(15));
                awaitState(gateway, "valid");
            }
        }
    }

    @Test
    void invalid_request_before_any_success_is_terminal_and_says_what_the_upstream_said() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.INVALID_REQUEST, 1);
            try (RunningGateway gateway = gateway(upstream)) {
                awaitState(gateway, "unavailable");
                assertThat(gateway.get("/api/token").body().get("reason").asText())
                        .contains("User is not a TastyTrade customer");
            }
        }
    }

    @Test
    void an_upstream_that_is_not_there_is_named_with_its_address_and_no_class() {
        try (RunningGateway gateway = RunningGateway.start(
                folder.resolve("data"), "upstream.kind=simulator", "upstream.base_url=http://127.0.0.1:1")) {
            await().atMost(SOON)
                    .until(() -> gateway.get("/api/token").body().has("reason")
                            && !gateway.get("/api/token").body().get("reason").isNull());
            assertThat(gateway.get("/api/token").body().get("reason").asText())
                    .isEqualTo("the simulator does not answer: 127.0.0.1:1: the connection was refused; nothing listens"
                            + " there");
        }
    }

    @Test
    void fifty_who_ask_while_a_fetch_is_under_way_cause_no_other() throws Exception {
        ExecutorService askers = Executors.newFixedThreadPool(50);
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.HANG, 1);
            try (RunningGateway gateway = gateway(upstream)) {
                await().atMost(SOON).until(() -> upstream.count("hanging") == 1);

                List<CompletableFuture<Integer>> answers = IntStream.range(0, 50)
                        .mapToObj(i -> CompletableFuture.supplyAsync(
                                () -> gateway.post("/api/token/refresh", "{}").status(), askers))
                        .toList();
                answers.forEach(CompletableFuture::join);

                assertThat(upstream.count("oauth_token")).isLessThanOrEqualTo(2);
                awaitState(gateway, "valid");
                assertThat(upstream.count("oauth_token")).isEqualTo(2);
            }
        } finally {
            askers.shutdown();
        }
    }

    @Test
    void a_message_that_requires_the_token_waits_until_it_is_valid() {
        try (RunningSimulator upstream = RunningSimulator.start()) {
            upstream.faults().on(Fault.INVALID_GRANT, 1);
            try (RunningGateway gateway = gateway(upstream)) {
                awaitState(gateway, "unavailable");
                WsClient agent = new Agents(gateway).register("agent-1");
                String held = gateway.post(
                                "/api/messages",
                                "{\"to\":\"agent-1\",\"type\":\"t\",\"payload\":1,\"requires\":\"token.valid\"}")
                        .body()
                        .get("message_id")
                        .asText();
                String other = gateway.post(
                                "/api/messages",
                                "{\"from\":\"agent-9\",\"to\":\"agent-1\",\"type\":\"t\",\"payload\":2}")
                        .body()
                        .get("message_id")
                        .asText();

                JsonNode first = agent.next("message.deliver").get("data");
                assertThat(first.get("message_id").asText()).isEqualTo(other);
                gateway.post("/api/token/refresh", "{}");
                assertThat(agent.next(
                                frame -> frame.at("/data/message_id").asText().equals(held)))
                        .isNotNull();
            }
        }
    }

    @Test
    void without_an_upstream_there_is_no_token_and_nothing_else_amiss() {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"))) {
            assertThat(gateway.get("/api/token").body().get("state").asText()).isEqualTo("unavailable");
            assertThat(gateway.post("/api/token/refresh", "{}").status()).isEqualTo(409);
            assertThat(gateway.get("/api/health").status()).isEqualTo(200);
        }
    }

    @Test
    void a_required_upstream_without_credentials_does_not_start() {
        assertThatThrownBy(() ->
                        RunningGateway.start(folder.resolve("data"), "upstream.kind=kraken", "upstream.required=true"))
                .hasStackTraceContaining("KRAKEN_API_KEY");
    }
}
