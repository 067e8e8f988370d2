package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.RowMapper;
import dev.fairlead.gateway.store.WriteConnection;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * What was let out within a day, and is open or filled, besides an order: by its submitter and by all.
 *
 * @param ownCount orders of its submitter
 * @param own their notional
 * @param all the notional of everybody's
 */
record DayTotals(long ownCount, BigDecimal own, BigDecimal all) {
    private record Counted(long placed, BigDecimal notional) {
        static final RowMapper<Counted> ROW = Counted::of;

        static Counted of(Columns row) throws SQLException {
            return new Counted(row.number("placed"), new BigDecimal(row.string("notional")));
        }
    }

    private static DayTotals of(Counted all, Counted own) {
        return new DayTotals(own.placed(), own.notional(), all.notional());
    }

    /** Counted where the order is written, so that two that come at once do not both pass. */
    static DayTotals besides(Order order, WriteConnection c) throws SQLException {
        Instant day = DayLimits.dayOf(order.changedAt());
        Counted all = c.queryOne(
                        OrderSql.DAY_OF_ALL,
                        Counted.ROW,
                        day,
                        day,
                        order.id(),
                        order.mode().wire())
                .orElseThrow();
        Counted own = c.queryOne(
                        OrderSql.DAY_OF_ONE,
                        Counted.ROW,
                        day,
                        day,
                        order.id(),
                        order.mode().wire(),
                        order.asked().submitter())
                .orElseThrow();
        return of(all, own);
    }

    /** As it is now, for who looks. */
    static Future<DayTotals> besides(Order order, Instant now, SqlConnection c) {
        OffsetDateTime day = DayLimits.dayOf(now).atOffset(ZoneOffset.UTC);
        String mode = order.mode().wire();
        return counted(c, OrderSql.DAY_OF_ALL, Tuple.of(day, day, order.id(), mode))
                .compose(all -> counted(
                                c,
                                OrderSql.DAY_OF_ONE,
                                Tuple.of(
                                        day,
                                        day,
                                        order.id(),
                                        mode,
                                        order.asked().submitter()))
                        .map(own -> of(all, own)));
    }

    private static Future<Counted> counted(SqlConnection c, String sql, Tuple parameters) {
        return c.preparedQuery(sql)
                .execute(parameters)
                .map(rows -> Counted.ROW.all(rows).get(0));
    }
}
