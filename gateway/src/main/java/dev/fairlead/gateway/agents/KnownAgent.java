package dev.fairlead.gateway.agents;

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

    KnownAgent(StoredAgent stored) {
        this.stored = stored;
        this.lastSeen = stored.lastSeen();
    }

    void connected(StoredAgent registered, AgentSession on) {
        stored = registered;
        lastSeen = registered.lastSeen();
        session = Optional.of(on);
        status = AgentStatus.ONLINE;
    }

    void disconnected() {
        session = Optional.empty();
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

    Optional<AgentSession> session() {
        return session;
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
                session.map(one -> stored.connectedAt()),
                stored.version(),
                stored.capabilities(),
                Optional.of(stored.node()),
                Optional.of(stored.epoch()));
    }
}
