package dev.fairlead.gateway.store;

import java.sql.SQLException;

/**
 * A statement the database refused: a key that exists already, a value that does not fit, a mistake in the SQL.
 *
 * <p>The drivers put the values of the row into their messages, secrets and payloads included; this one keeps the
 * SQLState, the class of what the database's inside threw, and the statement's text, whose values are all {@code ?}.
 */
public final class StatementException extends SQLException {
    private static final long serialVersionUID = 1L;

    private StatementException(String message, String sqlState, int vendorCode) {
        super(message, sqlState, vendorCode);
    }

    /** The same refusal without its values; a fault of the database itself stays as it is, it names no values. */
    static SQLException of(SQLException e, String sql) {
        if (e instanceof StatementException || SqlFault.of(e) != SqlFault.STATEMENT) {
            return e;
        }
        String thrown =
                e.getCause() == null ? "" : " (" + e.getCause().getClass().getName() + ")";
        return new StatementException(
                "SQLState " + e.getSQLState() + thrown + " from: " + sql, e.getSQLState(), e.getErrorCode());
    }

    /** Whether a PRIMARY KEY or UNIQUE constraint refused the row. */
    public boolean isDuplicateKey() {
        return "23505".equals(getSQLState());
    }
}
