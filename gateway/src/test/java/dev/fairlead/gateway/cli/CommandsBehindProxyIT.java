package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands speak to a gateway over TLS and below a path, as it is behind a proxy, by REST and by every socket. */
class CommandsBehindProxyIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private String url;

    @BeforeEach
    void start() throws Exception {
        TlsFiles files = TlsFiles.make(folder, "localhost");
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "auth.mode=required",
                "http.base_path=/fairlead",
                "http.tls_cert=" + files.certificate(),
                "http.tls_key=" + files.key());
        url = "https://localhost:" + gateway.port() + "/fairlead/";
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void rest_sockets_chat_and_agents() {
        GatewayProcess create = run("token", "create", "greeter");
        assertThat(create.exitCode()).as(create.err()).isZero();
        Map<String, String> registering =
                Map.of("FAIRLEAD_URL", url, "FAIRLEAD_TOKEN", create.out().strip());
        try (GatewayProcess agent = under(registering, "agent");
                GatewayProcess ws = run("ws", "/ws/agents");
                GatewayProcess chat = run("chat")) {
            await().atMost(PATIENCE).until(() -> agent.err().contains("registered") || !agent.running());
            assertThat(agent.running()).as(agent.err()).isTrue();
            await().atMost(PATIENCE).until(() -> ws.out().contains("\"snapshot\"") || !ws.running());
            assertThat(ws.running()).as(ws.err()).isTrue();
            chat.type("/help");
            await().atMost(PATIENCE).until(() -> chat.out().contains("/instances") || !chat.running());
            assertThat(chat.running()).as(chat.err()).isTrue();
            try (GatewayProcess list = run("agents", "ls")) {
                assertThat(list.exitCode()).as(list.err()).isZero();
                assertThat(list.out()).containsPattern("greeter +online");
            }
        }
    }

    private GatewayProcess run(String... command) {
        return under(Map.of("FAIRLEAD_URL", url, "FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD), command);
    }

    private GatewayProcess under(Map<String, String> environment, String... command) {
        List<String> trusting = List.of(
                "-XX:TieredStopAtLevel=1",
                "-Djavax.net.ssl.trustStore=" + folder.resolve("store.p12"),
                "-Djavax.net.ssl.trustStorePassword=changeit");
        return GatewayProcess.under(List.of(), trusting, folder, environment, List.of(command));
    }
}
