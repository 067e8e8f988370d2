package dev.fairlead.gateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link WriteUnit} does its statements with: the writer's own connection, inside the group's transaction.
 *
 * <p>Statements use {@code ?} and are kept prepared. Parameters are strings (JSON as such), numbers, booleans, byte
 * arrays, UUIDs, {@link Instant}s (kept with microseconds, for TIMESTAMP WITH TIME ZONE columns), or an
 * {@link Optional} of these. Generated keys are not asked for: that halves PostgreSQL's speed; identifiers are made by
 * the caller. Confined to the writer's thread; not to be kept beyond the unit.
 */
public final class WriteConnection {
    /** More than the statements of all concerns together. */
    private static final int MAX_PREPARED = 256;

    private final Connection connection;

    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);

    /** Statements with rows that wait for {@link #flush}, in the order they were first named. */
    private final Set<String> deferred = new LinkedHashSet<>();

    private boolean written;

    private Optional<SQLException> failure = Optional.empty();

    WriteConnection(Connection connection) {
        this.connection = connection;
    }

    /** Runs an INSERT, UPDATE, DELETE or MERGE; returns the number of rows it touched. */
    public int update(String sql, Object... params) throws SQLException {
        try {
            flush();
            written = true;
            PreparedStatement statement = prepare(sql);
            bind(statement, params);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e, sql);
        }
    }

    /**
     * Runs an INSERT, UPDATE, DELETE or MERGE whose count nobody asks for, together with the same statement of the
     * group's other units: on PostgreSQL one round trip for all instead of one for each.
     *
     * <p>It has run before the next statement that is not deferred, and before the commit. Statements of different text
     * may change places among each other; what is refused fails the unit, after it returned.
     */
    public void defer(String sql, Object... params) throws SQLException {
        try {
            written = true;
            PreparedStatement statement = prepare(sql);
            bind(statement, params);
            statement.addBatch();
            deferred.add(sql);
        } catch (SQLException e) {
            throw failed(e, sql);
        }
    }

    /** Runs one statement for each row of parameters in one round trip; returns the rows touched by each. */
    public int[] batch(String sql, List<Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        try {
            flush();
            written = true;
            PreparedStatement statement = prepare(sql);
            try {
                for (Object[] row : rows) {
                    bind(statement, row);
                    statement.addBatch();
                }
                return statement.executeBatch();
            } finally {
                statement.clearBatch();
            }
        } catch (SQLException e) {
            throw failed(e, sql);
        }
    }

    /** All rows of a SELECT; the caller bounds them with a LIMIT. */
    public <T> List<T> query(String sql, RowMapper<T> mapper, Object... params) throws SQLException {
        try {
            flush();
            PreparedStatement statement = prepare(sql);
            bind(statement, params);
            List<T> result = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                Columns columns = new ResultColumns(rows);
                while (rows.next()) {
                    result.add(mapper.map(columns));
                }
            }
            return result;
        } catch (SQLException e) {
            throw failed(e, sql);
        }
    }

    /** The first row of a SELECT, empty where there is none. */
    public <T> Optional<T> queryOne(String sql, RowMapper<T> mapper, Object... params) throws SQLException {
        return query(sql, mapper, params).stream().findFirst();
    }

    /** Whether something was written since the last call; a group that only read needs no disk. */
    boolean takeWritten() {
        boolean result = written;
        written = false;
        return result;
    }

    /** Runs what was deferred. */
    void flush() throws SQLException {
        for (String sql : deferred) {
            try {
                prepare(sql).executeBatch();
            } catch (SQLException e) {
                throw failed(e, sql);
            }
        }
        deferred.clear();
    }

    /** Forgets what was deferred; the transaction is rolled back. */
    void dropDeferred() throws SQLException {
        for (String sql : deferred) {
            prepare(sql).clearBatch();
        }
        deferred.clear();
    }

    /**
     * PostgreSQL keeps nothing of a transaction after a refused statement, so a unit cannot go on as if it were not.
     */
    void rethrowSwallowed() throws SQLException {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Forgets what the last unit left; called before each. */
    void begin() {
        failure = Optional.empty();
    }

    private SQLException failed(SQLException e, String sql) {
        SQLException told = StatementException.of(e, sql);
        failure = Optional.of(told);
        return told;
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            if (prepared.size() == MAX_PREPARED) {
                flush();
                var eldest = prepared.entrySet().iterator();
                eldest.next().getValue().close();
                eldest.remove();
            }
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, Object[] params) throws SQLException {
        for (int i = 0; i < params.length; i++) {
            Object value = params[i] instanceof Optional<?> optional ? optional.orElse(null) : params[i];
            if (value instanceof Instant instant) {
                // PostgreSQL keeps microseconds and would round; cutting off is the same on both.
                value = instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
            } else if (value instanceof Enum<?>) {
                throw new SQLException("Parameter " + (i + 1) + " is an enum; bind its text", "22023");
            }
            statement.setObject(i + 1, value);
        }
    }
}
