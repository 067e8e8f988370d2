package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.time.StateMachine;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which other nodes follow which views of this node's logs, each for as long as it says so. Plain state; times are
 * nanoseconds of the monotonic clock.
 */
@StateMachine
final class LogFollowers {
    private final Map<String, Map<String, Long>> nodes = new HashMap<>();

    /** A node follows these views. */
    void follows(String node, Collection<String> views, long now) {
        views.forEach(
                view -> nodes.computeIfAbsent(view, none -> new HashMap<>()).put(node, now));
        nodes.values().forEach(of -> of.values().removeIf(said -> isOver(said, now)));
        nodes.values().removeIf(Map::isEmpty);
    }

    /** The nodes that follow a view. */
    Set<String> of(String view, long now) {
        Map<String, Long> said = nodes.getOrDefault(view, Map.of());
        said.values().removeIf(at -> isOver(at, now));
        return Set.copyOf(said.keySet());
    }

    /** Nothing more will come of a view. */
    void ended(String view) {
        nodes.remove(view);
    }

    private static boolean isOver(long said, long now) {
        return now - said > LogTail.LINGER.toNanos();
    }
}
