package dev.fairlead.gateway.nodes;

import dev.fairlead.gateway.bus.Request;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What can be asked about the nodes of the fleet, of any of them. */
public final class NodeCommands {
    private NodeCommands() {}

    /** Asks for all nodes; answered from the database, so fails with {@code storage_unavailable} without it. */
    public record GetNodes() implements Request<Nodes> {}

    /**
     * The fleet.
     *
     * @param alone whether there is one gateway, which owns all and holds no lease
     * @param nodes by name
     * @param unowned leases that nobody holds at the moment
     * @param refused nodes that were not let in, the last first
     */
    public record Nodes(boolean alone, List<Node> nodes, List<String> unowned, List<Refusal> refused) {
        public Nodes {
            nodes = List.copyOf(nodes);
            unowned = List.copyOf(unowned);
            refused = List.copyOf(refused);
        }
    }

    /**
     * A node.
     *
     * @param self whether it is the one that answers
     * @param alive whether its lease lasts, by the clock of the database
     * @param version of the product
     * @param address as a member of the cluster; empty for one that is alone
     * @param since it last started, or joined
     * @param leaseUntil the end of its lease, which it renews at a third; empty for one that is alone
     * @param leases what it owns, by name
     */
    public record Node(
            String name,
            boolean self,
            boolean alive,
            String version,
            Optional<String> address,
            Instant since,
            Optional<Instant> leaseUntil,
            List<String> leases) {
        public Node {
            leases = List.copyOf(leases);
        }
    }

    /** A node that was not let in. */
    public record Refusal(String node, String why, Instant at) {}
}
