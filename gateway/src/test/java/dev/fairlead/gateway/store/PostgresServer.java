package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.testing.Tools;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgreSQL of its own for a test class. */
public final class PostgresServer implements AutoCloseable {
    private final EmbeddedPostgres server;

    private final Path folder;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
        this.folder = folder(server);
    }

    private static Path folder(EmbeddedPostgres server) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts one, or skips the test and says why. */
    public static PostgresServer start() {
        try {
            return new PostgresServer(EmbeddedPostgres.builder().start());
        } catch (IOException | IllegalStateException e) {
            Tools.missing("PostgreSQL does not start here: " + e.getMessage()
                    + ". As root it needs 'unshare -U' (user namespaces); run the tests as an ordinary user instead.");
            throw new AssertionError(e);
        }
    }

    /** For the gateway to connect with. */
    public Settings.Db settings() {
        return new Settings.Db(
                Optional.of("jdbc:postgresql://localhost:" + server.getPort() + "/postgres"),
                Optional.of("postgres"),
                Optional.of(Secret.of("postgres")),
                4);
    }

    /** As an administrator next to the gateway would. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.getPort() + "/postgres", "postgres", "postgres");
    }

    /** Ends every connection of the gateway the hard way. */
    public void killBackends() throws SQLException {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fairlead'");
    }

    /** From now on whoever connects waits for an answer that does not come, and whoever was connected is no more. */
    public void silence() throws SQLException {
        try (Connection last = connect();
                Statement statement = last.createStatement()) {
            signal("STOP");
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name LIKE 'fairlead%'");
        }
    }

    /** Ends the {@link #silence}. */
    public void answer() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            String pid = Files.readAllLines(folder.resolve("postmaster.pid")).get(0);
            int status = new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
            assertThat(status).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One server for all tests of a class. */
    public static final class OfTheClass implements BeforeAllCallback, AfterAllCallback {
        private Optional<PostgresServer> server = Optional.empty();

        @Override
        public void beforeAll(ExtensionContext context) {
            server = Optional.of(start());
        }

        @Override
        public void afterAll(ExtensionContext context) throws IOException {
            if (server.isPresent()) {
                server.get().close();
            }
        }

        public PostgresServer server() {
            return server.orElseThrow();
        }
    }
}
