package dev.fairlead.gateway.store;

import java.sql.SQLException;

/** Makes a value of one row of a result. */
@FunctionalInterface
public interface RowMapper<T> {
    T map(Columns row) throws SQLException;
}
