package dev.fairlead.gateway.agents;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An agent as it is kept; whether it is online is not. */
record StoredAgent(
        String name,
        String agentId,
        long epoch,
        Instant connectedAt,
        Instant lastSeen,
        Optional<String> version,
        List<String> capabilities,
        String node) {}
