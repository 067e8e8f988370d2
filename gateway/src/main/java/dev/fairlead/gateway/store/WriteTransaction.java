package dev.fairlead.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs a group of units as one transaction on the writer's connection, which it opens anew after a fault.
 *
 * <p>The group runs without savepoints first: units rarely fail. Where one does, the group is rolled back and run once
 * more with a savepoint around each unit, so that only those that fail are left out. Confined to the writer's thread.
 */
final class WriteTransaction {
    /** Tries of a group that lost against another node's transaction. */
    private static final int MAX_CONFLICTS = 3;

    private final Connections connections;

    private final Dialect dialect;

    private final Optional<DatabaseGuard> guard;

    private final StoreFiles files;

    /** So long a transaction may stand still; empty where nobody else waits for its locks. */
    private final Optional<Duration> standstill;

    private Connection connection;

    private int generation;

    private WriteConnection statements;

    private boolean committing;

    private boolean opening;

    /**
     * Opens no connection yet.
     *
     * @param guard what has to hold for a group to be written
     * @param files what has to be where it was for a group to be acknowledged
     * @param standstill so long a transaction may stand still before the server ends it, where other nodes wait
     */
    WriteTransaction(
            Connections connections,
            Dialect dialect,
            Optional<DatabaseGuard> guard,
            StoreFiles files,
            Optional<Duration> standstill) {
        this.connections = connections;
        this.dialect = dialect;
        this.guard = guard;
        this.files = files;
        this.standstill = standstill;
    }

    /**
     * Commits the group; each unit then holds its result, or its own failure.
     *
     * @throws SQLException if nothing of the group is known to be kept
     */
    void run(List<PendingWrite<?>> group) throws SQLException {
        committing = false;
        try {
            open();
            boolean apart = false;
            int conflicts = 0;
            while (true) {
                try {
                    List<PendingWrite<?>> sound = FenceCheck.hold(statements, group);
                    if (apart) {
                        runApart(sound);
                        break;
                    }
                    if (runTogether(sound)) {
                        break;
                    }
                    apart = true;
                    rollback();
                } catch (SQLException e) {
                    if (SqlFault.of(e) != SqlFault.CONFLICT || ++conflicts == MAX_CONFLICTS) {
                        throw e;
                    }
                    rollback();
                }
            }
        } catch (SQLException e) {
            abandon(e);
            throw e;
        }
        committing = true;
        commit();
        files.check();
    }

    /** Whether the last group that failed may be kept all the same: its commit had been asked for. */
    boolean isInDoubt() {
        return committing;
    }

    /** Whether the last group that failed found no database to be written to, as the next would. */
    boolean foundNoDatabase() {
        return opening;
    }

    /**
     * Between groups: the files are looked at, and what the embedded database wrote by itself while it tidied up is
     * synced, before it may use the space again that it made free.
     *
     * @throws SQLException if the next group would fail by it
     */
    void rest() throws SQLException {
        files.check();
        if (connection != null && dialect == Dialect.H2 && files.changed()) {
            try {
                sync();
            } catch (SQLException e) {
                drop();
                throw e;
            }
        }
    }

    boolean isOpen() {
        return connection != null;
    }

    void close() {
        if (connection != null) {
            try (Connection last = connection) {
                connection = null;
                last.rollback();
            } catch (SQLException | RuntimeException e) {
                // Nothing waits to be written; a database that is gone ends the session by itself.
            }
        }
    }

    /** Lets go of a connection that cannot be trusted, whatever it says to that; the next group gets a new one. */
    void abandon() {
        try {
            drop();
        } catch (RuntimeException e) {
            // Said once already, by what made it untrusted.
        }
    }

    /** False if a unit failed by its own fault. */
    private boolean runTogether(List<PendingWrite<?>> group) throws SQLException {
        for (int i = 0; i < group.size(); i++) {
            Optional<Throwable> failure = attempt(group.get(i), i == group.size() - 1);
            if (failure.isPresent()) {
                if (group.size() > 1) {
                    return false;
                }
                rollback();
                group.get(i).fail(failure.get());
            }
        }
        return true;
    }

    private void runApart(List<PendingWrite<?>> group) throws SQLException {
        for (PendingWrite<?> write : group) {
            Savepoint before = connection.setSavepoint();
            Optional<Throwable> failure = attempt(write, true);
            if (failure.isPresent()) {
                statements.dropDeferred();
                connection.rollback(before);
                write.fail(failure.get());
            } else {
                connection.releaseSavepoint(before);
            }
        }
    }

    /** What the unit, or a deferred statement, failed by; faults of the database are thrown. */
    private Optional<Throwable> attempt(PendingWrite<?> write, boolean flush) throws SQLException {
        try {
            write.run(statements);
            if (flush) {
                statements.flush();
            }
            return Optional.empty();
        } catch (SQLException e) {
            if (SqlFault.of(e) != SqlFault.STATEMENT) {
                throw e;
            }
            return Optional.of(e);
        } catch (RuntimeException | Error e) {
            // A bug in one unit, or its refusal: its caller's to hear, not its neighbours'.
            return Optional.of(e);
        }
    }

    private void commit() throws SQLException {
        boolean written = statements.takeWritten();
        try {
            connection.commit();
            if (written && dialect == Dialect.H2) {
                sync();
            }
        } catch (SQLException e) {
            // Whether it is kept is not known, whatever the reason: start afresh.
            drop();
            throw e;
        }
    }

    /** H2 neither writes what was committed at once nor asks the disk to keep it, unless told. */
    private void sync() throws SQLException {
        try (Statement sync = connection.createStatement()) {
            sync.execute("CHECKPOINT SYNC");
        }
        connection.commit();
    }

    private void open() throws SQLException {
        opening = true;
        files.check();
        if (connection == null) {
            generation = connections.generation();
            Connection opened = connections.open();
            connection = opened;
            opened.setAutoCommit(false);
            statements = new WriteConnection(opened);
            if (guard.isPresent()) {
                guard.get().verify();
            }
            if (standstill.isPresent() && !connections.pooled()) {
                execute("SET idle_in_transaction_session_timeout = "
                        + standstill.get().toMillis());
                opened.commit();
            }
        } else if (guard.isPresent()) {
            guard.get().require();
        }
        if (connections.pooled()) {
            execute("SET LOCAL lock_timeout = " + DatabaseUrl.LOCK_MS);
            if (standstill.isPresent()) {
                execute("SET LOCAL idle_in_transaction_session_timeout = "
                        + standstill.get().toMillis());
            }
        }
        opening = false;
    }

    private void execute(String bound) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(bound);
        }
    }

    private void abandon(SQLException cause) {
        SqlFault fault = SqlFault.of(cause);
        if (connection != null && (fault == SqlFault.BUSY || fault == SqlFault.CONFLICT)) {
            try {
                rollback();
                return;
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
        drop();
    }

    private void rollback() throws SQLException {
        statements.dropDeferred();
        connection.rollback();
    }

    private void drop() {
        try {
            if (connection != null) {
                Connection last = connection;
                connection = null;
                connections.discard(last);
            }
        } finally {
            connections.renew(generation);
        }
    }
}
