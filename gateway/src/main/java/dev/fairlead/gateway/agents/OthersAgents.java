package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Agents that are connected to other nodes, among all that are known here. Of two connections of an agent the one with
 * the higher epoch counts, in whichever order their news comes: the other is closed where it is. What is returned is to
 * be told on this node alone. Confined to one event loop.
 */
@StateMachine
final class OthersAgents {
    private final TimeSource time;
    private final AgentSessions sessions;
    private final Map<String, KnownAgent> agents;

    OthersAgents(TimeSource time, AgentSessions sessions) {
        this.time = time;
        this.sessions = sessions;
        this.agents = sessions.agents();
    }

    /** Another node told of an agent. */
    List<Effect> told(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            return connected(connected);
        }
        if (event instanceof AgentEvent.StatusChanged changed) {
            KnownAgent agent = agents.get(changed.name());
            return agent == null || !agent.isElsewhere(changed.epoch()) || agent.status() == changed.status()
                    ? List.of()
                    : become(agent, changed);
        }
        return agents.containsKey(event.name()) ? sessions.revoked(event.name()) : List.of();
    }

    /** All that are connected to a node, by its own word: of others that were it is over. */
    List<Effect> shown(String node, List<AgentEvent.Connected> connected) {
        Map<String, Long> there = new HashMap<>();
        connected.forEach(one -> there.put(one.name(), one.epoch()));
        List<Effect> effects = new ArrayList<>(
                offline(node, agent -> !there.containsKey(agent.name()), "its node " + node + " has it no more"));
        connected.forEach(one -> effects.addAll(connected(one)));
        return effects;
    }

    /** A node is away, and with it all that were connected to it. */
    List<Effect> away(String node) {
        return offline(node, agent -> true, "its node " + node + " is away");
    }

    void heard(List<AgentNews.Seen> seen) {
        for (AgentNews.Seen one : seen) {
            Optional.ofNullable(agents.get(one.name()))
                    .filter(agent -> agent.isElsewhere(one.epoch()))
                    .ifPresent(agent -> agent.seen(one.at()));
        }
    }

    /** The epochs of all agents, to be brought along with {@link #read}. */
    Map<String, Long> epochs() {
        Map<String, Long> epochs = new HashMap<>();
        agents.values().forEach(agent -> epochs.put(agent.name(), agent.epoch()));
        return epochs;
    }

    /**
     * What is kept of all agents was read anew, since news of them may have been missed.
     *
     * @param before the epochs when the reading began: what has changed since is newer than what was read
     */
    List<Effect> read(Map<String, Long> before, List<StoredAgent> kept) {
        Set<String> names = new HashSet<>();
        for (StoredAgent one : kept) {
            names.add(one.name());
            if (!agents.containsKey(one.name()) && !before.containsKey(one.name())) {
                sessions.know(one);
            }
        }
        List<Effect> effects = new ArrayList<>();
        before.forEach((name, epoch) -> {
            KnownAgent agent = agents.get(name);
            if (agent != null && !names.contains(name) && agent.epoch() == epoch) {
                effects.addAll(sessions.revoked(name));
            }
        });
        return effects;
    }

    private List<Effect> connected(AgentEvent.Connected event) {
        AgentSummary told = event.agent();
        KnownAgent agent = agents.get(event.name());
        if (agent != null
                && (agent.epoch() > event.epoch()
                        || agent.session(event.epoch()).isPresent())) {
            return List.of();
        }
        if (agent != null && agent.isElsewhere(event.epoch())) {
            return agent.status() == told.status()
                    ? List.of()
                    : become(
                            agent,
                            new AgentEvent.StatusChanged(
                                    event.name(), told.status(), event.epoch(), time.instant(), "by its node's word"));
        }
        Instant seen = told.lastSeen().orElse(event.at());
        StoredAgent stored = new StoredAgent(
                told.name(),
                told.agentId(),
                event.epoch(),
                told.connectedAt().orElse(event.at()),
                seen,
                told.version(),
                told.capabilities(),
                event.connection().node());
        KnownAgent now = agents.computeIfAbsent(event.name(), name -> new KnownAgent(stored));
        List<Effect> effects = new ArrayList<>();
        now.session().ifPresent(older -> effects.add(AgentSessions.replaced(event.name(), older)));
        now.connectedElsewhere(stored, event.connection(), told.status());
        effects.add(new Effect.Publish(event));
        return effects;
    }

    private List<Effect> offline(String node, Predicate<KnownAgent> which, String reason) {
        List<Effect> effects = new ArrayList<>();
        for (KnownAgent agent : agents.values()) {
            if (agent.isAt(node) && which.test(agent)) {
                effects.addAll(become(
                        agent,
                        new AgentEvent.StatusChanged(
                                agent.name(), AgentStatus.OFFLINE, agent.epoch(), time.instant(), reason)));
            }
        }
        return effects;
    }

    private static List<Effect> become(KnownAgent agent, AgentEvent.StatusChanged changed) {
        if (changed.status() == AgentStatus.OFFLINE) {
            agent.disconnected();
        } else {
            agent.status(changed.status());
        }
        return List.of(new Effect.Publish(changed));
    }
}
