package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Orders as tastytrade keeps them: an external identifier is echoed and never deduplicated. Used on the simulator's
 * event loop only.
 */
final class SimulatedOrders {
    private static final Duration LIVE_AFTER = Duration.ofMillis(100);
    private static final Duration FILLED_AFTER = Duration.ofSeconds(1);
    private static final int KEPT = 10_000;

    private record Placed(long id, long at, ObjectNode body) {}

    private final TimeSource time;
    private final Counters counters;
    private final List<Placed> placed = new ArrayList<>();
    private long lastId = 1_000;

    SimulatedOrders(TimeSource time, Counters counters) {
        this.time = time;
        this.counters = counters;
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
            if (!order.path("price").isTextual()) {
                faults.add("price is missing or no string");
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
        }
        return faults;
    }

    /** Takes an order that is without fault. */
    ObjectNode place(String account, JsonNode order) {
        ObjectNode body = ((ObjectNode) order).deepCopy();
        body.put("account-number", account);
        counters.count("orders_placed");
        String identifier = order.path("external-identifier").asText();
        if (!identifier.isEmpty()
                && placed.stream().anyMatch(other -> other.body()
                        .path("external-identifier")
                        .asText()
                        .equals(identifier))) {
            counters.count("violation.order_sent_twice");
        }
        Placed made = new Placed(++lastId, time.nanos(), body);
        placed.add(made);
        if (placed.size() > KEPT) {
            placed.remove(0);
        }
        return shown(made);
    }

    /** What an order would be, without placing it. */
    ObjectNode rehearse(String account, JsonNode order) {
        ObjectNode body = ((ObjectNode) order).deepCopy();
        body.put("account-number", account);
        return body.put("status", "Received");
    }

    Optional<ObjectNode> find(long id) {
        return placed.stream().filter(order -> order.id() == id).findFirst().map(this::shown);
    }

    /** All orders, the newest first. */
    ArrayNode list() {
        ArrayNode items = FrameCodec.object().putArray("items");
        for (int i = placed.size() - 1; i >= 0; i--) {
            items.add(shown(placed.get(i)));
        }
        return items;
    }

    private ObjectNode shown(Placed order) {
        long age = time.nanos() - order.at();
        String status = age < LIVE_AFTER.toNanos() ? "Routed" : age < FILLED_AFTER.toNanos() ? "Live" : "Filled";
        return order.body().deepCopy().put("id", order.id()).put("status", status);
    }
}
