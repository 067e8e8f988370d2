package dev.fairlead.gateway.orders;

import dev.fairlead.protocol.OrderStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** What the metrics say of orders: how many are in hand, and how often one came to which status. */
final class OrderMetrics {
    private final Map<OrderStatus, Counter> statuses = new EnumMap<>(OrderStatus.class);

    OrderMetrics(MeterRegistry registry, IntSupplier open) {
        for (OrderStatus status : OrderStatus.values()) {
            statuses.put(
                    status,
                    Counter.builder("fairlead.orders.statuses")
                            .description("Orders that came to a status")
                            .tag("status", status.wire())
                            .register(registry));
        }
        // A supplier is held; an object to be asked is not, and the gauge reads NaN once it is collected.
        Gauge.builder("fairlead.orders.open", open::getAsInt)
                .description("Orders being sent or looked for")
                .register(registry);
    }

    void became(OrderStatus status) {
        statuses.get(status).increment();
    }
}
