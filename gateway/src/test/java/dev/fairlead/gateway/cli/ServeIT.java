package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped jar as a gateway, and the commands that speak to it. */
class ServeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern ADDRESS = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/");

    @TempDir
    Path home;

    private GatewayProcess gateway;
    private String url;

    @BeforeEach
    void serve() {
        gateway = GatewayProcess.run(home, Map.of(), "serve", "--port", "0");
        await().atMost(PATIENCE).until(() -> gateway.out().contains("Admin password") || !gateway.running());
        Matcher address = ADDRESS.matcher(gateway.out());
        assertThat(address.find()).as(gateway.err()).isTrue();
        url = address.group(1);
    }

    @AfterEach
    void end() {
        gateway.close();
    }

    @Test
    void it_says_where_it_is_what_is_open_and_where_the_new_password_lies() {
        assertThat(gateway.out())
                .contains("Open to: this machine alone; the user who runs it needs no token here (auth.mode=auto), all"
                        + " others do")
                .contains("Before you forward this port", "auth.mode=required")
                .doesNotContain("#key=")
                .contains("Admin password, newly made: " + home.resolve(".fairlead/admin-password"));
    }

    @Test
    void sigterm_ends_it_in_order() {
        gateway.terminate();
        assertThat(gateway.exitCode()).isZero();
    }

    @Test
    void a_port_that_is_taken_is_told_with_the_option_that_mends_it() {
        String port = url.substring(url.lastIndexOf(':') + 1);
        String other = home.resolve("other").toString();
        try (GatewayProcess second = run("serve", "--port", port, "--data-dir", other)) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err()).contains("--port");
        }
    }

    @Test
    void a_data_folder_that_is_taken_is_told() {
        try (GatewayProcess second = run("serve", "--port", "0")) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err()).contains("in use by another gateway");
        }
    }

    @Test
    void the_doctor_knows_a_gateway_that_runs() {
        String port = url.substring(url.lastIndexOf(':') + 1);
        try (GatewayProcess doctor = run("doctor", "--port", port)) {
            assertThat(doctor.exitCode()).as(doctor.out()).isZero();
            assertThat(doctor.out()).contains("held by a gateway that runs", "in use by the gateway that runs");
        }
    }

    @Test
    void a_wrong_password_is_unauthorised_and_shows_nowhere() {
        Map<String, String> wrong = Map.of("FAIRLEAD_URL", url, "FAIRLEAD_ADMIN_PASSWORD", "c4n4ry");
        try (GatewayProcess create = GatewayProcess.run(home, wrong, "token", "create", "greeter")) {
            assertThat(create.exitCode()).isEqualTo(4);
            assertThat(create.out()).isEmpty();
            assertThat(create.err() + gateway.err() + gateway.out()).doesNotContain("c4n4ry");
        }
    }

    @Test
    void a_websocket_with_a_bad_token_is_unauthorised() {
        try (GatewayProcess ws =
                GatewayProcess.run(home, Map.of("FAIRLEAD_URL", url, "FAIRLEAD_TOKEN", "x"), "ws", "/ws/agents")) {
            assertThat(ws.exitCode()).isEqualTo(4);
        }
    }

    @Test
    void an_agent_registers_with_a_token_made_here_and_keeps_its_own() {
        String token = newToken("greeter");
        try (GatewayProcess first = agent(Map.of("FAIRLEAD_URL", url, "FAIRLEAD_TOKEN", token))) {
            await().atMost(PATIENCE).until(() -> first.err().contains("registered"));
            try (GatewayProcess list = run("agents", "ls", "--gateway-url", url)) {
                assertThat(list.exitCode()).isZero();
                assertThat(list.out()).containsPattern("greeter +online");
            }
            first.terminate();
            assertThat(first.exitCode()).isZero();
        }
        try (GatewayProcess again = agent(Map.of("FAIRLEAD_URL", url))) {
            await().atMost(PATIENCE).until(() -> again.err().contains("registered"));
            try (GatewayProcess revoke = run("agents", "revoke", "greeter", "--gateway-url", url)) {
                assertThat(revoke.exitCode()).as(revoke.err()).isZero();
            }
            assertThat(again.exitCode()).isEqualTo(4);
        }
    }

    @Test
    void a_stream_is_followed_until_told_to_end_even_while_the_gateway_is_away() {
        try (GatewayProcess ws = run("ws", "/ws/agents", "--gateway-url", url, "--reconnect")) {
            await().atMost(PATIENCE).until(() -> ws.out().contains("{\"type\":\"snapshot\""));
            gateway.terminate();
            await().atMost(PATIENCE).until(() -> ws.err().contains("next attempt"));
            ws.terminate();
            assertThat(ws.exitCode()).isZero();
        }
    }

    private String newToken(String name) {
        try (GatewayProcess create = run("token", "create", name, "--gateway-url", url)) {
            assertThat(create.exitCode()).as(create.err()).isZero();
            return create.out().strip();
        }
    }

    private GatewayProcess agent(Map<String, String> environment) {
        return GatewayProcess.run(home, environment, "agent", "--name", "greeter");
    }

    private GatewayProcess run(String... args) {
        return GatewayProcess.run(home, Map.of(), args);
    }
}
