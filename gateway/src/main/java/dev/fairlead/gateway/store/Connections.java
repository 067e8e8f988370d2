package dev.fairlead.gateway.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;

/** The connections of either database, for the readers and for the writer. Safe for use by several threads. */
final class Connections implements AutoCloseable {
    /** Milliseconds a reader waits for a connection: with two tries still well under 5 s. */
    private static final long CONNECT_MS = 2_000;

    private final HikariDataSource pool;

    private final Optional<H2Source> h2;

    private final Optional<PostgresSource> postgresql;

    private Connections(HikariDataSource pool, Optional<H2Source> h2, Optional<PostgresSource> postgresql) {
        this.pool = pool;
        this.h2 = h2;
        this.postgresql = postgresql;
    }

    /**
     * Opens the first connection.
     *
     * @throws IOException if the database refuses; the message names it and what to check, never a password
     */
    static Connections open(DatabaseUrl url, Settings.Db settings, StoreFiles files, DataFolder folder)
            throws IOException {
        HikariConfig config = new HikariConfig();
        config.setPoolName("fairlead-db");
        // One generation of readers may still drain while the next opens; migrations and a backup come on top.
        config.setMaximumPoolSize(2 * settings.poolSize() + 2);
        // The connection that proves the database to be there is kept: one that is closed at once closes an embedded
        // database with it, which the next would have to open anew.
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MS);
        config.setValidationTimeout(CONNECT_MS / 2);
        Optional<H2Source> h2 = Optional.empty();
        Optional<PostgresSource> postgresql = Optional.empty();
        try {
            if (url.dialect() == Dialect.H2) {
                H2Source source = new H2Source(url, settings, files);
                config.setDataSource(source);
                h2 = Optional.of(source);
            } else {
                PostgresSource source = PostgresSource.open(url.value(), settings);
                config.setDataSource(source);
                postgresql = Optional.of(source);
            }
            HikariDataSource pool = new HikariDataSource(config);
            pool.setMinimumIdle(0);
            return new Connections(pool, h2, postgresql);
        } catch (SQLException | RuntimeException e) {
            throw new IOException(refusal(url, folder, e), e);
        }
    }

    DataSource source() {
        return pool;
    }

    Connection connect() throws SQLException {
        return pool.getConnection();
    }

    /**
     * A connection of the caller's own, beside the pool: that one tries for its whole patience where a server refuses
     * at once, and keeps the reason to itself.
     */
    Connection open() throws SQLException {
        return h2.isPresent()
                ? h2.get().getConnection()
                : postgresql.orElseThrow().getConnection();
    }

    Dialect dialect() {
        return h2.isPresent() ? Dialect.H2 : Dialect.POSTGRESQL;
    }

    /** From now on only connections to that database are given; those opened before are let go of. */
    void expect(StoreIdentity identity) {
        h2.ifPresent(source -> source.expect(identity));
        postgresql.ifPresent(source -> source.expect(identity));
    }

    /** Whether a pooler stands between, so that each transaction has to say for itself what it needs. */
    boolean pooled() {
        return postgresql.map(PostgresSource::pooled).orElse(false);
    }

    /** Rises when connections opened before it are known to be dead; always 0 where each dies by itself. */
    int generation() {
        return h2.map(H2Source::generation).orElse(0);
    }

    /** Lets go of one that {@link #open} gave and that cannot be trusted; waits for no server's word. */
    void discard(Connection connection) {
        try {
            if (postgresql.isPresent()) {
                connection.abort(Runnable::run);
            } else {
                connection.close();
            }
        } catch (SQLException | RuntimeException e) {
            // Said already, by what made it untrusted; the session is gone nevertheless.
        }
    }

    /** Lets no connection of that generation be used again. Blocks while they are closed. */
    void renew(int broken) {
        try {
            h2.ifPresent(source -> source.reopen(broken));
        } finally {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static String refusal(DatabaseUrl url, DataFolder folder, Throwable failure) {
        if (Damage.is(failure)) {
            return Damage.refusal(url.toString(), folder, failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                if (e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
                    return "The database " + url + " is in use by another process, most likely another gateway."
                            + " Stop that one, or give this one its own data_dir.";
                }
                return "The database " + url + " does not open (SQLState " + e.getSQLState() + "): " + e.getMessage()
                        + ". Check db.url, db.user and db.password, and that it runs.";
            }
        }
        return "The database " + url + " does not open: " + failure.getMessage() + ". Check db.url.";
    }
}
