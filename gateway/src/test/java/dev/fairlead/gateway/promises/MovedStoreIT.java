package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored goes to where it is looked for at the next start, or is not acknowledged. */
class MovedStoreIT {
    private static final Duration NOTICED = Duration.ofSeconds(3);
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @TempDir
    Path temp;

    private Path data;
    private Path file;
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        data = temp.resolve("data");
        file = data.resolve("fairlead.mv.db");
        gateway = RunningGateway.start(data);
        assertThat(create()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_moved_data_folder_is_noticed_before_the_next_acknowledgement_and_may_come_back() throws IOException {
        Path away = Files.move(data, temp.resolve("away"));
        assertThat(create()).isEqualTo(503);
        assertThat(health()).contains(data + " is gone", away.toString());
        assertThat(data).as("nothing is made anew").doesNotExist();
        Files.move(away, data);
        await().atMost(RECOVERY).until(() -> create() == 201);
        RunningGateway.Reply health = gateway.get("/api/health");
        assertThat(health.status()).as(health.raw().body()).isEqualTo(200);
    }

    @Test
    void a_deleted_database_file_is_noticed_without_a_write_and_named() throws IOException {
        Files.delete(file);
        await().atMost(NOTICED).until(() -> gateway.get("/api/health").status() == 503);
        assertThat(health()).contains(file + " is gone");
        assertThat(create()).isEqualTo(503);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_database_file_put_in_place_of_the_open_one_is_not_written_to() throws IOException {
        Path copy = Files.copy(file, temp.resolve("copy"));
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(create()).isEqualTo(503);
        assertThat(health()).contains(file + " was replaced by another");
    }

    private String health() {
        return gateway.get("/api/health")
                .body()
                .path("checks")
                .path("store")
                .path("detail")
                .asText();
    }

    private int create() {
        return gateway.post(
                        "/api/admin/tokens",
                        "{\"agent_name\":\"later\"}",
                        "Authorization",
                        "Bearer " + RunningGateway.PASSWORD)
                .status();
    }
}
