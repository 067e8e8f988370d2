package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.VerifiedToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A registration on its way into the database, with what it may need there made beforehand, so that the transaction can
 * be run again.
 *
 * @param text of the token presented
 * @param nonce the agent's, without which a used registration token is good for nothing
 * @param fresh the permanent token to hand out, should this be the first use of a registration token
 * @param freshId the agent's id, should it be new
 */
record Registration(
        VerifiedToken token,
        String text,
        Optional<String> nonce,
        Optional<String> version,
        List<String> capabilities,
        String node,
        IssuedToken fresh,
        String freshId,
        Instant now) {
    private static final int MAX_TEXT = 100;
    private static final int MAX_CAPABILITIES = 64;

    Registration {
        version = version.map(Registration::cut);
        capabilities = capabilities.stream()
                .limit(MAX_CAPABILITIES)
                .map(Registration::cut)
                .toList();
    }

    /** What came of it. */
    sealed interface Outcome {
        /**
         * Committed.
         *
         * @param handedOut the permanent token, where a registration token was given
         * @param jti of the permanent token the session stands on
         * @param tokenEnd of a permanent token that was rotated away
         */
        record Admitted(StoredAgent agent, Optional<String> handedOut, String jti, Optional<Instant> tokenEnd)
                implements Outcome {}

        /** Nothing changed; {@code why} is for the bearer. */
        record Refused(String why) implements Outcome {}
    }

    /**
     * PostgreSQL takes neither a zero character nor half a surrogate pair, and nobody needs to see control characters.
     */
    private static String cut(String text) {
        return text.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .limit(MAX_TEXT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
