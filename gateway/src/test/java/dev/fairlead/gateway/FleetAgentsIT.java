package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.Fleet;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An agent may be connected to any node, and all nodes show it. */
class FleetAgentsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    static Path temp;

    private static Fleet fleet;
    private static RunningGateway n1;
    private static RunningGateway n2;

    @BeforeAll
    static void start() throws Exception {
        fleet = new Fleet(postgres.server().settings(), temp);
        n1 = fleet.start(1);
        n2 = fleet.start(2);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void every_node_lists_and_streams_an_agent_with_the_node_it_is_connected_to() {
        WsClient stream = WsClient.connect(n2.ws("/ws/agents"));
        stream.next("snapshot");

        WsClient agent = new Agents(n1).register("a");

        JsonNode told = stream.next("agent_registered");
        assertThat(told.get("node").asText()).isEqualTo(n1.gateway().node());
        assertThat(agent("a", n2)).isEqualTo(agent("a", n1));

        agent.close();
        assertThat(stream.next("agent_status_changed").get("status").asText()).isEqualTo("offline");
        assertThat(agent("a", n2)).isEqualTo(agent("a", n1));
    }

    @Test
    void a_newer_connection_replaces_the_older_one_on_whichever_node_that_is() {
        WsClient older = WsClient.connect(n1.ws("/ws/agent"), "Authorization", "Bearer " + n2.registrationToken("b"));
        String token = older.next("agent.register.ack").at("/data/token").asText();

        WsClient newer = new Agents(n2).connect(token);

        assertThat(older.closed().code()).isEqualTo(4409);
        for (RunningGateway node : List.of(n1, n2)) {
            await().atMost(SOON).until(() -> agent("b", node)
                    .get("node")
                    .asText()
                    .equals(n2.gateway().node()));
            assertThat(agent("b", node).get("status").asText()).isEqualTo("online");
        }
        assertThat(newer.isOpen()).isTrue();
    }

    @Test
    void an_agent_that_is_revoked_at_one_node_is_gone_at_all() {
        WsClient agent = new Agents(n1).register("c");
        new Agents(n2).awaitOnline("c");

        assertThat(n2.delete("/api/agents/c").status()).isLessThan(300);

        assertThat(agent.closed().code()).isEqualTo(4401);
        await().atMost(SOON).until(() -> n1.get("/api/agents/c").status() == 404);
        assertThat(n2.get("/api/agents/c").status()).isEqualTo(404);
    }

    @Test
    void agents_of_two_nodes_ask_each_other() {
        WsClient asker = new Agents(n1).register("d");
        WsClient worker = new Agents(n2).register("e");
        new Agents(n1).awaitOnline("e");

        asker.send("{\"subject\":\"agents.e.work\",\"data\":1}");
        JsonNode asked = worker.next("work");
        worker.send("{\"subject\":\"" + asked.get("reply").asText() + "\",\"data\":2}");

        assertThat(asker.next("agents.e.work.ack").get("data").asInt()).isEqualTo(2);
    }

    @Test
    void a_node_that_comes_later_shows_who_is_there_and_one_that_ends_takes_its_agents_with_it() {
        WsClient agent = new Agents(n1).register("f");
        RunningGateway n3 = fleet.start(3);
        await().atMost(SOON).untilAsserted(() -> assertThat(agent("f", n3)).isEqualTo(agent("f", n1)));
        WsClient its = new Agents(n3).register("g");
        new Agents(n1).awaitOnline("g");

        fleet.end(n3);

        assertThat(its.closed().code()).isNotZero();
        for (RunningGateway node : List.of(n1, n2)) {
            new Agents(node).awaitStatus("g", "offline");
        }
        assertThat(agent.isOpen()).isTrue();
    }

    private static JsonNode agent(String name, RunningGateway node) {
        return node.get("/api/agents/" + name).body();
    }
}
