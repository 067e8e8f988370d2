package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whole gateways of this JVM as nodes of one fleet, on one database. */
public final class Fleet implements AutoCloseable {
    /** As short as it may be: how long what a node had that is gone stays with it. */
    public static final String LEASE = "cluster.lease=3s";

    private final Settings.Db db;
    private final Path folder;
    private final List<Integer> ports;
    private final List<String> settings;
    private final List<RunningGateway> running = new ArrayList<>();

    /**
     * Of up to three nodes, none of which runs yet.
     *
     * @param folder of which each node has one of its own
     * @param settings of all nodes
     */
    public Fleet(Settings.Db db, Path folder, String... settings) throws IOException {
        this.db = db;
        this.folder = folder;
        this.ports = Nodes.freePorts(3);
        this.settings = List.of(settings);
    }

    /** Starts the node of a number from 1. */
    public RunningGateway start(int number, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "db.url=" + db.url().orElseThrow(),
                "db.user=" + db.user().orElseThrow(),
                "db.password=" + db.password().orElseThrow().reveal(),
                "cluster.port=" + ports.get(number - 1),
                "cluster.bus_port=0",
                "cluster.members=" + Nodes.members(ports),
                LEASE));
        all.addAll(settings);
        all.addAll(Arrays.asList(more));
        RunningGateway node =
                RunningGateway.node(folder.resolve("n" + number), TimeSource.system(), all.toArray(String[]::new));
        running.add(node);
        return node;
    }

    /** The one that holds a lease, as the first node has it; empty where none does. */
    public List<RunningGateway> holders(String lease) {
        JsonNode cluster = running.get(0).get("/api/cluster").body();
        List<RunningGateway> found = new ArrayList<>();
        for (JsonNode node : cluster.get("nodes")) {
            for (JsonNode held : node.get("leases")) {
                if (held.asText().equals(lease)) {
                    running.stream()
                            .filter(one ->
                                    one.gateway().node().equals(node.get("name").asText()))
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    /** Ends one in order. */
    public void end(RunningGateway node) {
        running.remove(node);
        node.close();
    }

    @Override
    public void close() {
        List.copyOf(running).forEach(this::end);
    }
}
