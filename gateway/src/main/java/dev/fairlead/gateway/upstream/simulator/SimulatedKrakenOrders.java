package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstantFormat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Orders as Kraken keeps them, over all connections: one with a limit waits until the quote reaches it, and may be
 * amended or cancelled until then. Used on the simulator's event loop only.
 */
final class SimulatedKrakenOrders {
    private static final Duration FILLED_AFTER = Duration.ofSeconds(1);
    private static final int KEPT = 10_000;
    private static final BigDecimal FIRST_CASH = new BigDecimal("250000");

    private enum Status {
        OPEN,
        CLOSED,
        CANCELED
    }

    /** An order, by the names that the socket has for its parameters. */
    private static final class Placed {
        private final String id;
        private final String clientId;
        private final long at;
        private final double opened;
        private final ObjectNode params;
        private Status status = Status.OPEN;
        private BigDecimal price = BigDecimal.ZERO;
        private BigDecimal executed = BigDecimal.ZERO;

        Placed(String id, String clientId, long at, double opened, ObjectNode params) {
            this.id = id;
            this.clientId = clientId;
            this.at = at;
            this.opened = opened;
            this.params = params;
        }

        boolean buys() {
            return params.path("side").asText().equals("buy");
        }

        String symbol() {
            return params.path("symbol").asText();
        }

        BigDecimal quantity() {
            return new BigDecimal(params.path("order_qty").asText("0"));
        }
    }

    private final TimeSource time;
    private final Counters counters;
    private final QuoteWalk quotes;
    private final Faults faults;
    private final Map<String, Placed> placed = new LinkedHashMap<>();
    private final Map<String, BigDecimal> balances = new TreeMap<>(Map.of("ZUSD", FIRST_CASH));
    private final List<Consumer<ObjectNode>> listeners = new ArrayList<>();
    private long last;

    SimulatedKrakenOrders(TimeSource time, Counters counters, QuoteWalk quotes, Faults faults) {
        this.time = time;
        this.counters = counters;
        this.quotes = quotes;
        this.faults = faults;
    }

    /** Tells of whatever becomes of orders, as the channel {@code executions} does. */
    void listen(Consumer<ObjectNode> executions) {
        listeners.add(executions);
    }

    void forget(Consumer<ObjectNode> executions) {
        listeners.remove(executions);
    }

    /** Takes an order; gives its id. */
    String place(JsonNode params) {
        String clientId = params.path("cl_ord_id").asText();
        counters.count("kraken_orders_placed");
        if (!clientId.isEmpty() && placed.values().stream().anyMatch(order -> order.clientId.equals(clientId))) {
            counters.count("violation.order_sent_twice");
        }
        String id = String.format("OSIM%02d-SIMUL-%06d", ++last / 1_000_000, last % 1_000_000);
        Placed order = new Placed(
                id, clientId, time.nanos(), time.instant().toEpochMilli() / 1000.0, ((ObjectNode) params).deepCopy());
        placed.put(id, order);
        if (placed.size() > KEPT) {
            placed.remove(placed.keySet().iterator().next());
        }
        return id;
    }

    /** Tells that an order is there; once its answer is on its way. */
    void tellNew(String id) {
        tell(placed.get(id), "new", "new");
    }

    /** The id of a working order that is called so by Kraken or by its client. */
    Optional<String> working(String name) {
        settle();
        return placed.values().stream()
                .filter(order -> order.status == Status.OPEN && (order.id.equals(name) || order.clientId.equals(name)))
                .map(order -> order.id)
                .findFirst();
    }

    void cancel(String id) {
        Placed order = placed.get(id);
        order.status = Status.CANCELED;
        counters.count("kraken_orders_cancelled");
        tell(order, "canceled", "canceled");
    }

    /** Changes a working order, which keeps its id. */
    void amend(String id, JsonNode params) {
        Placed order = placed.get(id);
        ObjectNode before = order.params.deepCopy();
        for (String field : List.of("order_qty", "limit_price")) {
            if (params.has(field)) {
                order.params.set(field, params.get(field));
            }
        }
        counters.count(before.equals(order.params) ? "violation.amend_sent_twice" : "kraken_orders_amended");
        tell(order, "amended", "new");
    }

    /** Lets the market have its effect. */
    void settle() {
        for (Placed order : placed.values()) {
            if (order.status == Status.OPEN
                    && time.nanos() - order.at >= FILLED_AFTER.toNanos()
                    && !faults.isOn(Fault.NEVER_FILLED)
                    && reaches(order)) {
                boolean half = faults.isOn(Fault.PARTIAL_FILL);
                if (!half || order.executed.signum() == 0) {
                    fill(order, half);
                }
            }
        }
    }

    /** Those that are open, or those that are not, of that client's id; an empty one stands for any. */
    ObjectNode list(boolean open, String clientId) {
        settle();
        ObjectNode orders = FrameCodec.object();
        placed.forEach((id, order) -> {
            if ((order.status == Status.OPEN) == open && (clientId.isEmpty() || order.clientId.equals(clientId))) {
                orders.set(id, shown(order));
            }
        });
        return orders;
    }

    /** These, by Kraken's ids. */
    ObjectNode byId(List<String> ids) {
        settle();
        ObjectNode orders = FrameCodec.object();
        ids.stream().filter(placed::containsKey).forEach(id -> orders.set(id, shown(placed.get(id))));
        return orders;
    }

    ObjectNode balances() {
        settle();
        ObjectNode all = FrameCodec.object();
        balances.forEach((asset, amount) -> all.put(asset, amount.toPlainString()));
        return all;
    }

    private boolean reaches(Placed order) {
        QuoteWalk.Quoted quote = quotes.of(order.symbol());
        double limit = order.params.path("limit_price").asDouble();
        return order.params.path("order_type").asText().equals("market")
                || (order.buys() ? limit >= quote.askPrice() : limit <= quote.bidPrice());
    }

    /** Fills what is left of it, or half of the whole. */
    private void fill(Placed order, boolean half) {
        QuoteWalk.Quoted quote = quotes.of(order.symbol());
        BigDecimal left = order.quantity().subtract(order.executed);
        BigDecimal now = half ? left.divide(BigDecimal.valueOf(2)) : left;
        BigDecimal price = BigDecimal.valueOf(order.buys() ? quote.askPrice() : quote.bidPrice());
        order.price = order.price
                .multiply(order.executed)
                .add(price.multiply(now))
                .divide(order.executed.add(now), MathContext.DECIMAL64);
        order.executed = order.executed.add(now);
        order.status = half ? Status.OPEN : Status.CLOSED;
        String asset =
                order.symbol().replaceFirst("/.*", "").replace("BTC", "XXBT").replace("ETH", "XETH");
        BigDecimal quantity = order.buys() ? now : now.negate();
        balances.merge(asset, quantity, BigDecimal::add);
        balances.merge("ZUSD", quantity.multiply(price).negate(), BigDecimal::add);
        tell(order, "trade", half ? "partially_filled" : "filled");
        if (!half) {
            counters.count("kraken_orders_filled");
            tell(order, "filled", "filled");
        }
    }

    private void tell(Placed order, String what, String status) {
        ObjectNode news = FrameCodec.object()
                .put("exec_type", what)
                .put("order_id", order.id)
                .put("cl_ord_id", order.clientId)
                .put("order_status", status)
                .put("symbol", order.symbol())
                .put("side", order.params.path("side").asText())
                .put("order_qty", order.quantity())
                .put("cum_qty", order.executed)
                .put("avg_price", order.price)
                .put("timestamp", InstantFormat.format(time.instant()));
        if (what.equals("trade")) {
            news.put("last_qty", order.quantity()).put("last_price", order.price);
        }
        List.copyOf(listeners).forEach(listener -> listener.accept(news));
    }

    private static ObjectNode shown(Placed order) {
        ObjectNode shown = FrameCodec.object()
                .put("cl_ord_id", order.clientId)
                .put("status", order.status.name().toLowerCase(Locale.ROOT))
                .put("opentm", order.opened)
                .put("starttm", 0)
                .put("expiretm", 0)
                .put("vol", order.quantity().toPlainString())
                .put("vol_exec", order.executed.toPlainString())
                .put("cost", order.price.multiply(order.executed).toPlainString())
                .put("fee", "0")
                .put("price", order.price.toPlainString())
                .put("misc", "")
                .put("oflags", "fciq");
        shown.putObject("descr")
                .put("pair", KrakenPublicCalls.altname(order.symbol()))
                .put("type", order.params.path("side").asText())
                .put("ordertype", order.params.path("order_type").asText())
                .put("price", order.params.path("limit_price").asText("0"))
                .put("price2", "0")
                .put("leverage", "none")
                .put(
                        "order",
                        order.params.path("side").asText() + " " + order.quantity() + " "
                                + KrakenPublicCalls.altname(order.symbol()) + " @ "
                                + order.params.path("order_type").asText()
                                + (order.params.has("limit_price")
                                        ? " " + order.params.path("limit_price").asText()
                                        : ""));
        return shown;
    }
}
