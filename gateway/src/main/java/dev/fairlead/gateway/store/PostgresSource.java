package dev.fairlead.gateway.store;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Opens connections to PostgreSQL, each held against the database that was opened first. Behind a pooler nothing is
 * left to a session, for there is none: no start-up options, no prepared statements of the server's. Safe for use by
 * several threads.
 */
final class PostgresSource implements DataSource {
    private final String url;

    private final Properties properties;

    private final boolean pooled;

    private volatile Optional<StoreIdentity> expected = Optional.empty();

    private PostgresSource(String url, Properties properties, boolean pooled) {
        this.url = url;
        this.properties = properties;
        this.pooled = pooled;
    }

    /** Looks, by a first connection, whether a pooler stands in between. */
    static PostgresSource open(String url, Settings.Db settings) throws SQLException {
        Properties properties = login(settings, "fairlead");
        properties.setProperty("reWriteBatchedInserts", "true");
        boolean pooled;
        try (Connection first = DriverManager.getConnection(url, unprepared(properties))) {
            pooled = isPooled(first);
        }
        return new PostgresSource(url, pooled ? unprepared(properties) : properties, pooled);
    }

    /** What every connection of the gateway logs in with; a server that went silent is noticed, whatever TCP thinks. */
    static Properties login(Settings.Db settings, String application) {
        Properties properties = new Properties();
        settings.user().ifPresent(user -> properties.setProperty("user", user));
        settings.password().map(Secret::reveal).ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", application);
        // Seconds.
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }

    /** A pooler answers the login with a process id of its own making, the server with that of the session. */
    static boolean isPooled(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
        }
    }

    /** Whether sessions are not the server's, so that each transaction has to say for itself what it needs. */
    boolean pooled() {
        return pooled;
    }

    /** From now on only connections to that database are given. */
    void expect(StoreIdentity identity) {
        expected = Optional.of(identity);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = DriverManager.getConnection(url, properties);
        try {
            if (!pooled) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET lock_timeout = " + DatabaseUrl.LOCK_MS);
                }
            }
            if (expected.isPresent()) {
                expected.get().check(connection);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("One user opens the database, the one of the settings");
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // The properties have it.
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    private static Properties unprepared(Properties properties) {
        Properties plain = new Properties();
        plain.putAll(properties);
        plain.setProperty("prepareThreshold", "0");
        return plain;
    }
}
