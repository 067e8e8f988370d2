package dev.fairlead.gateway.edge.intake;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What is held now of what strangers may make the gateway hold, beside its bounds in the settings. */
public final class IntakeMetrics {
    private final MeterRegistry metrics;

    public IntakeMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    public void connections(ConnectionCount count) {
        gauge("fairlead.http.connections", "Connections from their accept to their close", count::open);
    }

    public ByteBudget bodies(ByteBudget budget) {
        gauge("fairlead.http.bodies.bytes", "Bytes of bodies that are coming in", budget::held);
        return budget;
    }

    public ByteBudget unread(ByteBudget budget) {
        gauge("fairlead.http.unread.bytes", "Bytes of answers that their clients have not taken", budget::held);
        return budget;
    }

    /** Of sockets that have not said who they are. */
    public void unregistered(Supplier<Number> sockets) {
        gauge("fairlead.ws.unregistered", "WebSockets of agents that have not registered", sockets);
    }

    private void gauge(String name, String description, Supplier<Number> now) {
        Gauge.builder(name, now).description(description).strongReference(true).register(metrics);
    }
}
