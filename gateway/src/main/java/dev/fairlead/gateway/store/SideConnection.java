package dev.fairlead.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A connection beside the writer's, for what must not wait behind its groups: the renewal of leases. Each unit is a
 * transaction of its own. Blocks; may be used from several threads, one after the other.
 */
public final class SideConnection implements AutoCloseable {
    private final Connections connections;

    private final Duration patience;

    private Connection connection; // null until it is first used, and after a fault

    private WriteConnection statements;

    private boolean closed;

    /** @param patience so long one statement may take; what takes longer has failed */
    SideConnection(Connections connections, Duration patience) {
        this.connections = connections;
        this.patience = patience;
    }

    /**
     * Runs and commits a unit; after a fault the next one gets a new connection.
     *
     * @throws SQLException if it is not known to be committed
     */
    public synchronized <T> T run(WriteUnit<T> unit) throws SQLException {
        if (closed) {
            throw new SQLException("The gateway has let go of the database", "08003");
        }
        try {
            open();
            statements.begin();
            T result = unit.apply(statements);
            statements.flush();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            drop();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }

    private void open() throws SQLException {
        if (connection == null) {
            Connection opened = connections.open();
            connection = opened;
            opened.setAutoCommit(false);
            statements = new WriteConnection(opened);
            if (connections.dialect() == Dialect.POSTGRESQL) {
                opened.setNetworkTimeout(Runnable::run, Math.toIntExact(patience.toMillis()));
            }
        }
        if (connections.dialect() == Dialect.POSTGRESQL) {
            try (Statement bound = connection.createStatement()) {
                bound.execute("SET LOCAL lock_timeout = " + patience.toMillis());
            }
        }
    }

    private void drop() {
        if (connection != null) {
            Connection last = connection;
            connection = null;
            connections.discard(last);
        }
    }
}
