package dev.fairlead.gateway.upstream;

import java.time.Duration;
import java.util.Optional;

/**
 * Why an upstream gives no quotes, or nothing to open its feed with. The message is shown to people and logged: it
 * holds nothing the upstream was sent.
 */
public final class QuoteRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean terminal;

    private final Duration retryAfter; // null where the upstream asked for none

    private QuoteRefusal(boolean terminal, String message, Optional<Duration> retryAfter) {
        super(message, null, false, false);
        this.terminal = terminal;
        this.retryAfter = retryAfter.orElse(null);
    }

    /** Asking again as the same customer is of no use. */
    public static QuoteRefusal terminal(String message) {
        return new QuoteRefusal(true, message, Optional.empty());
    }

    /** It may well work later, after {@code retryAfter} where the upstream says so. */
    public static QuoteRefusal passing(String message, Optional<Duration> retryAfter) {
        return new QuoteRefusal(false, message, retryAfter);
    }

    public boolean isTerminal() {
        return terminal;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
