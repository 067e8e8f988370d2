package dev.fairlead.gateway.store;

import io.vertx.sqlclient.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Makes a value of one row of a result. A table's rows have one, for reads and for writes. */
@FunctionalInterface
public interface RowMapper<T> {
    T map(Columns row) throws SQLException;

    /**
     * Makes the values of what a read found.
     *
     * @throws IllegalStateException where a column is NULL that is never to be
     */
    default List<T> all(Iterable<Row> rows) {
        List<T> found = new ArrayList<>();
        for (Row row : rows) {
            try {
                found.add(map(new RowColumns(row)));
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
        return found;
    }
}
