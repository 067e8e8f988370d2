package dev.fairlead.protocol;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An agent as streams and REST show it.
 *
 * @param agentId stays the same as long as the agent exists
 * @param lastSeen the last heartbeat or registration; null for one that never came
 * @param connectedAt when it registered on the connection it has now; null where it has none
 * @param version what the agent says of itself
 * @param capabilities what the agent says it can do
 * @param node the node of the cluster it is connected to
 * @param connectionEpoch counts its connections; a frame of an older one no longer counts
 */
public record AgentSummary(
        String name,
        String agentId,
        AgentStatus status,
        @JsonInclude(ALWAYS) Optional<Instant> lastSeen,
        @JsonInclude(ALWAYS) Optional<Instant> connectedAt,
        Optional<String> version,
        List<String> capabilities,
        Optional<String> node,
        Optional<Long> connectionEpoch) {
    public AgentSummary {
        capabilities = List.copyOf(capabilities);
    }
}
