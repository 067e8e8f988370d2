package dev.fairlead.gateway.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What a node of several tells of itself in numbers: who is there, what it owns, and what it came to own and lost. */
public final class LeaseMetrics {
    private LeaseMetrics() {}

    /** Counts from now on. */
    public static void count(Ownership ownership, MeterRegistry metrics) {
        Gauge.builder("fairlead.cluster.nodes", ownership, owner -> owner.nodes()
                        .size())
                .description("Nodes that are there, as this one last heard")
                .register(metrics);
        Gauge.builder("fairlead.cluster.leases", ownership, LeaseMetrics::held)
                .description("What this node owns: shards of the messages, the upstream, the janitor's work")
                .register(metrics);
        Counter taken = Counter.builder("fairlead.cluster.leases.taken")
                .description("Leases that this node took, its own name among them")
                .register(metrics);
        Counter lost = Counter.builder("fairlead.cluster.leases.lost")
                .description("Leases that this node handed over, or lost")
                .register(metrics);
        ownership.listen(change -> (change instanceof OwnershipChange.Gained ? taken : lost).increment());
    }

    /** Its own name is none that others could have. */
    private static double held(Ownership ownership) {
        return LeaseName.all().filter(name -> ownership.fence(name).isPresent()).count();
    }
}
