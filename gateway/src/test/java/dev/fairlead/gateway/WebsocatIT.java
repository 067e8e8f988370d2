package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.Websocat;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who tries the gateway with websocat and nothing else. */
@ExtendWith(BlockedLoops.class)
class WebsocatIT {
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "ws.idle_timeout=2s", "ws.server_ping=500ms");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_stream_of_agents_begins_with_a_snapshot_and_shows_who_registers() {
        try (Websocat stream = Websocat.connect(gateway.ws("/ws/agents"));
                Websocat agent = Websocat.connect(gateway.ws("/ws/agent"))) {
            JsonNode snapshot = stream.next();
            assertThat(snapshot.get("type").asText()).isEqualTo("snapshot");
            assertThat(snapshot.get("agents")).isEmpty();

            agent.type("{\"subject\":\"agent.register\",\"reply\":\"inbox.1\",\"data\":{\"token\":\""
                    + gateway.registrationToken("agent-1") + "\"}}");
            JsonNode registered = agent.next();
            assertThat(registered.get("subject").asText()).isEqualTo("inbox.1");
            assertThat(registered.get("data").get("name").asText()).isEqualTo("agent-1");
            assertThat(registered.get("data").get("token").asText()).isNotEmpty();
            assertThat(agent.next().get("subject").asText()).isEqualTo("token.state");
            JsonNode online = stream.next();
            assertThat(online.get("type").asText()).isEqualTo("agent_registered");
            assertThat(online.get("name").asText()).isEqualTo("agent-1");

            agent.type("{\"subject\":\"agent.heartbeat\"}");
            assertThat(agent.next().get("subject").asText()).isEqualTo("agent.heartbeat.ack");
        }
    }

    @Test
    void a_typed_ping_is_answered_and_an_unknown_frame_refused_without_an_end() {
        try (Websocat stream = Websocat.connect(gateway.ws("/ws/agents"))) {
            stream.next();
            stream.type("{\"type\":\"surprise\"}");
            assertThat(stream.next().get("code").asText()).isEqualTo("unknown_type");
            stream.type("{\"type\":\"ping\"}");
            assertThat(stream.next().toString()).isEqualTo("{\"type\":\"pong\"}");
        }
    }

    @Test
    void a_line_that_is_no_frame_ends_a_stream() {
        try (Websocat stream = Websocat.connect(gateway.ws("/ws/agents"))) {
            stream.next();
            stream.type("hello");
            assertThat(stream.next().get("code").asText()).isEqualTo("invalid_frame");
            await().atMost(PATIENCE).until(() -> !stream.isConnected());
        }
    }

    @Test
    void an_agent_is_told_what_it_typed_wrong_and_stays_connected() {
        try (Websocat agent = Websocat.connect(gateway.ws("/ws/agent"))) {
            agent.type("hello");
            assertThat(errorOf(agent.next())).isEqualTo("invalid_json");
            agent.type("{\"subject\":\"test.echo\",\"data\":{}}");
            assertThat(errorOf(agent.next())).isEqualTo("not_registered");
            agent.type("{\"subject\":\"agent.register\",\"data\":{\"token\":\"wrong\"}}");
            assertThat(errorOf(agent.next())).isEqualTo("unauthorized");
            await().atMost(PATIENCE).until(() -> !agent.isConnected());
        }
    }

    @Test
    void one_that_only_listens_stays_connected_because_the_gateway_pings() {
        try (Websocat stream = Websocat.connect(gateway.ws("/ws/agents"))) {
            stream.next();
            await().during(IDLE.multipliedBy(3)).atMost(PATIENCE).until(stream::isConnected);
            stream.type("{\"type\":\"ping\"}");
            assertThat(stream.next().get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void one_that_only_listens_and_wants_no_pings_is_closed_as_idle() {
        WsClient reader = WsClient.connect(gateway.ws("/ws/agents?ping=0")); // tells the code, which websocat keeps
        try (Websocat stream = Websocat.connect(gateway.ws("/ws/agents?ping=0"), "-v")) {
            stream.next();
            await().atMost(PATIENCE).until(() -> !stream.isConnected());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(stream.complaints()).contains("Received WebSocket close message"));
        }
        assertThat(reader.closed().code()).isEqualTo(1001);
    }

    @Test
    void a_refused_upgrade_is_told_by_its_status() {
        try (Websocat stream = Websocat.connect(gateway.ws("/ws/agents?token=wrong"))) {
            await().atMost(PATIENCE).until(() -> !stream.isConnected());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(stream.complaints()).contains("401"));
        }
    }

    private static String errorOf(JsonNode envelope) {
        assertThat(envelope.get("subject").asText()).isEqualTo("error");
        return envelope.get("data").get("error").get("code").asText();
    }
}
