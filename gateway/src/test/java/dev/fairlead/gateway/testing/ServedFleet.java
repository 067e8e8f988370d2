package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Nodes of one fleet, each a process of its own from the jar that is shipped: to be killed, frozen and cut off. */
public final class ServedFleet implements AutoCloseable {
    private final List<ServedGateway> nodes = new ArrayList<>();
    private final Map<ServedGateway, String> names = new HashMap<>();

    /**
     * Of nodes on this machine's loopback, none of which runs yet.
     *
     * @param folder of which each node has one of its own
     * @param settings of all nodes
     */
    public ServedFleet(Settings.Db db, Path folder, int count, String... settings) throws IOException {
        List<Integer> ports = Nodes.freePorts(2 * count);
        String members = Nodes.members(ports.subList(0, count));
        for (int i = 0; i < count; i++) {
            List<String> all = new ArrayList<>(settings(db, members, settings));
            all.add("cluster.port=" + ports.get(i));
            all.add("cluster.bus_port=" + ports.get(count + i));
            nodes.add(ServedGateway.node(folder.resolve("n" + i), all));
        }
    }

    private static List<String> settings(Settings.Db db, String members, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "db.url=" + db.url().orElseThrow(),
                "db.user=" + db.user().orElseThrow(),
                "db.password=" + db.password().orElseThrow().reveal(),
                "cluster.members=" + members,
                Fleet.LEASE));
        all.addAll(List.of(more));
        return all;
    }

    /** Starts all, one after the other, so that the first gives the fleet its key. */
    public ServedFleet start() throws IOException {
        for (ServedGateway node : nodes) {
            node.start();
        }
        return this;
    }

    public ServedGateway node(int number) {
        return nodes.get(number);
    }

    public List<ServedGateway> nodes() {
        return List.copyOf(nodes);
    }

    /** Its name in the fleet, asked for once. */
    public synchronized String name(ServedGateway node) {
        return names.computeIfAbsent(node, one -> {
            for (JsonNode told : one.get("/api/cluster").get("nodes")) {
                if (told.get("self").asBoolean()) {
                    return told.get("name").asText();
                }
            }
            throw new AssertionError("It does not tell its name");
        });
    }

    /** The leases of a node, as another tells; empty where it does not know it. */
    public List<String> leases(ServedGateway of, ServedGateway asked) {
        for (JsonNode told : asked.get("/api/cluster").get("nodes")) {
            if (told.get("name").asText().equals(name(of))) {
                return IntStream.range(0, told.get("leases").size())
                        .mapToObj(i -> told.get("leases").get(i).asText())
                        .toList();
            }
        }
        return List.of();
    }

    /** Who holds a lease, as a node tells. */
    public Optional<ServedGateway> holder(String lease, ServedGateway asked) {
        return nodes.stream()
                .filter(node -> names.containsKey(node) && leases(node, asked).contains(lease))
                .findFirst();
    }

    @Override
    public void close() {
        nodes.stream().filter(ServedGateway::wasStarted).forEach(ServedGateway::close);
    }
}
