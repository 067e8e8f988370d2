package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guessing at the admin password is slow, from this machine too. */
@Tag("attack")
class GuessingIT {
    @TempDir
    static Path folder;

    private static final MovableTime TIME = new MovableTime();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"), TIME);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void a_minute_passes() {
        TIME.advance(Duration.ofSeconds(61));
    }

    @Test
    void after_five_wrong_passwords_a_minute_even_the_right_one_must_wait() {
        for (int i = 0; i < 5; i++) {
            assertThat(login("wrong-" + i).status()).isEqualTo(401);
        }
        RunningGateway.Reply sixth = login("wrong-5");
        assertThat(sixth.status()).isEqualTo(429);
        assertThat(Integer.parseInt(
                        sixth.raw().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 60);
        assertThat(login(RunningGateway.PASSWORD).status()).isEqualTo(429);
        assertThat(withHeader(RunningGateway.PASSWORD)).isEqualTo(429);

        TIME.advance(Duration.ofSeconds(61));
        assertThat(login(RunningGateway.PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void guesses_in_the_header_count_like_those_at_the_login() {
        assertThat(IntStream.range(0, 3).map(i -> withHeader("wrong-" + i))).containsOnly(401);
        assertThat(login("wrong").status()).isEqualTo(401);
        assertThat(login("wrong").status()).isEqualTo(401);

        assertThat(withHeader("wrong")).isEqualTo(429);
    }

    @Test
    void right_passwords_are_not_counted() {
        for (int i = 0; i < 12; i++) {
            assertThat(login(RunningGateway.PASSWORD).status()).isEqualTo(200);
        }
        assertThat(IntStream.range(0, 5).map(i -> login("wrong").status())).containsOnly(401);
    }

    @Test
    void many_right_passwords_at_once_are_all_let_in() {
        try (RunningGateway fresh = RunningGateway.start(folder.resolve("fresh"))) {
            List<CompletableFuture<Integer>> answers = IntStream.range(0, 12)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> fresh.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                                    .status()))
                    .toList();

            assertThat(answers.stream().map(CompletableFuture::join)).containsOnly(200);
        }
    }

    @Test
    void a_token_in_the_query_and_a_public_path_are_no_tries() {
        for (int i = 0; i < 12; i++) {
            assertThat(gateway.get("/api/agents?token=wrong-" + i).status()).isEqualTo(401);
            assertThat(gateway.get("/api/health?token=wrong-" + i).status()).isEqualTo(200);
            assertThat(gateway.get("/api/session", "Authorization", "Bearer wrong-" + i)
                            .body()
                            .path("proof")
                            .asText())
                    .isEqualTo("none");
        }
        assertThat(gateway.get("/api/agents?token=" + RunningGateway.PASSWORD.replace(' ', '+'))
                        .status())
                .isEqualTo(401);
        assertThat(login(RunningGateway.PASSWORD).status()).isEqualTo(200);
    }

    private static RunningGateway.Reply login(String password) {
        return gateway.post("/api/login", "{\"password\":\"" + password + "\"}");
    }

    private static int withHeader(String password) {
        return gateway.get("/api/agents", "Authorization", "Bearer " + password).status();
    }
}
