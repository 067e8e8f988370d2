package dev.fairlead.gateway.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;

/** Of a row that was read in a read. */
final class RowColumns extends Columns {
    private final Row row;

    RowColumns(Row row) {
        this.row = row;
    }

    @Override
    String textOf(String column) {
        return row.getString(column);
    }

    @Override
    Long numberOf(String column) {
        return row.getLong(column);
    }

    @Override
    Boolean truthOf(String column) {
        return row.getBoolean(column);
    }

    @Override
    OffsetDateTime timeOf(String column) {
        return row.getOffsetDateTime(column);
    }

    @Override
    UUID uuidOf(String column) {
        return row.getUUID(column);
    }

    @Override
    byte[] bytesOf(String column) {
        Buffer value = row.getBuffer(column);
        return value == null ? null : value.getBytes();
    }
}
