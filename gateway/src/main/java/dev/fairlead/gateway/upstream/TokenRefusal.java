package dev.fairlead.gateway.upstream;

import java.time.Duration;
import java.util.Optional;

/** No token this time. The message is for the operator: what happened, what was probably wrong; never a secret. */
public final class TokenRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean terminal;
    private final Duration retryAfter; // null where the upstream said nothing

    private TokenRefusal(boolean terminal, String message, Optional<Duration> retryAfter) {
        super(message, null, false, false);
        this.terminal = terminal;
        this.retryAfter = retryAfter.orElse(null);
    }

    /** Asking again with the same credentials is of no use, and may get the address blocked. */
    public static TokenRefusal terminal(String message) {
        return new TokenRefusal(true, message, Optional.empty());
    }

    /** It may well work a little later. */
    public static TokenRefusal passing(String message) {
        return new TokenRefusal(false, message, Optional.empty());
    }

    /** It may work after {@code retryAfter}, which the upstream asked for. */
    public static TokenRefusal passing(String message, Optional<Duration> retryAfter) {
        return new TokenRefusal(false, message, retryAfter);
    }

    public boolean isTerminal() {
        return terminal;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
