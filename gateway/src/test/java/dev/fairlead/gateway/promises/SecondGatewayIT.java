package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One database, one gateway: a second one is refused, and one that lost its hold writes nothing. */
class SecondGatewayIT {
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = gateway("first");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_second_gateway_on_the_same_database_does_not_start_and_says_why() {
        assertThatThrownBy(() -> gateway("second"))
                .rootCause()
                .hasMessageContaining("is in use by another gateway")
                .hasMessageContaining("db.url");
        assertThat(create()).isEqualTo(201);
    }

    @Test
    void after_the_first_has_stopped_the_next_starts() {
        gateway.close();
        gateway = gateway("second");
        assertThat(create()).isEqualTo(201);
    }

    @Test
    void a_lost_hold_is_taken_again() throws SQLException {
        for (int i = 0; i < 2; i++) {
            try (Connection other = postgres.server().connect();
                    Statement statement = other.createStatement()) {
                statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'fairlead-guard%'");
            }
            await().atMost(RECOVERY).until(() -> create() == 201 && locks() == 1);
        }
    }

    @Test
    void a_gateway_that_cannot_take_its_hold_again_accepts_nothing() throws SQLException {
        try (Connection other = postgres.server().connect();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name LIKE 'fairlead-guard%'");
            statement.execute("SELECT pg_advisory_lock(hashtext('dev.fairlead.gateway'), hashtext(current_schema()))");
            await().atMost(RECOVERY).until(() -> create() == 503);
            assertThat(gateway.get("/api/health").status()).isEqualTo(503);
        }
        await().atMost(RECOVERY).until(() -> create() == 201);
    }

    @Test
    void a_database_that_another_gateway_has_opened_meanwhile_is_not_written_to() throws SQLException {
        try (Connection other = postgres.server().connect();
                Statement statement = other.createStatement()) {
            statement.execute("UPDATE store_state SET opened_by = 'another start'");
        }
        postgres.server().killBackends();
        await().atMost(RECOVERY).until(() -> create() == 503);
        await().during(Duration.ofSeconds(2)).atMost(RECOVERY).until(() -> create() == 503);
    }

    private RunningGateway gateway(String folder) {
        return RunningGateway.start(
                temp.resolve(folder),
                "db.url=" + postgres.server().settings().url().orElseThrow(),
                "db.user=postgres",
                "db.password=postgres");
    }

    private int create() {
        return gateway.post(
                        "/api/admin/tokens",
                        "{\"agent_name\":\"later\"}",
                        "Authorization",
                        "Bearer " + RunningGateway.PASSWORD)
                .status();
    }

    private static int locks() throws SQLException {
        try (Connection connection = postgres.server().connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) {
            row.next();
            return row.getInt(1);
        }
    }
}
