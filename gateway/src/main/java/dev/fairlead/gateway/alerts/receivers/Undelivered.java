package dev.fairlead.gateway.alerts.receivers;

import dev.fairlead.gateway.upstream.UpstreamAnswer;
import java.time.Duration;
import java.util.Optional;

/** A receiver did not take what it was told. The message is for people and names no secret. */
public final class Undelivered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> retryAfter;

    Undelivered(String message, Optional<Duration> retryAfter) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
    }

    /** It answered, and not that all is well. */
    static Undelivered answered(String host, UpstreamAnswer answer) {
        return new Undelivered(host + " answered " + answer.status(), answer.retryAfter());
    }

    /** How long it asked to be left alone. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
