package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.orders.paper.PaperLedger;
import dev.fairlead.gateway.orders.paper.PaperPosition;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.StatementException;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** What is kept of orders. */
final class OrderRepository {
    private final Database database;
    private final Ledger ledger;
    private final OrderMode mode;
    private final OrderApprovals approvals;
    private final Consumer<ApprovalEvent> news;

    /**
     * @param ledger of whoever has the upstream: orders are kept by it alone
     * @param mode of those that are looked after, and count within a day: others are only shown
     * @param confirmLife how long an order waits for a person
     * @param news told of what waits for a person, and does no longer, once that is committed
     */
    OrderRepository(
            Database database, Ledger ledger, OrderMode mode, Duration confirmLife, Consumer<ApprovalEvent> news) {
        this.database = database;
        this.ledger = ledger;
        this.mode = mode;
        this.approvals = new OrderApprovals(confirmLife);
        this.news = news;
    }

    /**
     * Keeps a new order, unless its submitter has used its client's id before.
     *
     * @return whether it is new
     */
    Future<Boolean> add(Order order) {
        return ledger.commit(
                        c -> add(c, order),
                        added -> tell(added ? Optional.of(order) : Optional.empty(), Optional.empty()))
                .recover(failure -> failure instanceof StatementException refused && refused.isDuplicateKey()
                        ? Future.succeededFuture(false) // another node was quicker
                        : Future.failedFuture(failure));
    }

    /**
     * Keeps a new order as {@link #add} does, rejected where the day's limits do not let it out. Judged where it is
     * written, one after another: two that come at once do not both pass.
     *
     * @return what is kept; empty where its submitter has used its client's id before
     */
    Future<Optional<Order>> admit(Order order, DayLimits limits, Rejection reject) {
        return ledger.commit(
                        c -> {
                            Order kept = within(c, order, limits, reject);
                            return add(c, kept) ? Optional.of(kept) : Optional.<Order>empty();
                        },
                        kept -> tell(kept, Optional.empty()))
                .recover(failure -> failure instanceof StatementException refused && refused.isDuplicateKey()
                        ? Future.succeededFuture(Optional.empty()) // another node was quicker
                        : Future.failedFuture(failure));
    }

    /** Keeps what an order has become as {@link #change} does, rejected where the day's limits do not let it out. */
    Future<Optional<Order>> admit(Order before, Order after, DayLimits limits, Rejection reject) {
        return ledger.commit(
                c -> {
                    Order kept = within(c, after, limits, reject);
                    return change(c, before, kept) ? Optional.of(kept) : Optional.<Order>empty();
                },
                kept -> tell(kept, Optional.of(before)));
    }

    /** Makes an order that is let out one that is rejected. */
    @FunctionalInterface
    interface Rejection {
        Order of(Order order, String why);
    }

    private static Order within(WriteConnection c, Order order, DayLimits limits, Rejection reject)
            throws SQLException {
        boolean isLetOut = order.status() == OrderStatus.APPROVED || order.status() == OrderStatus.REPLACING;
        if (!isLetOut || !limits.bind()) {
            return order;
        }
        Order letOut =
                order.replacement().map(next -> order.worth(next.notional())).orElse(order);
        return limits.violation(letOut, DayTotals.besides(order, c))
                .map(why -> reject.of(order, why))
                .orElse(order);
    }

    private boolean add(WriteConnection c, Order order) throws SQLException {
        if (c.queryOne(
                        OrderSql.KNOWN,
                        row -> row.uuid("order_id"),
                        order.asked().submitter(),
                        order.asked().clientOrderId())
                .isPresent()) {
            return false;
        }
        NewOrder asked = order.asked();
        c.update(
                OrderSql.ADD,
                order.id(),
                asked.submitter(),
                asked.clientOrderId(),
                asked.symbol(),
                asked.side().wire(),
                asked.quantity().toPlainString(),
                asked.type().wire(),
                asked.limitPrice().map(BigDecimal::toPlainString),
                order.notional().map(BigDecimal::toPlainString),
                order.status().wire(),
                order.reason(),
                order.upstream().id(),
                order.upstream().status(),
                order.node(),
                order.changeId(),
                order.receivedAt(),
                order.changedAt(),
                order.sentAt(),
                order.upstream().key(),
                order.terms().quantity().toPlainString(),
                order.terms().limitPrice().map(BigDecimal::toPlainString),
                order.upstream().filled().toPlainString(),
                order.upstream().averagePrice().map(BigDecimal::toPlainString),
                order.mode().wire(),
                asked.traceparent());
        note(c, order, OrderStatus.RECEIVED, Optional.empty(), order.receivedAt());
        note(c, order, order.status(), order.reason(), order.changedAt());
        approvals.keep(c, Optional.empty(), order);
        return true;
    }

    /**
     * Keeps what an order has become, if nobody else has changed it meanwhile.
     *
     * @return whether it is kept
     */
    Future<Boolean> change(Order before, Order after) {
        return ledger.commit(c -> change(c, before, after), changed -> changed(changed, before, after));
    }

    /** As {@link #change}, of what an order has become already: however long that takes. */
    Future<Boolean> keep(Order before, Order after) {
        return ledger.keep(() -> c -> change(c, before, after), () -> {}).map(changed -> {
            changed(changed, before, after);
            return changed;
        });
    }

    private void changed(boolean changed, Order before, Order after) {
        tell(changed ? Optional.of(after) : Optional.empty(), Optional.of(before));
    }

    private void tell(Optional<Order> kept, Optional<Order> before) {
        kept.flatMap(order -> approvals.news(before, order)).ifPresent(news);
    }

    private boolean change(WriteConnection c, Order before, Order after) throws SQLException {
        int changed = c.update(
                OrderSql.CHANGE,
                after.notional().map(BigDecimal::toPlainString),
                after.status().wire(),
                after.reason(),
                after.upstream().id(),
                after.upstream().status(),
                after.node(),
                after.changeId(),
                after.changedAt(),
                after.sentAt(),
                after.upstream().key(),
                after.terms().quantity().toPlainString(),
                after.terms().limitPrice().map(BigDecimal::toPlainString),
                after.upstream().filled().toPlainString(),
                after.upstream().averagePrice().map(BigDecimal::toPlainString),
                after.replacement().map(Replacement::id),
                after.replacement().map(next -> next.terms().quantity().toPlainString()),
                after.replacement().flatMap(next -> next.terms().limitPrice()).map(BigDecimal::toPlainString),
                after.replacement().map(next -> next.notional().toPlainString()),
                after.asked().traceparent(),
                after.id(),
                before.changeId());
        if (changed == 1) {
            note(c, after, after.status(), after.reason(), after.changedAt());
            approvals.keep(c, Optional.of(before), after);
            if (after.isPaper()) {
                bookOnPaper(c, before, after);
            }
            return true;
        }
        // It may be this very change, of which it was not known whether it was kept.
        return c.queryOne(OrderSql.CHANGED_BY, row -> row.uuid("change_id"), after.id())
                .filter(after.changeId()::equals)
                .isPresent();
    }

    /** What was filled since is the paper account's: with the order or not at all, and once. */
    private static void bookOnPaper(WriteConnection c, Order before, Order after) throws SQLException {
        BigDecimal filled = after.upstream().filled().subtract(before.upstream().filled());
        if (filled.signum() > 0) {
            PaperLedger.book(
                    c,
                    after.asked().symbol(),
                    after.asked().side().buys() ? filled : filled.negate(),
                    after.upstream().averagePrice().orElseThrow());
        }
    }

    private static void note(WriteConnection c, Order order, OrderStatus status, Optional<String> reason, Instant at)
            throws SQLException {
        c.update(OrderSql.NOTE, order.id(), order.id(), status.wire(), reason, at);
    }

    Future<Optional<Order>> find(UUID id) {
        return one(OrderSql.BY_ID, Tuple.of(id));
    }

    Future<Optional<Order>> find(String submitter, String clientOrderId) {
        return one(OrderSql.BY_CLIENT_ID, Tuple.of(submitter, clientOrderId));
    }

    /** Every status an order had. */
    Future<List<OrderCommands.Step>> history(UUID id) {
        return database.read(
                c -> c.preparedQuery(OrderSql.HISTORY).execute(Tuple.of(id)).map(rows -> {
                    List<OrderCommands.Step> steps = new ArrayList<>();
                    rows.forEach(row -> steps.add(new OrderCommands.Step(
                            OrderRow.status(row.getString("status")),
                            Optional.ofNullable(row.getString("reason")),
                            OrderRow.instant(row, "at"))));
                    return steps;
                }));
    }

    /** What other nodes have not ended is that node's from now on; gives how many orders that are. */
    Future<Integer> adopt(String node) {
        return ledger.commit(c -> c.update(OrderSql.ADOPT, node, node, mode.wire()));
    }

    /** What that node has neither ended nor left to a person. */
    Future<List<Order>> inHand(String node) {
        return all(OrderSql.IN_HAND, Tuple.of(node, mode.wire()));
    }

    /** What that node has at the upstream. */
    Future<List<Order>> live(String node) {
        return all(OrderSql.LIVE, Tuple.of(node, mode.wire()));
    }

    /** What that node has of agents and can be cancelled. */
    Future<List<Order>> ofAgents(String node) {
        return all(OrderSql.OF_AGENTS, Tuple.of(node, mode.wire()));
    }

    /** What waits for a person. */
    Future<List<Order>> waiting() {
        return all(OrderSql.WAITING, Tuple.tuple());
    }

    /** What was let out today besides an order. */
    Future<DayTotals> today(Order order, Instant now) {
        return database.read(c -> DayTotals.besides(order, now, c));
    }

    /** What the paper account holds, and what it gained by what it held. */
    Future<List<PaperPosition>> paperPositions() {
        return database.read(PaperLedger::positions);
    }

    private Future<List<Order>> all(String sql, Tuple parameters) {
        return database.read(c -> c.preparedQuery(sql).execute(parameters).map(rows -> {
            List<Order> orders = new ArrayList<>();
            rows.forEach(row -> orders.add(OrderRow.order(row)));
            return orders;
        }));
    }

    Future<OrderCommands.OrderList> page(OrderCommands.Page page) {
        long before = page.cursor().map(OrderRepository::cursor).orElse(Long.MAX_VALUE);
        int limit = page.limit() + 1; // one more tells whether there is a next page
        // What asks a person is looked for under that status, be it a replacement of an order that works.
        boolean waiting = page.status().equals(Optional.of(OrderStatus.NEEDS_CONFIRMATION));
        boolean any = page.status().isEmpty();
        Tuple parameters = any || waiting
                ? Tuple.of(before, limit)
                : Tuple.of(before, page.status().get().wire(), limit);
        String sql = any ? OrderSql.PAGE : waiting ? OrderSql.PAGE_OF_WAITING : OrderSql.PAGE_OF_STATUS;
        return database.read(c -> c.preparedQuery(sql).execute(parameters).map(rows -> list(rows, page.limit())));
    }

    private static OrderCommands.OrderList list(RowSet<Row> rows, int limit) {
        List<OrderCommands.OrderSummary> orders = new ArrayList<>();
        long last = 0;
        for (Row row : rows) {
            if (orders.size() == limit) {
                return new OrderCommands.OrderList(orders, Optional.of(Long.toString(last)));
            }
            last = row.getLong("seq");
            orders.add(OrderRow.order(row).summary());
        }
        return new OrderCommands.OrderList(orders, Optional.empty());
    }

    private Future<Optional<Order>> one(String sql, Tuple parameters) {
        return database.read(c -> c.preparedQuery(sql).execute(parameters).map(rows -> {
            for (Row row : rows) {
                return Optional.of(OrderRow.order(row));
            }
            return Optional.empty();
        }));
    }

    private static long cursor(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "The cursor is not one this gateway gave; start without one");
        }
    }
}
