package dev.fairlead.gateway.agents;

import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a registration token.
 *
 * @param usedAt when it was used; it is good once
 * @param brought the permanent token its use brought, as long as that is kept
 */
record RegistrationGrant(String jti, String agentName, Optional<Instant> usedAt, Optional<PermanentToken> brought) {}
