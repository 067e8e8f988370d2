package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What time does to sessions: deadlines, silence, ends of tokens, clocks that are set. */
@Tag("alone")
class AgentTimeIT {
    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private RunningGateway gateway;
    private Agents agents;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), time, "agents.registration_timeout=1s");
        agents = new Agents(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_socket_that_does_not_register_in_time_is_closed_4408() {
        WsClient silent = WsClient.connect(gateway.ws("/ws/agent"));
        WsClient talkative = WsClient.connect(gateway.ws("/ws"));
        talkative.send("{\"subject\":\"agent.heartbeat\"}");
        assertThat(code(talkative.next())).isEqualTo("not_registered");

        assertThat(silent.closed().code()).isEqualTo(4408);
        assertThat(talkative.closed().code()).isEqualTo(4408);
    }

    @Test
    void an_agent_without_heartbeats_goes_stale_then_offline_with_1001() {
        WsClient stream = WsClient.connect(gateway.ws("/ws/agents"));
        stream.next("snapshot");
        WsClient agent = agents.register("agent-1");
        stream.next("agent_registered");

        time.advance(Duration.ofSeconds(46));
        stream.send("{\"type\":\"ping\"}");
        agent.send("{\"subject\":\"test.echo\"}"); // is no heartbeat
        assertThat(stream.next("agent_status_changed").get("status").asText()).isEqualTo("stale");
        agent.send("{\"subject\":\"agent.heartbeat\"}");
        assertThat(stream.next("agent_status_changed").get("status").asText()).isEqualTo("online");

        time.advance(Duration.ofSeconds(46));
        stream.send("{\"type\":\"ping\"}");
        assertThat(stream.next("agent_status_changed").get("status").asText()).isEqualTo("stale");
        agent.send("{\"subject\":\"test.echo\"}");
        agent.next("test.echo");
        time.advance(Duration.ofSeconds(45));
        assertThat(agent.closed().code()).isEqualTo(1001);
        stream.send("{\"type\":\"ping\"}");
        assertThat(stream.next("agent_status_changed").get("status").asText()).isEqualTo("offline");
    }

    @Test
    void an_operators_stream_is_closed_4401_when_its_token_has_expired_leeway_included() {
        String bearer = "Bearer " + operatorToken();
        time.advance(Duration.ofHours(12).minusSeconds(10));
        WsClient stream = WsClient.connect(gateway.ws("/ws/agents"), "Authorization", bearer);
        stream.next("snapshot");

        time.advance(Duration.ofSeconds(35)); // 25 s of 30 s leeway
        stream.send("{\"type\":\"ping\"}");
        stream.next("pong");
        assertThat(gateway.get("/api/agents", "Authorization", bearer).status()).isEqualTo(200);

        time.advance(Duration.ofSeconds(6));
        assertThat(stream.closed().code()).isEqualTo(4401);
        assertThat(gateway.get("/api/agents", "Authorization", bearer).status()).isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/agents"), "Authorization", bearer))
                .isEqualTo(401);
    }

    @Test
    void a_wall_clock_that_is_set_closes_no_socket() {
        String bearer = "Bearer " + operatorToken();
        time.advance(Duration.ofHours(12).minusMinutes(30)); // half an hour of the session is left
        WsClient stream = WsClient.connect(gateway.ws("/ws/agents"), "Authorization", bearer);
        WsClient agent = agents.register("agent-1");

        for (Duration shift : new Duration[] {Duration.ofHours(1), Duration.ofHours(-2), Duration.ofHours(1)}) {
            time.shiftWallClock(shift);
            // Longer than two sweeps of the edge and a tick of the agents.
            await().during(Duration.ofMillis(1500))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> stream.isOpen()
                            && agent.isOpen()
                            && agents.status("agent-1").equals("online"));
        }
        stream.send("{\"type\":\"ping\"}").next("pong");
        agent.send("{\"subject\":\"agent.heartbeat\"}").next("agent.heartbeat.ack");
    }

    @Test
    void a_revoked_agent_is_out_within_a_second_and_stays_out_after_a_restart() {
        String token = agents.permanentToken("agent-1");
        WsClient agent = agents.connect(token);

        long before = time.nanos();
        assertThat(gateway.delete("/api/agents/agent-1").status()).isEqualTo(204);
        assertThat(agent.closed().code()).isEqualTo(4401);
        assertThat(Duration.ofNanos(time.nanos() - before)).isLessThan(Duration.ofSeconds(1));
        assertThat(WsClient.refusal(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token))
                .isEqualTo(401);

        gateway.close();
        start();
        assertThat(WsClient.refusal(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token))
                .isEqualTo(401);
        WsClient late = WsClient.connect(gateway.ws("/ws/agent"));
        late.send("{\"subject\":\"agent.register\",\"data\":{\"token\":\"" + token + "\"}}");
        assertThat(code(late.next())).isEqualTo("unauthorized");
        assertThat(late.closed().code()).isEqualTo(4401);
    }

    @Test
    void the_old_token_of_a_rotation_ends_its_session_after_the_overlap() {
        String old = agents.permanentToken("agent-1");
        WsClient agent = agents.connect(old);
        String fresh = gateway.post(
                        "/api/agents/agent-1/rotate-token", "{}", "Authorization", "Bearer " + RunningGateway.PASSWORD)
                .body()
                .get("token")
                .asText();

        agents.connect(old).close(); // both are good for a while
        agent.closed();
        WsClient last = agents.connect(old);
        time.advance(Duration.ofSeconds(30));
        last.send("{\"subject\":\"agent.heartbeat\"}").next("agent.heartbeat.ack");
        time.advance(Duration.ofMinutes(9).plusSeconds(31));
        assertThat(last.closed().code()).isIn(4401, 1001); // silent for that long, too
        assertThat(WsClient.refusal(gateway.ws("/ws/agent"), "Authorization", "Bearer " + old))
                .isEqualTo(401);
        agents.connect(fresh).close();
    }

    private String operatorToken() {
        return gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .body()
                .get("token")
                .asText();
    }

    private static String code(JsonNode frame) {
        return frame.path("data").path("error").path("code").asText();
    }
}
