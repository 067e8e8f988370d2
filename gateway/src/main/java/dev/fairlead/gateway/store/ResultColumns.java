package dev.fairlead.gateway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** Of a row that was read in a write. */
final class ResultColumns extends Columns {
    private final ResultSet rows;

    ResultColumns(ResultSet rows) {
        this.rows = rows;
    }

    @Override
    String textOf(String column) throws SQLException {
        return rows.getString(column);
    }

    @Override
    Long numberOf(String column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? null : Long.valueOf(value);
    }

    @Override
    Boolean truthOf(String column) throws SQLException {
        boolean value = rows.getBoolean(column);
        return rows.wasNull() ? null : Boolean.valueOf(value);
    }

    @Override
    OffsetDateTime timeOf(String column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class);
    }

    @Override
    UUID uuidOf(String column) throws SQLException {
        return rows.getObject(column, UUID.class);
    }

    @Override
    byte[] bytesOf(String column) throws SQLException {
        return rows.getBytes(column);
    }
}
