package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that did not run for a while: a frozen machine, a closed lid. */
class FrozenIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Duration FROZEN = Duration.ofSeconds(13);

    @TempDir
    Path folder;

    @Test
    void no_socket_that_spoke_meanwhile_is_closed_after_the_process_was_stopped() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.serve(
                folder,
                Map.of("FAIRLEAD_ADMIN_PASSWORD", PASSWORD),
                "--port",
                "0",
                "--data-dir",
                folder.resolve("data").toString(),
                "--set",
                "ws.idle_timeout=10s",
                "--set",
                "ws.server_ping=0",
                "--set",
                "agents.heartbeat_interval=1s",
                "--set",
                "agents.stale_after=5s",
                "--set",
                "agents.offline_after=10s")) {
            gateway.port();
            WsClient agent = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token(gateway));
            agent.next("token.state");
            WsClient stream = WsClient.connect(gateway.ws("/ws/agents"), "Authorization", "Bearer " + login(gateway));
            stream.next("snapshot");

            signal(gateway, "-STOP");
            int[] beats = {0};
            await().atMost(FROZEN.multipliedBy(3))
                    .pollInterval(FROZEN.dividedBy(9))
                    .until(() -> {
                        agent.send("{\"subject\":\"agent.heartbeat\"}");
                        stream.send("{\"type\":\"ping\"}");
                        return ++beats[0] > 9;
                    });
            signal(gateway, "-CONT");

            for (int i = 0; i < beats[0]; i++) {
                assertThat(agent.next("agent.heartbeat.ack")).isNotNull();
                stream.next("pong");
            }
            // Judged again by now: both are there still.
            for (int i = 0; i < 4; i++) {
                await().pollDelay(Duration.ofSeconds(1)).until(() -> {
                    agent.send("{\"subject\":\"agent.heartbeat\"}");
                    stream.send("{\"type\":\"ping\"}");
                    return true;
                });
            }
            assertThat(agent.isOpen()).isTrue();
            assertThat(stream.isOpen()).isTrue();
            agent.close();
            stream.close();
        }
    }

    private static String token(GatewayProcess gateway) throws IOException {
        return FrameCodec.tree(gateway.send(
                                "POST",
                                "/api/admin/tokens",
                                "{\"agent_name\":\"agent-1\"}",
                                "Authorization",
                                "Bearer " + PASSWORD)
                        .body()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .get("token")
                .asText();
    }

    private static String login(GatewayProcess gateway) throws IOException {
        return FrameCodec.tree(gateway.send("POST", "/api/login", "{\"password\":\"" + PASSWORD + "\"}")
                        .body()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .get("token")
                .asText();
    }

    private static void signal(GatewayProcess gateway, String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(gateway.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
