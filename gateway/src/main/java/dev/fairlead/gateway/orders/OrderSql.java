package dev.fairlead.gateway.orders;

/** The statements of {@link OrderRepository}, the same for H2 and PostgreSQL. */
final class OrderSql {
    private static final String NEW = "order_id, submitter, client_order_id, symbol, side, quantity, order_type,"
            + " limit_price, notional, status, reason, upstream_order_id, upstream_status, node, change_id,"
            + " received_at, changed_at, sent_at, upstream_key, terms_quantity, terms_limit_price, filled_quantity,"
            + " average_price, mode, traceparent";

    private static final String COLUMNS =
            NEW + ", replacement_id, replacement_quantity, replacement_limit_price, replacement_notional";

    static final String ADD = "INSERT INTO orders (" + NEW + ") VALUES (" + "?, ".repeat(24) + "?)";

    static final String KNOWN = "SELECT order_id FROM orders WHERE submitter = ? AND client_order_id = ?";

    /** Changes it only from the status it is known to be in, by the change it is known to have come from. */
    static final String CHANGE = "UPDATE orders SET notional = ?, status = ?, reason = ?, upstream_order_id = ?,"
            + " upstream_status = ?, node = ?, change_id = ?, changed_at = ?, sent_at = ?, upstream_key = ?,"
            + " terms_quantity = ?, terms_limit_price = ?, filled_quantity = ?, average_price = ?, replacement_id = ?,"
            + " replacement_quantity = ?, replacement_limit_price = ?, replacement_notional = ?, traceparent = ?"
            + " WHERE order_id = ? AND change_id = ?";

    static final String CHANGED_BY = "SELECT change_id FROM orders WHERE order_id = ?";

    static final String NOTE = "INSERT INTO order_events (order_id, number, status, reason, at)"
            + " VALUES (?, (SELECT COALESCE(MAX(e.number), 0) + 1 FROM order_events e WHERE e.order_id = ?), ?, ?, ?)";

    static final String BY_CLIENT_ID = "SELECT " + COLUMNS + " FROM orders WHERE submitter = ? AND client_order_id = ?";

    static final String BY_ID = "SELECT " + COLUMNS + " FROM orders WHERE order_id = ?";

    static final String HISTORY = "SELECT status, reason, at FROM order_events WHERE order_id = ? ORDER BY number";

    /** What other nodes had and have not ended: it is this node's from now on. */
    static final String ADOPT = "UPDATE orders SET node = ? WHERE node <> ? AND mode = ? AND status IN"
            + " ('needs_confirmation', 'approved', 'submitting', 'unknown', 'cancelling', 'replacing', 'submitted',"
            + " 'working', 'partially_filled')";

    static final String IN_HAND = "SELECT " + COLUMNS
            + " FROM orders WHERE status IN ('approved', 'submitting', 'unknown', 'cancelling', 'replacing')"
            + " AND node = ? AND mode = ? ORDER BY seq";

    static final String LIVE = "SELECT " + COLUMNS
            + " FROM orders WHERE status IN ('submitted', 'working', 'partially_filled') AND node = ? AND mode = ?"
            + " AND upstream_order_id IS NOT NULL ORDER BY seq LIMIT 10000";

    /** What waits for a person: an order, or its replacement. */
    private static final String ASKS = "(status = 'needs_confirmation'"
            + " OR replacement_id IS NOT NULL AND status IN ('submitted', 'working', 'partially_filled'))";

    /** Whatever its node and mode: one that ended leaves them to whoever comes. */
    static final String WAITING = "SELECT " + COLUMNS + " FROM orders WHERE " + ASKS + " ORDER BY seq LIMIT 10000";

    /**
     * What was let out since, and is open or filled, at least in part. The market changes an order long after it was
     * let out; that it cannot have changed before is what the index knows.
     */
    private static final String LET_OUT = " FROM orders WHERE changed_at >= ?"
            + " AND (COALESCE(sent_at, changed_at) >= ? OR status = 'replacing') AND (status IN ('approved', 'submitting',"
            + " 'submitted', 'working', 'partially_filled', 'unknown', 'cancelling', 'replacing', 'filled')"
            + " OR status = 'cancelled' AND COALESCE(filled_quantity, '0') <> '0') AND order_id <> ? AND mode = ?";

    static final String DAY_OF_ALL =
            "SELECT COUNT(*) AS placed, CAST(COALESCE(SUM(CAST(CASE WHEN status = 'replacing' THEN replacement_notional ELSE notional END AS DECIMAL(38, 10))), 0) AS VARCHAR(60)) AS notional"
                    + LET_OUT;

    static final String DAY_OF_ONE = DAY_OF_ALL + " AND submitter = ?";

    static final String PAGE = "SELECT seq, " + COLUMNS + " FROM orders WHERE seq < ? ORDER BY seq DESC LIMIT ?";

    static final String PAGE_OF_STATUS =
            "SELECT seq, " + COLUMNS + " FROM orders WHERE seq < ? AND status = ? ORDER BY seq DESC LIMIT ?";

    static final String PAGE_OF_WAITING =
            "SELECT seq, " + COLUMNS + " FROM orders WHERE seq < ? AND " + ASKS + " ORDER BY seq DESC LIMIT ?";

    /** What can be cancelled of what agents placed and that node has. */
    static final String OF_AGENTS = "SELECT " + COLUMNS
            + " FROM orders WHERE status IN ('needs_confirmation', 'approved', 'submitted', 'working',"
            + " 'partially_filled') AND node = ? AND mode = ? AND submitter <> 'operator' ORDER BY seq LIMIT 10000";

    private OrderSql() {}
}
