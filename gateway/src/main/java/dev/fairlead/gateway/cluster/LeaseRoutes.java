package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.bus.Routes;
import java.util.Optional;
import java.util.Set;

/** Requests go where the leases are. */
public record LeaseRoutes(Ownership ownership) implements Routes {
    @Override
    public String node() {
        return ownership.node();
    }

    @Override
    public Set<String> nodes() {
        return ownership.nodes();
    }

    @Override
    public Optional<String> owner(String lease) {
        return ownership.owner(new LeaseName(lease));
    }
}
