package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.bus.NodeEvent;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import java.time.Instant;

/**
 * What became of agents of the whole fleet, told after it was committed where it is kept at all: by the agents' concern
 * of each node to its own node, in one order.
 */
public sealed interface AgentEvent extends NodeEvent {
    /** The agent it is about. */
    String name();

    /** When it happened. */
    Instant at();

    /** An agent registered, on a connection that is now the only one to speak for it. */
    record Connected(AgentSummary agent, AgentCommands.Connection connection, long epoch, Instant at)
            implements AgentEvent {
        @Override
        public String name() {
            return agent.name();
        }
    }

    /**
     * An agent went stale, came back, or went offline.
     *
     * @param epoch of the connection it is about
     * @param reason for people
     */
    record StatusChanged(String name, AgentStatus status, long epoch, Instant at, String reason)
            implements AgentEvent {}

    /** An agent was revoked and is gone. */
    record Removed(String name, Instant at) implements AgentEvent {}
}
