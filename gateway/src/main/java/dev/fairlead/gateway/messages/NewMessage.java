package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.TraceParent;
import java.time.Duration;
import java.util.Optional;

/** A message that keeps to the bounds of its fields. */
record NewMessage(
        String from,
        String to,
        String type,
        RawJson payload,
        Optional<String> correlationId,
        Optional<IdempotencyKey> dedupe,
        Duration ttl,
        boolean needsToken,
        Optional<String> traceparent) {
    /** Bytes of a payload at most, as JSON in UTF-8. */
    static final int MAX_PAYLOAD = 64 * 1024;

    /** Characters of a type, correlation id or key at most. */
    static final int MAX_TEXT = 128;

    static final Duration MAX_TTL = Duration.ofDays(7);

    static final String TOKEN_VALID = "token.valid";

    /**
     * Checks a message.
     *
     * @throws FairleadException {@code payload_too_large}, {@code invalid_json}; {@code bad_request} that names the
     *     field
     */
    static NewMessage of(MessageCommands.Send send, Duration usualTtl) {
        int bytes = send.payload().length();
        if (bytes > MAX_PAYLOAD) {
            throw new FairleadException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The payload has " + bytes + " bytes as JSON; " + MAX_PAYLOAD + " are allowed");
        }
        requireText("type", send.type());
        send.correlationId().ifPresent(id -> requireText("correlation_id", id));
        send.idempotencyKey().ifPresent(key -> requireText("idempotency_key", key));
        if (send.requires().isPresent() && !send.requires().get().equals(TOKEN_VALID)) {
            throw bad("Field 'requires' can only be " + TOKEN_VALID);
        }
        Duration ttl = send.ttl().orElse(usualTtl);
        boolean tooShort = send.ttl().isPresent() && ttl.compareTo(Duration.ofSeconds(1)) < 0;
        if (tooShort || ttl.compareTo(MAX_TTL) > 0) {
            throw bad("Field 'ttl_seconds' is from 1 to " + MAX_TTL.toSeconds());
        }
        return new NewMessage(
                send.from(),
                send.to(),
                send.type(),
                send.payload().compact(),
                send.correlationId(),
                send.idempotencyKey()
                        .map(key -> IdempotencyKey.of(send.from(), send.to(), key, send.type(), send.payload())),
                ttl,
                send.requires().isPresent(),
                TraceParent.of(send.traceparent()));
    }

    private static void requireText(String field, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT || hasControl(text)) {
            throw bad("Field '" + field + "' is a text of 1 to " + MAX_TEXT + " characters without control characters");
        }
    }

    /** A loop, as three texts of each message are looked at. */
    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static FairleadException bad(String message) {
        return new FairleadException(ErrorCode.BAD_REQUEST, message);
    }

    @Override
    public String toString() {
        return "NewMessage[from=" + from + ", to=" + to + ", type=" + type + "]";
    }
}
