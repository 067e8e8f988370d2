package dev.fairlead.gateway.agents;

import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a registration token.
 *
 * @param usedAt when it was used; it is good once
 * @param brought the permanent token its use brought, as long as that is kept
 * @param nonceSha256 hexadecimal, of the nonce it was used with; empty where there was none
 */
record RegistrationGrant(
        String jti,
        String agentName,
        Optional<Instant> usedAt,
        Optional<PermanentToken> brought,
        Optional<String> nonceSha256) {
    /** Whether it was used with just that nonce. */
    boolean isOf(Optional<String> nonce) {
        return nonceSha256.isPresent() && nonceSha256.equals(nonce.map(PermanentToken::sha256));
    }
}
