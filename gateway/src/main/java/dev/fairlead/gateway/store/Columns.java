package dev.fairlead.gateway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * The columns of the current row, by name. Valid only inside the {@link RowMapper} it was given to. The plain accessors
 * are for columns that are never NULL.
 */
public final class Columns {
    private final ResultSet rows;

    Columns(ResultSet rows) {
        this.rows = rows;
    }

    public String string(String column) throws SQLException {
        return present(column, rows.getString(column));
    }

    public Optional<String> optionalString(String column) throws SQLException {
        return Optional.ofNullable(rows.getString(column));
    }

    public int integer(String column) throws SQLException {
        return Math.toIntExact(number(column));
    }

    public long number(String column) throws SQLException {
        long value = rows.getLong(column);
        if (rows.wasNull()) {
            throw absent(column);
        }
        return value;
    }

    public Optional<Long> optionalNumber(String column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? Optional.empty() : Optional.of(value);
    }

    public boolean bool(String column) throws SQLException {
        boolean value = rows.getBoolean(column);
        if (rows.wasNull()) {
            throw absent(column);
        }
        return value;
    }

    public Instant instant(String column) throws SQLException {
        return present(column, rows.getObject(column, OffsetDateTime.class)).toInstant();
    }

    public Optional<Instant> optionalInstant(String column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    public UUID uuid(String column) throws SQLException {
        return present(column, rows.getObject(column, UUID.class));
    }

    public byte[] bytes(String column) throws SQLException {
        return present(column, rows.getBytes(column));
    }

    private static <T> T present(String column, T value) throws SQLException {
        if (value == null) {
            throw absent(column);
        }
        return value;
    }

    private static SQLException absent(String column) {
        // 22002: null value where none is allowed.
        return new SQLException("Column " + column + " is NULL; read it with its optional accessor", "22002");
    }
}
