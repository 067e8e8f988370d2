package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Orders as Kraken keeps them, over all connections. Used on the simulator's event loop only. */
final class SimulatedKrakenOrders {
    private static final Duration FILLED_AFTER = Duration.ofSeconds(1);
    private static final int KEPT = 10_000;

    private record Placed(long at, String clientId, JsonNode params) {}

    private final TimeSource time;
    private final Counters counters;
    private final Map<String, Placed> placed = new LinkedHashMap<>();
    private long last;

    SimulatedKrakenOrders(TimeSource time, Counters counters) {
        this.time = time;
        this.counters = counters;
    }

    /** Takes an order; gives its id. */
    String place(JsonNode params) {
        String clientId = params.path("cl_ord_id").asText();
        counters.count("kraken_orders_placed");
        if (!clientId.isEmpty()
                && placed.values().stream().anyMatch(order -> order.clientId().equals(clientId))) {
            counters.count("violation.order_sent_twice");
        }
        String id = "OSIM00-" + ++last;
        placed.put(id, new Placed(time.nanos(), clientId, params));
        if (placed.size() > KEPT) {
            placed.remove(placed.keySet().iterator().next());
        }
        return id;
    }

    /** Those that are open, or those that are not, of that client's id; an empty one stands for any. */
    ObjectNode list(boolean open, String clientId) {
        ObjectNode orders = FrameCodec.object();
        placed.forEach((id, order) -> {
            boolean isOpen = time.nanos() - order.at() < FILLED_AFTER.toNanos();
            if (isOpen == open && (clientId.isEmpty() || order.clientId().equals(clientId))) {
                orders.putObject(id)
                        .put("cl_ord_id", order.clientId())
                        .put("status", isOpen ? "open" : "closed")
                        .put("vol", order.params().path("order_qty").asText());
            }
        });
        return orders;
    }
}
