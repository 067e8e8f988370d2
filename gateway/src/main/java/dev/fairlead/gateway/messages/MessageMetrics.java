package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.messages.MessageCommands.AckLatency;
import dev.fairlead.protocol.MessageEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** What the metrics say of messages: how many are under way, and how often what happened. */
final class MessageMetrics {
    /** Most agents that metrics name: more would be more than a scraper wants. */
    static final int MOST_AGENTS = 100;

    private static final double MILLIS = 1_000;

    private final MeterRegistry registry;
    private final MultiGauge acknowledged;
    private final MultiGauge latency;
    private volatile boolean any; // told by a worker

    private final Map<MessageEvent.Kind, Counter> events = new EnumMap<>(MessageEvent.Kind.class);

    MessageMetrics(MeterRegistry registry, IntSupplier open) {
        this.registry = registry;
        acknowledged = MultiGauge.builder("fairlead.agent.acknowledged")
                .description("Messages that an agent acknowledged in the last minute")
                .register(registry);
        latency = MultiGauge.builder("fairlead.agent.ack.latency")
                .description("From a delivery to its acknowledgement, in the last minute")
                .baseUnit("seconds")
                .register(registry);
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

    /** Whether some agents are told of now. */
    boolean namesAgents() {
        return any;
    }

    /** From now on these agents' latencies, and no others. From any thread, one at a time. */
    void tell(Map<String, AckLatency> agents) {
        if (registry.isClosed()) {
            return;
        }
        any = !agents.isEmpty();
        List<MultiGauge.Row<?>> counts = new ArrayList<>();
        List<MultiGauge.Row<?>> quantiles = new ArrayList<>();
        agents.forEach((agent, last) -> {
            counts.add(MultiGauge.Row.of(Tags.of("agent", agent), last.count()));
            quantiles.add(MultiGauge.Row.of(Tags.of("agent", agent, "quantile", "0.5"), last.p50Ms() / MILLIS));
            quantiles.add(MultiGauge.Row.of(Tags.of("agent", agent, "quantile", "0.99"), last.p99Ms() / MILLIS));
        });
        acknowledged.register(counts, true);
        latency.register(quantiles, true);
    }

    void happened(MessageEvent.Kind kind) {
        events.get(kind).increment();
    }
}
