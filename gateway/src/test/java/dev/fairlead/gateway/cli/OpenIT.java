package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.CuttableLink;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links to the dashboard that log a browser in. */
@Tag("attack")
class OpenIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/#key=([A-Za-z0-9_-]{43})\\s");

    @TempDir
    Path home;

    private GatewayProcess gateway;

    @BeforeEach
    void serve() {
        gateway = GatewayProcess.serve(home, Map.of(), "--port", "0", "--set", "auth.mode=required");
        await().atMost(PATIENCE).until(() -> gateway.out().contains("Admin password") || !gateway.running());
    }

    @AfterEach
    void end() {
        gateway.close();
    }

    @Test
    void where_everybody_needs_a_token_serve_gives_a_link() {
        assertThat(gateway.out()).contains("Log in once, within an hour: ");
        String key = key(gateway.out());
        assertThat(logIn(key)).isEqualTo(200);
        assertThat(logIn(key)).isEqualTo(401);
    }

    @Test
    void open_gives_a_link_to_who_has_the_data_folder() {
        try (GatewayProcess open = run("open")) {
            assertThat(open.exitCode()).as(open.err()).isZero();
            assertThat(open.out().lines()).hasSize(1);
            assertThat(open.err()).contains("Good until");
            String key = key(open.out());
            assertThat(logIn(key)).isEqualTo(200);
            assertThat(logIn(key)).isEqualTo(401);
        }
    }

    @Test
    void open_gives_a_link_to_who_has_the_password_alone() throws IOException {
        String password =
                Files.readString(home.resolve(".fairlead/admin-password")).strip();
        Map<String, String> elsewhere = Map.of("FAIRLEAD_ADMIN_PASSWORD", password, "FAIRLEAD_URL", url());
        Path other = Files.createDirectory(home.resolve("other"));
        try (GatewayProcess open = GatewayProcess.run(other, elsewhere, "open", "--output", "json");
                GatewayProcess none = GatewayProcess.run(other, Map.of("FAIRLEAD_URL", url()), "open")) {
            assertThat(open.exitCode()).as(open.err()).isZero();
            assertThat(logIn(FrameCodec.tree(open.out()).path("url").asText().split("=", 2)[1]))
                    .isEqualTo(200);
            assertThat(none.exitCode()).isEqualTo(4);
            assertThat(none.out()).isEmpty();
        }
    }

    /**
     * Whoever took the port while the gateway was away, and passes on what comes to the real one, which is elsewhere.
     */
    @Test
    void what_passes_on_to_the_gateway_is_not_the_gateway_and_gets_neither_key_nor_password_nor_token()
            throws IOException {
        try (CuttableLink relay = CuttableLink.to(gateway.port())) {
            Map<String, String> relayed = Map.of("FAIRLEAD_URL", relay.http().toString());
            Path token = home.resolve(".fairlead/agents/greeter/token");
            Files.createDirectories(token.getParent());
            Files.writeString(token, "kept\n");
            for (String[] command :
                    new String[][] {{"open"}, {"token", "create", "greeter"}, {"agent", "--name", "greeter"}}) {
                try (GatewayProcess asked = GatewayProcess.run(home, relayed, command)) {
                    assertThat(asked.exitCode()).as(asked.err()).isEqualTo(4);
                    assertThat(asked.out()).isEmpty();
                    assertThat(asked.err()).contains("did not prove to be your gateway", "--data-dir");
                }
            }
        }
        try (Stream<Path> keys = Files.list(home.resolve(".fairlead/login-keys"))) {
            assertThat(keys).as("that of the start alone").hasSize(1);
        }
    }

    private GatewayProcess run(String... command) {
        return GatewayProcess.run(home, Map.of("FAIRLEAD_URL", url()), command);
    }

    private String url() {
        return "http://localhost:" + gateway.port();
    }

    private static String key(String text) {
        Matcher link = LINK.matcher(text);
        assertThat(link.find()).as(text).isTrue();
        return link.group(1);
    }

    private int logIn(String key) {
        return gateway.send("POST", "/api/login", "{\"key\":\"" + key + "\"}").statusCode();
    }
}
