package dev.fairlead.gateway.chat.llm;

import dev.fairlead.protocol.ErrorCode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a model gave no answer, in words for the person who asked: they carry no key and no stack trace and say what
 * mends it.
 */
final class ModelFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    enum Kind {
        /** The key is missing, wrong, or not allowed to do this. */
        AUTH(false),
        RATE_LIMITED(true),
        /** Nothing is left to spend; a retry would change nothing. */
        QUOTA(false),
        /** The provider's own trouble: 5xx. */
        OVERLOADED(true),
        UNREACHABLE(true),
        TIMEOUT(false),
        /** The answer ended before its end. */
        CUT(false),
        /** What came is not the protocol. */
        PROTOCOL(false),
        CONTEXT_LENGTH(false),
        /** The model cannot call functions. */
        NO_TOOLS(false),
        /** The endpoint does not take {@code stream_options}. */
        NO_STREAM_OPTIONS(false),
        /** No such path or model. */
        NOT_FOUND(false),
        REFUSED(false),
        ABORTED(false);

        private final boolean passing;

        Kind(boolean passing) {
            this.passing = passing;
        }

        /** How metrics call it. */
        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final Duration retryAfter;

    private ModelFailure(Kind kind, String message, Duration retryAfter) {
        super(message, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    static ModelFailure of(Kind kind, String message) {
        return new ModelFailure(kind, message, null);
    }

    ModelFailure retryAfter(Optional<Duration> asked) {
        return new ModelFailure(kind, getMessage(), asked.orElse(null));
    }

    Kind kind() {
        return kind;
    }

    /** Whether the same request may succeed a little later. */
    boolean isPassing() {
        return kind.passing;
    }

    /** What the endpoint asks for; empty where it does not say. */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The chat's code for it. */
    ErrorCode code() {
        return kind == Kind.AUTH ? ErrorCode.CHAT_AUTH_ERROR : ErrorCode.CHAT_PROVIDER_ERROR;
    }
}
