package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.agents.AgentCommands.Connection;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import java.time.Instant;
import java.util.Optional;

/** An agent that is not revoked, with the session it may have. */
final class KnownAgent {
    private StoredAgent stored;
    private Instant lastSeen;
    private AgentStatus status = AgentStatus.OFFLINE;
    private Optional<AgentSession> session = Optional.empty();
    private Optional<Connection> elsewhere = Optional.empty(); // on another node

    KnownAgent(StoredAgent stored) {
        this.stored = stored;
        this.lastSeen = stored.lastSeen();
    }

    void connected(StoredAgent registered, AgentSession on) {
        stored = registered;
        lastSeen = registered.lastSeen();
        session = Optional.of(on);
        elsewhere = Optional.empty();
        status = AgentStatus.ONLINE;
    }

    void connectedElsewhere(StoredAgent registered, Connection there, AgentStatus now) {
        stored = registered;
        lastSeen = registered.lastSeen();
        session = Optional.empty();
        elsewhere = Optional.of(there);
        status = now;
    }

    void disconnected() {
        session = Optional.empty();
        elsewhere = Optional.empty();
        status = AgentStatus.OFFLINE;
    }

    void seen(Instant at) {
        lastSeen = at;
    }

    void status(AgentStatus now) {
        status = now;
    }

    String name() {
        return stored.name();
    }

    AgentStatus status() {
        return status;
    }

    /** On this node. */
    Optional<AgentSession> session() {
        return session;
    }

    /** Of the connection it has now or had last. */
    long epoch() {
        return stored.epoch();
    }

    /** Whether it is connected to another node, by the connection of that epoch. */
    boolean isElsewhere(long epoch) {
        return elsewhere.isPresent() && stored.epoch() == epoch;
    }

    /** Whether it is connected to that other node. */
    boolean isAt(String node) {
        return elsewhere.filter(there -> there.node().equals(node)).isPresent();
    }

    /** The session, if it is the one of that epoch. */
    Optional<AgentSession> session(long epoch) {
        return session.filter(one -> one.epoch() == epoch);
    }

    AgentSummary summary() {
        return new AgentSummary(
                stored.name(),
                stored.agentId(),
                status,
                Optional.of(lastSeen),
                session.isPresent() || elsewhere.isPresent() ? Optional.of(stored.connectedAt()) : Optional.empty(),
                stored.version(),
                stored.capabilities(),
                Optional.of(stored.node()),
                Optional.of(stored.epoch()));
    }
}
