package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.agents.AgentCommands.Connection;
import dev.fairlead.gateway.time.StateMachine;

/** One registration of one agent on one connection. Times are nanoseconds of the monotonic clock. */
@StateMachine
final class AgentSession {
    private final Connection connection;
    private final long epoch;
    private final String jti;
    private long heardAt;
    private boolean tokenEnds;
    private long tokenEndsAt;

    AgentSession(Connection connection, long epoch, String jti, long now) {
        this.connection = connection;
        this.epoch = epoch;
        this.jti = jti;
        this.heardAt = now;
    }

    Connection connection() {
        return connection;
    }

    long epoch() {
        return epoch;
    }

    /** Of the permanent token the session stands on. */
    String jti() {
        return jti;
    }

    void heard(long now) {
        heardAt = now;
    }

    long silentNanos(long now) {
        return now - heardAt;
    }

    /** The token was rotated away and carries the session only until then; an earlier end stays. */
    void tokenEndsAt(long nanos) {
        tokenEndsAt = tokenEnds && tokenEndsAt - nanos < 0 ? tokenEndsAt : nanos;
        tokenEnds = true;
    }

    boolean tokenHasEnded(long now) {
        return tokenEnds && now - tokenEndsAt >= 0;
    }

    boolean isOn(Connection other) {
        return connection.edge().equals(other.edge()) && connection.id() == other.id();
    }
}
