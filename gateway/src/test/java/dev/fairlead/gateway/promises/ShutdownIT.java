package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a gateway's process, asked for or not. */
@Tag("alone")
class ShutdownIT {
    private static final String PASSWORD = "correct horse";
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @TempDir
    Path home;

    @Test
    void sigterm_under_load_closes_every_socket_with_1001_and_exits_0_in_time() {
        try (GatewayProcess gateway = serve()) {
            List<WsClient> sockets = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sockets.add(WsClient.connect(gateway.ws("/ws/agents")));
                WsClient agent = agent(gateway, registrationToken(gateway, "agent-" + i));
                agent.next("token.state");
                sockets.add(agent);
            }
            AtomicBoolean going = new AtomicBoolean(true);
            Thread load = new Thread(() -> {
                while (going.get()) {
                    for (int i = 1; i < sockets.size() && going.get(); i += 2) {
                        try {
                            sockets.get(i).send("{\"subject\":\"test.echo\",\"data\":{\"text\":\"under load\"}}");
                        } catch (RuntimeException closed) {
                            going.set(false);
                        }
                    }
                }
            });
            load.start();

            gateway.terminate();
            assertThat(gateway.exit(LIMIT)).isZero();
            going.set(false);
            assertThat(sockets.stream().map(socket -> socket.closed().code())).containsOnly(1001);
        }
    }

    @Test
    @Tag("slow")
    void sigterm_on_a_machine_that_others_keep_busy_tells_every_agent_and_exits_0_in_time() throws IOException {
        List<Process> others = new ArrayList<>();
        try (GatewayProcess gateway = serve()) {
            List<WsClient> agents = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                WsClient agent = agent(gateway, registrationToken(gateway, "agent-" + i));
                agent.next("token.state");
                agents.add(agent);
            }
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                others.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            agents.forEach(agent -> agent.send("{\"subject\":\"test.echo\",\"data\":1}"));

            gateway.terminate();
            assertThat(gateway.exit(LIMIT)).as(gateway.output()).isZero();
            assertThat(agents.stream().map(agent -> agent.closed().code())).containsOnly(1001);
        } finally {
            others.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void what_is_in_hand_is_finished_while_what_is_new_is_refused() {
        try (GatewayProcess gateway = serve()) {
            WsClient agent = agent(gateway, registrationToken(gateway, "agent-1"));
            agent.next("token.state");
            CompletableFuture<HttpResponse<String>> inHand = CompletableFuture.supplyAsync(() -> gateway.send(
                    "POST", "/api/agents/agent-1/request", "{\"subject\":\"work\",\"data\":{},\"timeout_ms\":9000}"));
            JsonNode question = agent.next("work");

            gateway.terminate();
            await().atMost(LIMIT)
                    .until(() -> gateway.send("GET", "/api/health", "").statusCode() == 503);
            HttpResponse<String> write = gateway.send("POST", "/api/login", "{\"password\":\"x\"}");
            assertThat(write.statusCode()).isEqualTo(503);
            assertThat(write.body()).contains("shutting_down");
            assertThat(WsClient.refusal(gateway.ws("/ws/agents"))).isEqualTo(503);
            assertThat(WsClient.refusal(gateway.ws("/ws/agent"))).isEqualTo(503);

            agent.send("{\"subject\":\"" + question.get("reply").asText() + "\",\"data\":{\"done\":true}}");
            assertThat(inHand.join().body()).isEqualTo("{\"done\":true}");
            assertThat(agent.closed().code()).isEqualTo(1001);
            assertThat(gateway.exit(LIMIT)).isZero();
        }
    }

    @Test
    void a_second_signal_ends_it_at_once() {
        try (GatewayProcess gateway = serve()) {
            WsClient agent = agent(gateway, registrationToken(gateway, "agent-1"));
            agent.next("token.state");
            CompletableFuture<HttpResponse<String>> inHand = CompletableFuture.supplyAsync(() -> gateway.send(
                    "POST", "/api/agents/agent-1/request", "{\"subject\":\"work\",\"data\":{},\"timeout_ms\":60000}"));
            agent.next("work");
            gateway.terminate();
            await().atMost(LIMIT).until(() -> gateway.output().contains("second signal"));

            gateway.terminate();

            assertThat(gateway.exit(Duration.ofSeconds(5))).isEqualTo(143);
            assertThat(inHand).isNotCancelled();
        }
    }

    @Test
    void after_kill_9_nobody_is_online_until_it_has_come_back() {
        String token;
        try (GatewayProcess gateway = serve()) {
            WsClient agent = agent(gateway, registrationToken(gateway, "agent-1"));
            token = agent.next("agent.register.ack").get("data").get("token").asText();
            agent.next("token.state");
            assertThat(status(gateway)).isEqualTo("online");
            gateway.kill();
        }
        try (GatewayProcess gateway = serve()) {
            assertThat(status(gateway)).isEqualTo("offline");
            try (WsClient stream = WsClient.connect(gateway.ws("/ws/agents"))) {
                assertThat(stream.next("snapshot")
                                .get("agents")
                                .get(0)
                                .get("status")
                                .asText())
                        .isEqualTo("offline");
            }

            WsClient agent = agent(gateway, token);
            agent.next("token.state");
            assertThat(status(gateway)).isEqualTo("online");
        }
    }

    private GatewayProcess serve() {
        return GatewayProcess.serve(home, Map.of("FAIRLEAD_ADMIN_PASSWORD", PASSWORD), "--port", "0");
    }

    private static String status(GatewayProcess gateway) {
        return FrameCodec.tree(gateway.send("GET", "/api/agents/agent-1", "").body())
                .get("status")
                .asText();
    }

    private static WsClient agent(GatewayProcess gateway, String token) {
        return WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token);
    }

    private static String registrationToken(GatewayProcess gateway, String name) {
        return FrameCodec.tree(gateway.send(
                                "POST",
                                "/api/admin/tokens",
                                "{\"agent_name\":\"" + name + "\"}",
                                "Authorization",
                                "Bearer " + PASSWORD)
                        .body())
                .get("token")
                .asText();
    }
}
