package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What grouping brings on this machine: rows of 200 bytes a second, durable, by number of senders. */
@Tag("long")
class WriteBenchmarkTest {
    private static final Duration RUN = Duration.ofSeconds(3);

    private static final String INSERT = "INSERT INTO bench (id, text) VALUES (?, ?)";

    private static final String TABLE = "CREATE TABLE bench (id BIGINT PRIMARY KEY, text VARCHAR)";

    private static final String TEXT = "x".repeat(200);

    private final TimeSource time = TimeSource.system();

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    @Test
    void grouped_writes_beat_single_commits_on_h2() throws Exception {
        String url = "jdbc:h2:file:" + temp.resolve("raw") + ";WRITE_DELAY=0";
        Optional<String> sync = Optional.of("CHECKPOINT SYNC");
        double single = raw(url, "sa", "", sync, 1);
        double batch = raw(url, "sa", "", sync, 256);
        Settings.Db settings = new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
        assertThat(measure("H2", settings, single, batch)).isGreaterThan(5 * single);
    }

    @Test
    void grouped_writes_beat_single_commits_on_postgresql() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            Settings.Db settings = server.settings();
            String url = settings.url().orElseThrow() + "?reWriteBatchedInserts=true";
            double single = raw(url, "postgres", "postgres", Optional.empty(), 1);
            double batch = raw(url, "postgres", "postgres", Optional.empty(), 256);
            // Migrations want a schema of their own.
            server.execute("DROP TABLE bench");
            // This server does not sync, so that a single commit is cheaper than on a real one.
            assertThat(measure("PostgreSQL", settings, single, batch)).isGreaterThan(2 * single);
        }
    }

    private double measure(String name, Settings.Db settings, double single, double batch) throws Exception {
        System.err.printf(
                "%s: raw JDBC: %.0f rows/s in single commits, %.0f rows/s in batches of 256%n", name, single, batch);
        Database database = await(Database.open(vertx, settings, DataFolder.open(temp.resolve("data"))));
        await(database.write(c -> c.update("DROP TABLE IF EXISTS bench")));
        await(database.write(c -> c.update(TABLE)));
        AtomicLong id = new AtomicLong();
        grouped(database, id, 256);
        double best = 0;
        for (int senders : new int[] {1, 16, 64, 256, 1024}) {
            long units = database.units();
            long groups = database.groups();
            double rate = grouped(database, id, senders);
            best = Math.max(best, rate);
            System.err.printf(
                    "%s: %d senders: %.0f rows/s, %.1f × single commits, %.2f × batches, %.1f rows a group%n",
                    name,
                    senders,
                    rate,
                    rate / single,
                    rate / batch,
                    (double) (database.units() - units) / (database.groups() - groups));
        }
        await(database.close());
        await(vertx.close());
        return best;
    }

    private double raw(String url, String user, String password, Optional<String> afterEach, int rowsEach)
            throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("DROP TABLE IF EXISTS bench");
            statement.execute(TABLE);
            connection.commit();
            double rate = 0;
            long id = 0;
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                // The first round warms up.
                for (int round = 0; round < 2; round++) {
                    long begun = time.nanos();
                    long before = id;
                    while (time.nanos() - begun < RUN.toNanos()) {
                        for (int i = 0; i < rowsEach; i++) {
                            insert.setLong(1, id++);
                            insert.setString(2, TEXT);
                            insert.addBatch();
                        }
                        insert.executeBatch();
                        connection.commit();
                        if (afterEach.isPresent()) {
                            statement.execute(afterEach.get());
                        }
                    }
                    rate = (id - before) * 1e9 / (time.nanos() - begun);
                }
            }
            return rate;
        }
    }

    private double grouped(Database database, AtomicLong id, int senders) throws Exception {
        long begun = time.nanos();
        long until = begun + RUN.toNanos();
        long before = database.units();
        Promise<Void> done = Promise.promise();
        vertx.runOnContext(turn -> {
            int[] running = {senders};
            for (int i = 0; i < senders; i++) {
                send(database, id, until, () -> {
                    if (--running[0] == 0) {
                        done.complete();
                    }
                });
            }
        });
        await(done.future());
        return (database.units() - before) * 1e9 / (time.nanos() - begun);
    }

    private void send(Database database, AtomicLong id, long until, Runnable ended) {
        if (time.nanos() > until) {
            ended.run();
            return;
        }
        long row = id.getAndIncrement();
        database.write(c -> {
                    c.defer(INSERT, row, TEXT);
                    return row;
                })
                .onComplete(written -> send(database, id, until, ended));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(60, TimeUnit.SECONDS);
    }
}
