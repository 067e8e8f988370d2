package dev.fairlead.gateway.store;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a table whose rows are numbered in a column {@code id}.
 *
 * @param next the number of its last row, where more rows follow
 */
public record NumberedPage<T>(List<T> rows, Optional<Long> next) {
    /**
     * Reads one.
     *
     * @param found what was asked for with a limit of one more than {@code limit}: that row tells of a next page
     */
    public static <T> NumberedPage<T> of(RowSet<Row> found, int limit, Function<Row, T> reader) {
        List<T> rows = new ArrayList<>();
        long last = 0;
        for (Row row : found) {
            if (rows.size() == limit) {
                return new NumberedPage<>(List.copyOf(rows), Optional.of(last));
            }
            last = row.getLong("id");
            rows.add(reader.apply(row));
        }
        return new NumberedPage<>(List.copyOf(rows), Optional.empty());
    }
}
