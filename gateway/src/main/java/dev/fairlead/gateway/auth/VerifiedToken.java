package dev.fairlead.gateway.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * What a token says whose signature and claims hold. Whether it was revoked or used up is another question.
 *
 * @param subject the agent's name, or {@code operator}
 * @param jti the token's own id; an operator's begins with the version of the admin password it was given for
 * @param issuedAt in whole seconds
 * @param expiresAt in whole seconds; empty for {@link TokenKind#AGENT}, which does not expire
 */
public record VerifiedToken(TokenKind kind, String subject, String jti, Instant issuedAt, Optional<Instant> expiresAt) {
    /** Between the password's version and the rest of the id of an operator's token. */
    static final String PASSWORD_SEPARATOR = ":";

    /** Whether this operator's token was given for the password of that version. */
    public boolean standsOn(String passwordVersion) {
        return jti.startsWith(passwordVersion + PASSWORD_SEPARATOR);
    }
}
