package dev.fairlead.gateway.orders.paper;

import dev.fairlead.gateway.store.WriteConnection;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What is kept of the paper account: a row a symbol, however many fills it had. */
public final class PaperLedger {
    private static final String POSITION =
            "SELECT symbol, quantity, average_price, realized_pnl FROM paper_positions WHERE symbol = ?";

    private static final String POSITIONS =
            "SELECT symbol, quantity, average_price, realized_pnl FROM paper_positions ORDER BY symbol LIMIT 10000";

    private static final String ADD =
            "INSERT INTO paper_positions (quantity, average_price, realized_pnl, symbol) VALUES (?, ?, ?, ?)";

    private static final String CHANGE =
            "UPDATE paper_positions SET quantity = ?, average_price = ?, realized_pnl = ? WHERE symbol = ?";

    private PaperLedger() {}

    /**
     * Keeps a fill, in the transaction of the order it belongs to.
     *
     * @param filled below zero for a sale
     */
    public static void book(WriteConnection c, String symbol, BigDecimal filled, BigDecimal price) throws SQLException {
        var before = c.queryOne(
                POSITION,
                row -> new PaperPosition(
                        row.string("symbol"),
                        new BigDecimal(row.string("quantity")),
                        new BigDecimal(row.string("average_price")),
                        new BigDecimal(row.string("realized_pnl"))),
                symbol);
        PaperPosition after = before.orElseGet(() -> PaperPosition.none(symbol)).with(filled, price);
        c.update(
                before.isPresent() ? CHANGE : ADD,
                after.quantity().toPlainString(),
                after.averagePrice().toPlainString(),
                after.realizedPnl().toPlainString(),
                symbol);
    }

    /** What is held, and what was held once, by symbol. */
    public static Future<List<PaperPosition>> positions(SqlConnection c) {
        return c.query(POSITIONS).execute().map(rows -> {
            List<PaperPosition> all = new ArrayList<>();
            rows.forEach(row -> all.add(new PaperPosition(
                    row.getString("symbol"),
                    new BigDecimal(row.getString("quantity")),
                    new BigDecimal(row.getString("average_price")),
                    new BigDecimal(row.getString("realized_pnl")))));
            return all;
        });
    }
}
