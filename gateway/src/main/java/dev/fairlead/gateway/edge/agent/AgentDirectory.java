package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.protocol.AgentStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which connection speaks for which agent, as this edge knows it from the agents' news. Of two connections the one with
 * the larger owner epoch counts, in whichever order the news comes. Plain state.
 */
final class AgentDirectory {
    private final Map<String, Route> routes = new HashMap<>();

    void connected(String name, Route route) {
        routes.merge(name, route, (known, told) -> told.epoch() >= known.epoch() ? told : known);
    }

    void disconnected(String name, long epoch) {
        routes.computeIfPresent(name, (ignored, known) -> known.epoch() <= epoch ? null : known);
    }

    void apply(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            connected(
                    connected.name(),
                    new Route(
                            connected.connection().edge(),
                            connected.connection().id(),
                            connected.epoch()));
        } else if (event instanceof AgentEvent.StatusChanged changed && changed.status() == AgentStatus.OFFLINE) {
            disconnected(changed.name(), changed.epoch());
        } else if (event instanceof AgentEvent.Removed removed) {
            routes.remove(removed.name());
        }
    }

    Optional<Route> find(String name) {
        return Optional.ofNullable(routes.get(name));
    }
}
