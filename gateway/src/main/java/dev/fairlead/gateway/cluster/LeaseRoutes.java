package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.bus.Routes;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Requests go where the leases are. */
public record LeaseRoutes(Leases leases) implements Routes {
    @Override
    public String node() {
        return leases.node();
    }

    @Override
    public Set<String> nodes() {
        return leases.nodes();
    }

    @Override
    public OptionalLong life(String node) {
        return leases.life(node);
    }

    @Override
    public Optional<String> owner(String lease) {
        return leases.owner(new LeaseName(lease));
    }
}
