package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys of links that log a browser in: asked for with the password, good once and not for long, one of the few tries.
 */
@Tag("attack")
class LoginLinkIT {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;

    private final MovableTime time = new MovableTime();

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), time, "auth.mode=required");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_key_logs_in_once_and_within_ten_minutes() {
        String key = key();
        String other = key();
        RunningGateway.Reply in = logIn(key);
        assertThat(in.status()).isEqualTo(200);
        assertThat(in.body().path("session_key").asText()).isNotEmpty();
        assertThat(in.raw().headers().allValues("set-cookie")).isNotEmpty();
        assertThat(logIn(key).status()).isEqualTo(401);
        time.shiftWallClock(Duration.ofMinutes(10));
        assertThat(logIn(other).status()).isEqualTo(401);
    }

    @Test
    void it_is_given_for_the_password_alone_and_outlives_a_restart() {
        String key = key();
        assertThat(gateway.post("/api/admin/login-keys", "{}").status()).isEqualTo(401);
        gateway.close();
        gateway = RunningGateway.start(folder.resolve("data"), time, "auth.mode=required");
        assertThat(logIn(key).status()).isEqualTo(200);
    }

    @Test
    void neither_the_folder_nor_the_trail_has_the_key_itself() throws IOException {
        String used = key();
        String unused = key();
        logIn(used);
        await().untilAsserted(() -> assertThat(trail()).contains("login.key.create", "\"login\""));
        assertThat(trail()).doesNotContain(used, unused);
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file.toString()).doesNotContain(used, unused);
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(used, unused);
            }
        }
    }

    @Test
    void wrong_keys_are_tries_as_wrong_passwords_are_and_stand_in_the_trail() {
        String token = gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .body()
                .path("token")
                .asText();
        for (int i = 0; i < 5; i++) {
            assertThat(logIn("wrong-" + i).status()).isEqualTo(401);
        }
        RunningGateway.Reply locked = logIn("wrong");
        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.raw().headers().firstValue("retry-after")).isPresent();
        await().untilAsserted(() -> assertThat(refusedLogins("Bearer " + token)).isGreaterThanOrEqualTo(6));
    }

    @Test
    void password_and_key_are_one_or_the_other() {
        for (String body : List.of("{}", "{\"password\":\"x\",\"key\":\"y\"}")) {
            assertThat(gateway.post("/api/login", body).status()).isEqualTo(400);
        }
    }

    private long refusedLogins(String bearer) {
        long[] count = {0};
        gateway.get("/api/audit?limit=100", "Authorization", bearer)
                .body()
                .path("entries")
                .forEach(entry -> count[0] += entry.path("action").asText().equals("login")
                                && entry.path("outcome").asText().equals("refused")
                        ? entry.path("count").asLong()
                        : 0);
        return count[0];
    }

    private String trail() {
        return gateway.get("/api/audit?limit=100", "Authorization", ADMIN)
                .body()
                .toString();
    }

    private String key() {
        return gateway.post("/api/admin/login-keys", "{}", "Authorization", ADMIN)
                .body()
                .path("key")
                .asText();
    }

    private RunningGateway.Reply logIn(String key) {
        return gateway.post("/api/login", "{\"key\":\"" + key + "\"}", "X-Fairlead", "dashboard");
    }
}
