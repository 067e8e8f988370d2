package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstantFormat;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Orders as tastytrade keeps them: an external identifier is echoed and never deduplicated; one at the market fills,
 * one with a limit waits until the quote reaches it; a replacement is an order of its own. Used on the simulator's
 * event loop only.
 */
final class SimulatedOrders {
    private static final Duration LIVE_AFTER = Duration.ofMillis(100);
    private static final Duration FILLED_AFTER = Duration.ofSeconds(1);
    private static final int KEPT = 10_000;
    private static final Set<String> ENDED = Set.of("Filled", "Cancelled", "Rejected");

    private static final class Placed {
        private final long id;
        private final long at;
        private final Instant received;
        private final ObjectNode body;
        private String status = "Routed";
        private boolean isPartlyFilled;

        Placed(long id, long at, Instant received, ObjectNode body) {
            this.id = id;
            this.at = at;
            this.received = received;
            this.body = body;
        }

        boolean hasEnded() {
            return ENDED.contains(status);
        }
    }

    private final TimeSource time;
    private final Counters counters;
    private final QuoteWalk quotes;
    private final Faults faults;
    private final SimulatedPositions positions;
    private final List<Placed> placed = new ArrayList<>();
    private long lastId = 1_000;

    SimulatedOrders(TimeSource time, Counters counters, QuoteWalk quotes, Faults faults) {
        this.time = time;
        this.counters = counters;
        this.quotes = quotes;
        this.faults = faults;
        this.positions = new SimulatedPositions(quotes, time);
    }

    SimulatedPositions positions() {
        settle();
        return positions;
    }

    /** What is wrong with an order; empty where nothing is. */
    static List<String> faults(JsonNode order) {
        List<String> faults = new ArrayList<>();
        for (String field : List.of("time-in-force", "order-type")) {
            if (order.path(field).asText().isEmpty()) {
                faults.add(field + " is missing");
            }
        }
        if (order.path("order-type").asText().equals("Limit")) {
            if (!order.path("price").isTextual() && !order.path("price").isNumber()) {
                faults.add("price is missing");
            }
            if (order.path("price-effect").asText().isEmpty()) {
                faults.add("price-effect is missing");
            }
        }
        if (!order.path("legs").isArray() || order.path("legs").isEmpty()) {
            faults.add("legs is missing");
        }
        for (JsonNode leg : order.path("legs")) {
            for (String field : List.of("instrument-type", "symbol", "action")) {
                if (leg.path(field).asText().isEmpty()) {
                    faults.add("legs." + field + " is missing");
                }
            }
            if (leg.path("quantity").asDouble() <= 0) {
                faults.add("legs.quantity is missing");
            }
            if (leg.path("instrument-type").asText().equals(Instrument.CRYPTOCURRENCY.wire())) {
                faults.add("cryptocurrency orders are not accepted");
            }
        }
        return faults;
    }

    /** Takes an order that is without fault. */
    ObjectNode place(String account, JsonNode order) {
        String identifier = order.path("external-identifier").asText();
        if (!identifier.isEmpty()
                && placed.stream()
                        .anyMatch(other ->
                                other.body.path("external-identifier").asText().equals(identifier))) {
            counters.count("violation.order_sent_twice");
        }
        counters.count("orders_placed");
        Placed made = new Placed(++lastId, time.nanos(), time.instant(), body(account, order));
        placed.add(made);
        if (placed.size() > KEPT) {
            placed.remove(0);
        }
        return shown(made);
    }

    /** What an order would be, without placing it. */
    ObjectNode rehearse(String account, JsonNode order) {
        return shown(new Placed(0, time.nanos(), time.instant(), body(account, order)))
                .put("status", "Received");
    }

    /** Cancels one that still works; empty where it does not, or there is none. */
    Optional<ObjectNode> cancel(long id) {
        if (placed.stream().anyMatch(order -> order.id == id && order.status.equals("Cancelled"))) {
            counters.count("violation.cancel_sent_twice");
        }
        return working(id).map(order -> {
            order.status = "Cancelled";
            counters.count("orders_cancelled");
            return shown(order).put("status", "Cancel Requested");
        });
    }

    /** Puts another in the place of one that still works, with the same legs where it names none. */
    Optional<ObjectNode> replace(long id, String account, JsonNode order) {
        return working(id).map(old -> {
            ObjectNode next = ((ObjectNode) order).deepCopy();
            if (!next.has("legs")) {
                next.set("legs", old.body.get("legs"));
            }
            old.status = "Cancelled";
            next.put("replaces-order-id", old.id);
            ObjectNode made = place(account, next);
            old.body.put("replacing-order-id", made.path("id").asLong());
            counters.count("orders_replaced");
            return made;
        });
    }

    Optional<ObjectNode> find(long id) {
        settle();
        return placed.stream().filter(order -> order.id == id).findFirst().map(this::shown);
    }

    boolean isKnown(long id) {
        return placed.stream().anyMatch(order -> order.id == id);
    }

    /** All orders, the newest first. */
    ArrayNode list() {
        return list(false);
    }

    /** Those that work, and those that ended today. */
    ArrayNode live() {
        return list(true);
    }

    /** Lets the market have its effect. */
    void settle() {
        for (Placed order : placed) {
            long age = time.nanos() - order.at;
            if (order.hasEnded() || age < LIVE_AFTER.toNanos()) {
                continue;
            }
            order.status = "Live";
            if (age >= FILLED_AFTER.toNanos() && !faults.isOn(Fault.NEVER_FILLED) && reaches(order)) {
                boolean half = faults.isOn(Fault.PARTIAL_FILL);
                if (!half || !order.isPartlyFilled) {
                    fill(order, half);
                }
            }
        }
    }

    private ArrayNode list(boolean today) {
        settle();
        ArrayNode items = FrameCodec.object().putArray("items");
        for (int i = placed.size() - 1; i >= 0; i--) {
            Placed order = placed.get(i);
            if (!today || time.nanos() - order.at < Duration.ofDays(1).toNanos()) {
                items.add(shown(order));
            }
        }
        return items;
    }

    private Optional<Placed> working(long id) {
        settle();
        return placed.stream()
                .filter(order -> order.id == id && !order.hasEnded())
                .findFirst();
    }

    /** Whether the market is where an order wants it; several legs fill together. */
    private boolean reaches(Placed order) {
        if (!order.body.path("order-type").asText().equals("Limit")) {
            return true;
        }
        JsonNode leg = order.body.path("legs").path(0);
        double price = Math.abs(order.body.path("price").asDouble());
        QuoteWalk.Quoted quote = quotes.of(leg.path("symbol").asText());
        return buys(leg) ? price >= quote.askPrice() : price <= quote.bidPrice();
    }

    /** Fills what is left of it, or half of the whole. */
    private void fill(Placed order, boolean half) {
        order.isPartlyFilled = true;
        for (JsonNode leg : order.body.path("legs")) {
            String symbol = leg.path("symbol").asText();
            QuoteWalk.Quoted quote = quotes.of(symbol);
            BigDecimal price = BigDecimal.valueOf(buys(leg) ? quote.askPrice() : quote.bidPrice());
            BigDecimal left = new BigDecimal(leg.path("remaining-quantity").asText());
            BigDecimal quantity = half ? left.divide(BigDecimal.valueOf(2)) : left;
            positions.filled(symbol, buys(leg) ? quantity : quantity.negate(), price);
            ObjectNode filled = (ObjectNode) leg;
            ArrayNode fills =
                    filled.put("remaining-quantity", left.subtract(quantity)).withArray("fills");
            fills.addObject()
                    .put("fill-id", order.id + "_" + (fills.size() + 1))
                    .put("quantity", quantity)
                    .put("fill-price", price.toPlainString())
                    .put("filled-at", InstantFormat.format(time.instant()))
                    .put("destination-venue", "SIMULATED");
        }
        if (!half) {
            order.status = "Filled";
            counters.count("orders_filled");
        }
    }

    private ObjectNode body(String account, JsonNode order) {
        ObjectNode body = ((ObjectNode) order).deepCopy();
        JsonNode leg = body.path("legs").path(0);
        body.put("account-number", account)
                .put("size", leg.path("quantity").asText())
                .put("underlying-symbol", leg.path("symbol").asText().split(" ", 2)[0])
                .put(
                        "underlying-instrument-type",
                        underlying(leg.path("instrument-type").asText()));
        body.path("legs").forEach(one -> {
            ObjectNode filled = (ObjectNode) one;
            filled.set("remaining-quantity", one.path("quantity"));
            filled.putArray("fills");
        });
        return body;
    }

    private ObjectNode shown(Placed order) {
        boolean open = !order.hasEnded();
        ObjectNode shown = order.body
                .deepCopy()
                .put("id", order.id)
                .put("status", order.status)
                .put("cancellable", open)
                .put("editable", open)
                .put("edited", false)
                .put("received-at", InstantFormat.format(order.received))
                .put("updated-at", time.instant().toEpochMilli());
        if (!open) {
            shown.put("terminal-at", InstantFormat.format(time.instant()));
        }
        return shown;
    }

    private static String underlying(String instrument) {
        return instrument.replace(" Option", "");
    }

    private static boolean buys(JsonNode leg) {
        return leg.path("action").asText().startsWith("Buy");
    }
}
