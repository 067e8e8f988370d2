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

/** Links to the dashboard that log a browser in. */
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

    private static String key(String text) {
        Matcher link = LINK.matcher(text);
        assertThat(link.find()).as(text).isTrue();
        return link.group(1);
    }

    private int logIn(String key) {
        return gateway.send("POST", "/api/login", "{\"key\":\"" + key + "\"}").statusCode();
    }
}
