package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.ConnectionState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand agents of one process, and what a gateway that was killed does when all of them come back. */
@Tag("slow")
class AgentStormIT {
    private static final int AGENTS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final Queue<String> losses = new ConcurrentLinkedQueue<>();
    private final List<AgentClient> agents = new ArrayList<>();
    private Vertx vertx;
    private ServedGateway gateway;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        gateway = ServedGateway.start(folder.resolve("data"));
    }

    @AfterEach
    void stop() {
        RunningGateway.await(vertx.close());
        gateway.close();
    }

    @Test
    void a_thousand_agents_echo_and_all_come_back_unrefused_after_the_gateway_was_killed() throws Exception {
        for (int i = 0; i < AGENTS; i++) {
            agents.add(agent("agent-" + i));
        }
        agents.forEach(AgentClient::start);
        await().atMost(PATIENCE).until(() -> ready.size() == AGENTS);
        List<Future<JsonObject>> echoes = new ArrayList<>();
        for (AgentClient agent : agents) {
            echoes.add(agent.request("test.echo", Map.of("said", "by " + echoes.size()), PATIENCE)
                    .map(answer -> new JsonObject(answer.toString())));
        }
        RunningGateway.await(Future.all(echoes));
        for (int i = 0; i < AGENTS; i++) {
            assertThat(echoes.get(i).result().getString("said")).isEqualTo("by " + i);
        }

        gateway.kill();
        await().atMost(PATIENCE).until(ready::isEmpty);
        gateway.start();
        losses.clear(); // of the time when nobody listened
        await().atMost(PATIENCE).until(() -> ready.size() == AGENTS);

        assertThat(losses)
                .filteredOn(reason -> !reason.contains("Connection refused"))
                .isEmpty();
        assertThat(gateway.get("/api/agents").get("agents"))
                .hasSize(AGENTS)
                .allMatch(agent -> agent.get("status").asText().equals("online"));
    }

    private AgentClient agent(String name) {
        AgentClientOptions options = AgentClientOptions.of(gateway.ws("").toString(), name)
                .withToken(gateway.registrationToken(name))
                .withTokenRoot(folder.resolve("agents"));
        return AgentClient.create(vertx, options).onState(state -> {
            if (state instanceof ConnectionState.Ready) {
                ready.add(name);
            } else if (state instanceof ConnectionState.Disconnected lost) {
                ready.remove(name);
                losses.add(lost.reason());
            } else if (state instanceof ConnectionState.Stopped end) {
                losses.add(end.reason());
            }
        });
    }
}
