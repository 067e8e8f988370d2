package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.nodes.NodeCommands;
import java.util.List;

/** {@code GET /api/cluster}: who is there, and who owns what. */
public final class ClusterCalls {
    private final Bus bus;

    public ClusterCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/cluster", Access.OPERATOR, call -> bus.request(new NodeCommands.GetNodes())
                .map(Answer::ok)));
    }
}
