package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.OwnTransactions;
import dev.fairlead.gateway.time.TimeSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** One row after the other, each in a durable transaction of its own, on one connection: what a disk gives alone. */
@OwnTransactions("it measures what a commit costs without the writer")
final class CommitLoad implements Load {
    private static final String TABLE = "fairlead_bench_commits";
    private static final String TEXT = "x".repeat(200);

    private final TimeSource time;
    private final Connection connection;
    private final Statement statement;
    private final PreparedStatement insert;
    private final boolean h2;
    private long id;

    private CommitLoad(TimeSource time, Connection connection, boolean h2) throws SQLException {
        this.time = time;
        this.connection = connection;
        this.h2 = h2;
        connection.setAutoCommit(false);
        statement = connection.createStatement();
        statement.execute("DROP TABLE IF EXISTS " + TABLE);
        statement.execute("CREATE TABLE " + TABLE + " (id BIGINT PRIMARY KEY, text VARCHAR)");
        connection.commit();
        insert = connection.prepareStatement("INSERT INTO " + TABLE + " (id, text) VALUES (?, ?)");
    }

    /** Into a table of its own: in the database of the settings, or in an H2 file of its own in {@code folder}. */
    static CommitLoad open(TimeSource time, Settings.Db db, Path folder) {
        boolean h2 = db.url().isEmpty();
        String url = db.url().orElse("jdbc:h2:file:" + folder.resolve("single-commits") + ";WRITE_DELAY=0");
        try {
            Connection connection = DriverManager.getConnection(
                    url,
                    db.user().orElse(h2 ? "sa" : null),
                    db.password().map(Secret::reveal).orElse(h2 ? "" : null));
            return new CommitLoad(time, connection, h2);
        } catch (SQLException e) {
            throw new IllegalStateException("The database for single commits does not open", e);
        }
    }

    @Override
    public Sample round(Duration duration) {
        Histogram latencies = Sample.histogram();
        long start = time.nanos();
        long now = start;
        long done = 0;
        try {
            while (now - start < duration.toNanos()) {
                insert.setLong(1, id++);
                insert.setString(2, TEXT);
                insert.executeUpdate();
                connection.commit();
                if (h2) {
                    statement.execute("CHECKPOINT SYNC"); // a commit of H2 alone does not reach the disk
                }
                long before = now;
                now = time.nanos();
                latencies.recordValue(now - before);
                done++;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("A single commit failed", e);
        }
        return new Sample(done, now - start, latencies);
    }

    @Override
    public void close() {
        try (connection) {
            statement.execute("DROP TABLE " + TABLE);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("The table " + TABLE + " could not be removed", e);
        }
    }
}
