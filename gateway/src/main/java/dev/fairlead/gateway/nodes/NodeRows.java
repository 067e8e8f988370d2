package dev.fairlead.gateway.nodes;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is kept of the nodes of a fleet, on PostgreSQL alone. Every method is one unit of a write transaction. */
final class NodeRows {
    private static final String JOINED = "INSERT INTO cluster_nodes (name, version, address, since)"
            + " VALUES (?, ?, ?, clock_timestamp()) ON CONFLICT (name) DO UPDATE SET version = EXCLUDED.version,"
            + " address = EXCLUDED.address, since = EXCLUDED.since";

    private static final String LET_IN = "DELETE FROM cluster_refusals WHERE node = ?";

    /** A lease of a node is forgotten when that has been away for days. */
    private static final String FORGET = "DELETE FROM cluster_nodes n WHERE n.name <> ? AND NOT EXISTS"
            + " (SELECT 1 FROM leases l WHERE l.name = 'node/' || n.name)";

    private static final String NODES = "SELECT n.name, n.version, n.address, n.since, l.ends_at,"
            + " l.owner <> '' AND l.ends_at > clock_timestamp() AS alive FROM cluster_nodes n"
            + " JOIN leases l ON l.name = 'node/' || n.name ORDER BY n.name LIMIT 10000";

    private static final String LEASES = "SELECT name, owner FROM leases WHERE name NOT LIKE 'node/%' AND owner <> ''"
            + " AND ends_at > clock_timestamp() ORDER BY name";

    private static final String REFUSALS =
            "SELECT node, why, at FROM cluster_refusals WHERE at > clock_timestamp() - INTERVAL '7 days'"
                    + " ORDER BY at DESC LIMIT 20";

    private NodeRows() {}

    static int joined(WriteConnection c, String node, String version, String address) throws SQLException {
        c.update(LET_IN, node);
        c.update(FORGET, node);
        return c.update(JOINED, node, version, address);
    }

    static List<NodeCommands.Refusal> refusals(WriteConnection c) throws SQLException {
        return c.query(
                REFUSALS, row -> new NodeCommands.Refusal(row.string("node"), row.string("why"), row.instant("at")));
    }

    static NodeCommands.Nodes nodes(WriteConnection c, String self) throws SQLException {
        record Lease(String name, String owner) {}
        Map<String, List<String>> held = new TreeMap<>();
        Set<String> owned = new HashSet<>();
        for (Lease lease : c.query(LEASES, row -> new Lease(row.string("name"), row.string("owner")))) {
            held.computeIfAbsent(lease.owner(), node -> new ArrayList<>()).add(lease.name());
            owned.add(lease.name());
        }
        List<NodeCommands.Node> nodes = c.query(NODES, row -> {
            String name = row.string("name");
            Instant until = row.instant("ends_at");
            return new NodeCommands.Node(
                    name,
                    name.equals(self),
                    row.bool("alive"),
                    row.string("version"),
                    Optional.of(row.string("address")),
                    row.instant("since"),
                    Optional.of(until),
                    held.getOrDefault(name, List.of()));
        });
        List<String> unowned = LeaseName.all()
                .map(LeaseName::text)
                .filter(name -> !owned.contains(name))
                .toList();
        return new NodeCommands.Nodes(false, nodes, unowned, refusals(c));
    }
}
