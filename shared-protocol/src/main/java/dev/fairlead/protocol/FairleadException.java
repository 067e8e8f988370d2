package dev.fairlead.protocol;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A refusal or failure that a peer is told as it stands: code and message cross the wire, so the message carries no
 * secret and says what happened, to what, and what mends it.
 *
 * <p>It has no stack trace: it describes a peer's mistake or a known condition, not a bug, and is made on hot paths.
 */
public final class FairleadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    private final Duration retryAfter;

    public FairleadException(ErrorCode code, String message) {
        this(code, message, Optional.empty());
    }

    /** With the time after which a retry makes sense; REST sends it as {@code Retry-After}. */
    public FairleadException(ErrorCode code, String message, Duration retryAfter) {
        this(code, message, Optional.of(retryAfter));
    }

    public FairleadException(ErrorCode code, String message, Optional<Duration> retryAfter) {
        super(Objects.requireNonNull(message, "message"), null, false, false);
        this.code = Objects.requireNonNull(code, "code");
        this.retryAfter = retryAfter.orElse(null);
    }

    public ErrorCode code() {
        return code;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
