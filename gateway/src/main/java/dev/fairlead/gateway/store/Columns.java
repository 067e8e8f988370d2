package dev.fairlead.gateway.store;

import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * The columns of the current row, by name, whether it was read in a write or in a read. Valid only inside the
 * {@link RowMapper} it was given to. The plain accessors are for columns that are never NULL.
 */
public abstract sealed class Columns permits ResultColumns, RowColumns {
    /** Each of these is null where the column is NULL. */
    abstract String textOf(String column) throws SQLException;

    abstract Long numberOf(String column) throws SQLException;

    abstract Boolean truthOf(String column) throws SQLException;

    abstract OffsetDateTime timeOf(String column) throws SQLException;

    abstract UUID uuidOf(String column) throws SQLException;

    abstract byte[] bytesOf(String column) throws SQLException;

    public final String string(String column) throws SQLException {
        return present(column, textOf(column));
    }

    public final Optional<String> optionalString(String column) throws SQLException {
        return Optional.ofNullable(textOf(column));
    }

    public final int integer(String column) throws SQLException {
        return Math.toIntExact(number(column));
    }

    public final long number(String column) throws SQLException {
        return present(column, numberOf(column));
    }

    public final Optional<Long> optionalNumber(String column) throws SQLException {
        return Optional.ofNullable(numberOf(column));
    }

    public final boolean bool(String column) throws SQLException {
        return present(column, truthOf(column));
    }

    public final Instant instant(String column) throws SQLException {
        return present(column, timeOf(column)).toInstant();
    }

    public final Optional<Instant> optionalInstant(String column) throws SQLException {
        return Optional.ofNullable(timeOf(column)).map(OffsetDateTime::toInstant);
    }

    public final UUID uuid(String column) throws SQLException {
        return present(column, uuidOf(column));
    }

    public final byte[] bytes(String column) throws SQLException {
        return present(column, bytesOf(column));
    }

    private static <T> T present(String column, T value) throws SQLException {
        if (value == null) {
            // 22002: null value where none is allowed.
            throw new SQLException("Column " + column + " is NULL; read it with its optional accessor", "22002");
        }
        return value;
    }
}
