package dev.fairlead.gateway.agents;

import dev.fairlead.protocol.AgentStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the agents' concern counts. Names: {@code fairlead.agents} by status, {@code fairlead.agents.registrations}… */
final class AgentMetrics {
    private final Map<AgentStatus, AtomicLong> byStatus = new EnumMap<>(AgentStatus.class);
    private final Counter registrations;
    private final Counter replacements;
    private final Counter refusals;

    AgentMetrics(MeterRegistry registry) {
        for (AgentStatus status : AgentStatus.values()) {
            AtomicLong count = new AtomicLong();
            byStatus.put(status, count);
            Gauge.builder("fairlead.agents", count, AtomicLong::doubleValue)
                    .description("Known agents by status")
                    .tag("status", status.wire())
                    .register(registry);
        }
        registrations = Counter.builder("fairlead.agents.registrations")
                .description("Registrations of agents on a connection")
                .register(registry);
        replacements = Counter.builder("fairlead.agents.replacements")
                .description("Connections that a newer one of the same agent replaced")
                .register(registry);
        refusals = Counter.builder("fairlead.agents.refusals")
                .description("Registrations refused for their token")
                .register(registry);
    }

    void registered(boolean replaced) {
        registrations.increment();
        if (replaced) {
            replacements.increment();
        }
    }

    void refused() {
        refusals.increment();
    }

    void count(Map<AgentStatus, Long> agents) {
        byStatus.forEach((status, count) -> count.set(agents.getOrDefault(status, 0L)));
    }
}
