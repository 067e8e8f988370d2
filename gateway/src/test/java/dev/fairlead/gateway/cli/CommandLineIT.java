package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the shipped jar that need no gateway. */
class CommandLineIT {

    @TempDir
    Path home;

    @Test
    void help_is_printed() {
        try (GatewayProcess help = run("--help")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).contains("Usage: fairlead", "serve", "completion");
            assertThat(help.err()).isEmpty();
        }
    }

    @Test
    void the_config_in_force_is_printed_without_secrets() {
        Map<String, String> environment = Map.of("FAIRLEAD_ADMIN_PASSWORD", "c4n4ry", "FAIRLEAD_HTTP_PORT", "1234");
        try (GatewayProcess config = GatewayProcess.run(home, environment, "serve", "--print-config")) {
            assertThat(config.exitCode()).isZero();
            assertThat(config.out())
                    .contains("port: 1234  # environment variable FAIRLEAD_HTTP_PORT")
                    .contains("data_dir: ~/.fairlead")
                    .doesNotContain("c4n4ry");
            assertThat(config.err()).isEmpty();
        }
    }

    @Test
    void a_rehearsal_ends_by_itself_and_takes_no_setting_of_the_environment() {
        Map<String, String> environment =
                Map.of("FAIRLEAD_DATA_DIR", home.resolve("kept").toString());
        String folder = home.resolve("rehearsal").toString();
        try (GatewayProcess rehearsal = GatewayProcess.run(home, environment, "serve", "--rehearse", folder)) {
            assertThat(rehearsal.exitCode()).as(rehearsal.err()).isZero();
            assertThat(home.resolve("rehearsal/fairlead.mv.db")).exists();
            assertThat(home.resolve("kept")).doesNotExist();
        }
    }

    @Test
    void a_misspelt_setting_stops_the_start() {
        try (GatewayProcess serve = GatewayProcess.run(home, Map.of("FAIRLEAD_HTTP_PROT", "1"), "serve")) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.err()).contains("did you mean FAIRLEAD_HTTP_PORT?");
        }
    }

    @Test
    void a_public_address_without_tls_does_not_start_and_says_how() {
        try (GatewayProcess serve = run("serve", "--host", "0.0.0.0")) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.err()).contains("http.tls_cert", "FAIRLEAD_ADMIN_PASSWORD");
        }
    }

    @Test
    void a_gateway_that_is_not_there_is_unreachable() throws IOException {
        String nowhere = "http://127.0.0.1:" + freePort();
        for (String[] command : new String[][] {
            {"agents", "ls", "--gateway-url", nowhere},
            {"token", "create", "a1", "--gateway-url", nowhere},
            {"ws", "/ws/agents", "--gateway-url", nowhere}
        }) {
            try (GatewayProcess call = run(command)) {
                assertThat(call.exitCode()).isEqualTo(3);
                assertThat(call.out()).isEmpty();
                assertThat(call.err()).contains("Cannot reach the gateway at " + nowhere);
            }
        }
    }

    @Test
    void an_agent_without_a_token_stops_at_once_and_says_how_to_get_one() {
        try (GatewayProcess agent = run("agent", "--name", "greeter")) {
            assertThat(agent.exitCode()).isEqualTo(4);
            assertThat(agent.err()).contains("fairlead token create greeter");
        }
    }

    @Test
    void an_agent_waits_for_its_gateway_and_ends_cleanly_when_told() throws IOException {
        Map<String, String> environment =
                Map.of("FAIRLEAD_TOKEN", "c4n4ry", "FAIRLEAD_URL", "http://127.0.0.1:" + freePort());
        try (GatewayProcess agent = GatewayProcess.run(home, environment, "agent", "--name", "greeter")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> agent.err().contains("next attempt"));
            agent.terminate();
            assertThat(agent.exitCode()).isZero();
            assertThat(agent.err()).doesNotContain("c4n4ry");
        }
    }

    @Test
    void the_doctor_finds_a_fresh_machine_well() {
        try (GatewayProcess doctor = run("doctor", "--port", "0", "--output", "json")) {
            assertThat(doctor.exitCode()).isZero();
            assertThat(doctor.out()).startsWith("{\"ok\":true,");
        }
    }

    @Test
    void the_doctor_tells_a_port_that_is_taken() throws IOException {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess doctor = run("doctor", "--port", Integer.toString(held.getLocalPort()))) {
            assertThat(doctor.exitCode()).isEqualTo(1);
            assertThat(doctor.out()).contains("fault    port", "--port");
        }
    }

    @Test
    void completion_is_a_script_that_bash_takes() throws IOException, InterruptedException {
        try (GatewayProcess completion = run("completion", "bash")) {
            assertThat(completion.exitCode()).isZero();
            Process bash = new ProcessBuilder("bash", "-n").start();
            try (var script = bash.outputWriter()) {
                script.write(completion.out());
            }
            assertThat(bash.waitFor()).isZero();
        }
    }

    private GatewayProcess run(String... args) {
        return GatewayProcess.run(home, Map.of(), args);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
