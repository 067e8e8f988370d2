package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.HttpReceiver;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One node of a fleet watches over what calls for attention; all show it, and it is told once. */
@Tag("alone")
class FleetAlertsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private final HttpReceiver http = new HttpReceiver();
    private Fleet fleet;

    @BeforeEach
    void start() throws Exception {
        fleet = new Fleet(
                postgres.server().settings(),
                temp,
                "alerts.webhook_url=" + http.url("/hook"),
                "alerts.rules=agent_gone=1s");
    }

    @AfterEach
    void stop() {
        fleet.close();
        http.close();
    }

    @Test
    void an_alert_is_told_once_also_where_the_node_that_told_it_leaves() {
        RunningGateway n1 = fleet.start(1);
        RunningGateway n2 = fleet.start(2);
        String token = new Agents(n1).permanentToken("a");
        for (RunningGateway node : List.of(n1, n2)) {
            await().atMost(SOON).until(() -> states(node), List.of("a firing")::equals);
        }
        await().atMost(SOON).until(this::told, List.of("firing a")::equals);
        RunningGateway owner = fleet.holders("janitor").get(0);
        RunningGateway other = owner == n1 ? n2 : n1;
        String id = alerts(other).get("alerts").get(0).get("id").asText();
        assertThat(other.post("/api/alerts/" + id + "/silence", "{\"for_seconds\":600}")
                        .status())
                .isLessThan(300);
        assertThat(alerts(owner).get("alerts").get(0).has("silenced_until")).isTrue();
        JsonNode before = alerts(owner).get("alerts");

        fleet.end(owner);

        await().atMost(SOON).ignoreExceptions().until(() -> alerts(other).get("alerts"), before::equals);
        assertThat(told()).containsExactly("firing a");
        try (WsClient agent = new Agents(other).connect(token)) {
            await().atMost(SOON).until(() -> states(other), List.of("a resolved")::equals);
            assertThat(agent.isOpen()).isTrue();
        }
        assertThat(told()).filteredOn("firing a"::equals).hasSize(1);
    }

    private static JsonNode alerts(RunningGateway node) {
        return node.get("/api/alerts").body();
    }

    private static List<String> states(RunningGateway node) {
        return StreamSupport.stream(alerts(node).path("alerts").spliterator(), false)
                .map(alert -> alert.path("subject").asText() + " "
                        + alert.path("state").asText())
                .toList();
    }

    private List<String> told() {
        return http.at("/hook").stream()
                .flatMap(post -> StreamSupport.stream(
                        FrameCodec.tree(post.body()).path("alerts").spliterator(), false))
                .map(alert -> alert.path("status").asText() + " "
                        + alert.path("subject").asText())
                .toList();
    }
}
