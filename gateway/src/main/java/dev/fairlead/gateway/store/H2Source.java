package dev.fairlead.gateway.store;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/**
 * Opens connections to an embedded H2 database and, after a fault of the disk, the database itself anew.
 *
 * <p>A fault leaves the open database dead for good, and H2 keeps handing it out for as long as one of its connections
 * is open. Worse, a connection of the dead one that is closed later takes the new one out of H2's registry, which then
 * refuses its own file as already in use. So all connections are known here and closed before the next is opened.
 */
final class H2Source implements DataSource {
    private final JdbcDataSource opener;

    private final List<Connection> open = new ArrayList<>();

    private final StoreFiles files;

    private int generation;

    private Optional<StoreIdentity> expected = Optional.empty();

    /** @param files what has to be where it was for the database to be opened anew, lest a new one is made */
    H2Source(DatabaseUrl url, Settings.Db settings, StoreFiles files) {
        this.files = files;
        this.opener = opener(url, settings);
    }

    /** Opens that database as who the settings say is its administrator. */
    static JdbcDataSource opener(DatabaseUrl url, Settings.Db settings) {
        JdbcDataSource opener = new JdbcDataSource();
        opener.setURL(url.value());
        opener.setUser(settings.user().orElse("sa"));
        opener.setPassword(settings.password().map(Secret::reveal).orElse(""));
        return opener;
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i).isClosed()) {
                open.remove(i);
            }
        }
        files.check();
        Connection connection = opener.getConnection();
        open.add(connection);
        if (expected.isPresent()) {
            try {
                expected.get().check(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    /** From now on only connections to that database are given. */
    synchronized void expect(StoreIdentity identity) {
        expected = Optional.of(identity);
    }

    /** Rises each time the database is opened anew. */
    synchronized int generation() {
        return generation;
    }

    /** Lets go of the dead database of that generation; does nothing if another caller has. */
    synchronized void reopen(int broken) {
        if (broken != generation) {
            return;
        }
        generation++;
        for (Connection connection : open) {
            try {
                connection.close();
            } catch (SQLException | RuntimeException e) {
                // The database is dead and says so again, in its own exceptions too; the session is gone nevertheless.
            }
        }
        open.clear();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("One user opens the database, the one of the settings");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return opener.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        opener.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        opener.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return opener.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return opener.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return opener.isWrapperFor(type);
    }
}
