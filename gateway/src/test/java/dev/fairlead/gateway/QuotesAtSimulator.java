package dev.fairlead.gateway;

import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that takes its quotes from a simulated upstream, over real sockets. */
@ExtendWith(BlockedLoops.class)
abstract class QuotesAtSimulator {
    static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    RunningGateway gateway(RunningSimulator upstream, String... settings) {
        return gateway(upstream, TimeSource.system(), settings);
    }

    RunningGateway gateway(RunningSimulator upstream, TimeSource time, String... settings) {
        List<String> all =
                new ArrayList<>(List.of("upstream.kind=simulator", "upstream.base_url=" + upstream.baseUrl()));
        all.addAll(List.of(settings));
        return RunningGateway.start(folder.resolve("data"), time, all.toArray(String[]::new));
    }

    static String source(RunningGateway gateway, String symbol) {
        return gateway.get("/api/quotes/" + symbol).body().path("source").asText();
    }

    /** Until the feed has brought a quote of {@code symbol}, which it is asked for with that. */
    static void awaitStreamed(RunningGateway gateway, String symbol) {
        await().atMost(SOON).until(() -> source(gateway, symbol).equals("dxlink"));
    }

    static WsClient agent(RunningGateway gateway, String name) {
        WsClient agent =
                WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken(name));
        agent.next("token.state");
        return agent;
    }
}
