package dev.fairlead.protocol;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The stream of agents. A client that applies its frames in order holds what the server holds. */
@JsonSubTypes({
    @JsonSubTypes.Type(AgentsFrame.Snapshot.class),
    @JsonSubTypes.Type(AgentsFrame.AgentRegistered.class),
    @JsonSubTypes.Type(AgentsFrame.AgentStatusChanged.class),
    @JsonSubTypes.Type(AgentsFrame.AgentRemoved.class)
})
public sealed interface AgentsFrame extends StreamFrame {

    /** All agents as they are. */
    @JsonTypeName("snapshot")
    record Snapshot(List<AgentSummary> agents) implements AgentsFrame {
        public Snapshot {
            agents = List.copyOf(agents);
        }
    }

    /** An agent is new, or has registered again: the fields of the summary, which replace those known before. */
    @JsonTypeName("agent_registered")
    record AgentRegistered(@JsonUnwrapped AgentSummary agent, Instant timestamp) implements AgentsFrame {}

    /** The fields here replace those of the agent's summary; the others stay. */
    @JsonTypeName("agent_status_changed")
    record AgentStatusChanged(
            String name,
            AgentStatus status,
            @JsonInclude(ALWAYS) Optional<Instant> lastSeen,
            @JsonInclude(ALWAYS) Optional<Instant> connectedAt,
            Instant timestamp)
            implements AgentsFrame {}

    /** An agent was revoked. */
    @JsonTypeName("agent_removed")
    record AgentRemoved(String name, Instant timestamp) implements AgentsFrame {}
}
