package dev.fairlead.gateway.agents;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.fairlead.gateway.agents.AgentCommands.Connection;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who is there: every known agent, its one connection, its status. Takes what was committed or heard and the time, and
 * returns what is to be done about it. Sessions live in memory alone: after a restart everybody is offline until it has
 * registered again. Confined to one event loop.
 */
@StateMachine
final class AgentSessions {
    private final TimeSource time;
    private final Duration staleAfter;
    private final Duration offlineAfter;
    private final Map<String, KnownAgent> agents = new TreeMap<>();
    private final Map<String, Instant> unsaved = new HashMap<>();

    AgentSessions(TimeSource time, Settings.Agents settings) {
        this.time = time;
        this.staleAfter = settings.staleAfter();
        this.offlineAfter = settings.offlineAfter();
    }

    /** All that are known, which {@link OthersAgents} has part in. */
    Map<String, KnownAgent> agents() {
        return agents;
    }

    /** Those that are connected to this node. */
    List<AgentEvent.Connected> connected() {
        List<AgentEvent.Connected> here = new ArrayList<>();
        for (KnownAgent agent : agents.values()) {
            agent.session()
                    .ifPresent(session -> here.add(new AgentEvent.Connected(
                            agent.summary(),
                            session.connection(),
                            session.epoch(),
                            agent.summary().connectedAt().orElseThrow())));
        }
        return here;
    }

    /** Takes up an agent as the database knew it at the start. */
    void know(StoredAgent agent) {
        agents.put(agent.name(), new KnownAgent(agent));
    }

    /** All agents, by name. */
    List<AgentSummary> list() {
        return agents.values().stream().map(KnownAgent::summary).toList();
    }

    Optional<AgentSummary> find(String name) {
        return Optional.ofNullable(agents.get(name)).map(KnownAgent::summary);
    }

    /** How many agents have each status; one that none has is left out. */
    Map<AgentStatus, Long> count() {
        return agents.values().stream().collect(groupingBy(KnownAgent::status, counting()));
    }

    /** A registration was committed: its connection is the agent's one from now on, and an older one ends. */
    List<Effect> registered(Registration.Outcome.Admitted admitted, Connection connection) {
        StoredAgent stored = admitted.agent();
        KnownAgent agent = agents.computeIfAbsent(stored.name(), name -> new KnownAgent(stored));
        if (agent.epoch() > stored.epoch()) { // another node was faster, with one that is newer
            return List.of(replaced(
                    stored.name(), new AgentSession(connection, stored.epoch(), admitted.jti(), time.nanos())));
        }
        AgentSession session = new AgentSession(connection, stored.epoch(), admitted.jti(), time.nanos());
        admitted.tokenEnd().ifPresent(end -> session.tokenEndsAt(nanosAt(end)));
        List<Effect> effects = new ArrayList<>();
        Optional<AgentSession> older = agent.session().filter(one -> !one.isOn(connection));
        older.ifPresent(one -> effects.add(replaced(stored.name(), one)));
        agent.connected(stored, session);
        effects.add(new Effect.Publish(
                new AgentEvent.Connected(agent.summary(), connection, stored.epoch(), stored.connectedAt())));
        return effects;
    }

    /** Heartbeats came in; those of connections that are no longer the agent's are passed over. */
    List<Effect> heard(List<ConnectionEvent.Beat> beats) {
        List<Effect> effects = new ArrayList<>();
        long now = time.nanos();
        Instant at = time.instant();
        for (ConnectionEvent.Beat beat : beats) {
            KnownAgent agent = agents.get(beat.name());
            if (agent == null || agent.session(beat.epoch()).isEmpty()) {
                continue;
            }
            agent.session(beat.epoch()).get().heard(now);
            agent.seen(at);
            unsaved.put(beat.name(), at);
            if (agent.status() == AgentStatus.STALE) {
                effects.add(change(agent, AgentStatus.ONLINE, "heartbeats again"));
            }
        }
        return effects;
    }

    /** A connection ended; of one that had been replaced already, nothing is to be said. */
    List<Effect> disconnected(ConnectionEvent.Disconnected ended) {
        KnownAgent agent = agents.get(ended.name());
        if (agent == null || agent.session(ended.epoch()).isEmpty()) {
            return List.of();
        }
        return List.of(offline(agent, ended.reason()));
    }

    /** An agent was revoked: it is gone at once, and so is its connection. */
    List<Effect> revoked(String name) {
        KnownAgent agent = agents.remove(name);
        unsaved.remove(name);
        if (agent == null) {
            return List.of();
        }
        List<Effect> effects = new ArrayList<>();
        agent.session().ifPresent(session -> effects.add(unauthorized(name, session, "the agent was revoked")));
        effects.add(new Effect.Publish(new AgentEvent.Removed(name, time.instant())));
        return effects;
    }

    /** The agent's token became {@code jti}; a session on another lasts until {@code previousEnd}. */
    void rotated(String name, String jti, Instant previousEnd) {
        Optional.ofNullable(agents.get(name))
                .flatMap(KnownAgent::session)
                .filter(session -> !session.jti().equals(jti))
                .ifPresent(session -> session.tokenEndsAt(nanosAt(previousEnd)));
    }

    /** Whether somebody is here, or was and that is not saved yet. */
    boolean isBusy() {
        return !unsaved.isEmpty()
                || agents.values().stream().anyMatch(agent -> agent.session().isPresent());
    }

    /** Looks after silence and ended tokens; to be called every second while somebody is here. */
    List<Effect> tick() {
        List<Effect> effects = new ArrayList<>();
        long now = time.nanos();
        for (KnownAgent agent : agents.values()) {
            agent.session().ifPresent(session -> look(agent, session, now, effects));
        }
        return effects;
    }

    private void look(KnownAgent agent, AgentSession session, long now, List<Effect> effects) {
        long silent = session.silentNanos(now);
        if (session.tokenHasEnded(now)) {
            String reason = "the agent's token was replaced by a newer one";
            effects.add(unauthorized(agent.name(), session, reason));
            effects.add(offline(agent, reason));
        } else if (silent >= offlineAfter.toNanos()) {
            String reason = "no heartbeat for " + offlineAfter.toSeconds() + " s";
            effects.add(close(agent.name(), session, CloseCode.GOING_AWAY, reason, Optional.empty()));
            effects.add(offline(agent, reason));
        } else if (silent >= staleAfter.toNanos() && agent.status() == AgentStatus.ONLINE) {
            effects.add(change(agent, AgentStatus.STALE, "no heartbeat for " + staleAfter.toSeconds() + " s"));
        }
    }

    /** When agents were last heard of, as far as that is not saved yet. */
    Map<String, Instant> unsavedLastSeen() {
        return Map.copyOf(unsaved);
    }

    /** The same for other nodes, of those that are here still. */
    List<AgentNews.Seen> seen(Map<String, Instant> lastSeen) {
        List<AgentNews.Seen> seen = new ArrayList<>();
        lastSeen.forEach((name, at) -> Optional.ofNullable(agents.get(name))
                .flatMap(KnownAgent::session)
                .ifPresent(session -> seen.add(new AgentNews.Seen(name, session.epoch(), at))));
        return seen;
    }

    /** That much of {@link #unsavedLastSeen} was committed. */
    void saved(Map<String, Instant> lastSeen) {
        lastSeen.forEach(unsaved::remove);
    }

    private Effect offline(KnownAgent agent, String reason) {
        long epoch = agent.session().map(AgentSession::epoch).orElse(0L);
        agent.disconnected();
        return new Effect.Publish(
                new AgentEvent.StatusChanged(agent.name(), AgentStatus.OFFLINE, epoch, time.instant(), reason));
    }

    private Effect change(KnownAgent agent, AgentStatus status, String reason) {
        long epoch = agent.session().map(AgentSession::epoch).orElse(0L);
        agent.status(status);
        return new Effect.Publish(new AgentEvent.StatusChanged(agent.name(), status, epoch, time.instant(), reason));
    }

    static Effect replaced(String name, AgentSession session) {
        return close(
                name,
                session,
                CloseCode.REPLACED,
                "replaced by a newer connection of this agent",
                Optional.of(ErrorCode.REPLACED));
    }

    private static Effect unauthorized(String name, AgentSession session, String reason) {
        return close(name, session, CloseCode.UNAUTHORIZED, reason, Optional.of(ErrorCode.UNAUTHORIZED));
    }

    private static Effect close(
            String name, AgentSession session, CloseCode code, String reason, Optional<ErrorCode> error) {
        return new Effect.Tell(
                session.connection().edge(),
                new ConnectionCommand.Close(
                        session.connection().id(), name, session.epoch(), code, CloseCode.reason(reason), error));
    }

    /** A time of the wall clock on the monotonic one: later changes of the wall clock do not move it. */
    private long nanosAt(Instant wall) {
        return time.nanos() + Duration.between(time.instant(), wall).toNanos();
    }
}
