package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** What the metrics say of messages: how many are under way, and how often what happened. */
final class MessageMetrics {
    private final Map<MessageEvent.Kind, Counter> events = new EnumMap<>(MessageEvent.Kind.class);

    MessageMetrics(MeterRegistry registry, IntSupplier open) {
        for (MessageEvent.Kind kind : MessageEvent.Kind.values()) {
            events.put(
                    kind,
                    Counter.builder("fairlead.messages.events")
                            .description("What happened to messages")
                            .tag("event", kind.wire())
                            .register(registry));
        }
        // A supplier is held; an object to be asked is not, and the gauge reads NaN once it is collected.
        Gauge.builder("fairlead.messages.open", open::getAsInt)
                .description("Messages that have not ended")
                .register(registry);
    }

    void happened(MessageEvent.Kind kind) {
        events.get(kind).increment();
    }
}
