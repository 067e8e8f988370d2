package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.Version;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;

/**
 * What the process and its JVM use, and which build runs. It is bound by the first who asks for metrics: a start has no
 * use for it, and waits for none of the management beans behind it.
 */
final class ProcessMetrics {
    private static final String BUILD = "fairlead.build.info";

    private final MeterRegistry registry;
    private volatile boolean bound;

    ProcessMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    boolean isBound() {
        return bound;
    }

    /** Binds it, once for all edges of a gateway. Loads classes and reads files: nothing for an event loop. */
    void bind() {
        synchronized (registry) {
            if (registry.find(BUILD).gauge() == null) {
                List<MeterBinder> binders = List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics());
                binders.forEach(binder -> binder.bindTo(registry));
                Gauge.builder(BUILD, () -> 1)
                        .description("1, with the build's version and the Java it runs on")
                        .tag("version", Version.current())
                        .tag("java", Runtime.version().toString())
                        .register(registry);
            }
        }
        bound = true;
    }
}
