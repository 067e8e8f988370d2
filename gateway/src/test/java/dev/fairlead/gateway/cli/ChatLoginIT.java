package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead chat} that is open for longer than its token is good. */
class ChatLoginIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LIFE = Duration.ofHours(12).plusSeconds(31); // leeway included

    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), time, "auth.mode=required", "ws.idle_timeout=24h");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void who_has_the_password_goes_on_with_another_token() {
        try (GatewayProcess chat = chat("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD)) {
            time.advance(LIFE);
            await().atMost(PATIENCE).until(() -> chat.err().contains("the token has expired; next attempt"));
            chat.type("/instances");
            await().atMost(PATIENCE).until(() -> chat.err().contains("→ list_instances"));
            chat.endInput();
            assertThat(chat.exitCode()).isZero();
            assertThat(chat.output()).doesNotContain(RunningGateway.PASSWORD);
        }
    }

    @Test
    void who_has_but_the_token_is_told_that_it_is_over() {
        String token = gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .body()
                .get("token")
                .asText();
        try (GatewayProcess chat = chat("FAIRLEAD_TOKEN", token)) {
            time.advance(LIFE);
            assertThat(chat.exitCode()).isEqualTo(4);
            assertThat(chat.err()).contains("closed with 4401").doesNotContain(token);
        }
    }

    /** A chat that has been answered once. */
    private GatewayProcess chat(String variable, String credential) {
        GatewayProcess chat = GatewayProcess.run(
                folder, Map.of("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port(), variable, credential), "chat");
        chat.type("/help");
        await().atMost(PATIENCE).until(() -> chat.out().contains("/instances") || !chat.running());
        return chat;
    }
}
