package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.Side;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Reads a row of {@code orders}. */
final class OrderRow {
    private OrderRow() {}

    static Order order(Row row) {
        UUID id = row.getUUID("order_id");
        NewOrder asked = new NewOrder(
                row.getString("submitter"),
                row.getString("client_order_id"),
                row.getString("symbol"),
                Side.of(row.getString("side")).orElseThrow(),
                decimal(row, "quantity").orElseThrow(),
                OrderCommands.Type.of(row.getString("order_type")).orElseThrow(),
                decimal(row, "limit_price"),
                Optional.ofNullable(row.getString("traceparent")));
        // Those of before orders could be replaced have none of their own.
        Terms terms = decimal(row, "terms_quantity")
                .map(quantity -> new Terms(quantity, decimal(row, "terms_limit_price")))
                .orElse(asked.terms());
        return new Order(
                id,
                asked,
                terms,
                decimal(row, "notional"),
                status(row.getString("status")),
                Optional.ofNullable(row.getString("reason")),
                new Order.AtUpstream(
                        Optional.ofNullable(row.getUUID("upstream_key")).orElse(id),
                        Optional.ofNullable(row.getString("upstream_order_id")),
                        Optional.ofNullable(row.getString("upstream_status")),
                        decimal(row, "filled_quantity").orElse(BigDecimal.ZERO),
                        decimal(row, "average_price")),
                replacement(row),
                row.getString("node"),
                row.getUUID("change_id"),
                instant(row, "received_at"),
                instant(row, "changed_at"),
                Optional.ofNullable(row.getOffsetDateTime("sent_at")).map(at -> at.toInstant()),
                OrderMode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)));
    }

    private static Optional<Replacement> replacement(Row row) {
        return Optional.ofNullable(row.getUUID("replacement_id"))
                .map(id -> new Replacement(
                        id,
                        new Terms(
                                decimal(row, "replacement_quantity").orElseThrow(),
                                decimal(row, "replacement_limit_price")),
                        decimal(row, "replacement_notional").orElseThrow()));
    }

    private static Optional<BigDecimal> decimal(Row row, String column) {
        return Optional.ofNullable(row.getString(column)).map(BigDecimal::new);
    }

    static OrderStatus status(String stored) {
        return OrderStatus.valueOf(stored.toUpperCase(Locale.ROOT));
    }

    static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
