package dev.fairlead.protocol;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a message. Never its payload, {@code detail} included.
 *
 * @param messageType the type its sender gave it
 * @param detail why, in words of the gateway
 */
public record MessageEvent(
        String messageId,
        Kind event,
        String from,
        String to,
        String messageType,
        @JsonInclude(ALWAYS) Optional<String> correlationId,
        @JsonInclude(ALWAYS) Optional<String> detail,
        Instant timestamp) {

    /** What happened. */
    public enum Kind implements WireEnum {
        /** Committed. */
        ACCEPTED,
        /** Leased to the recipient's connection and written to it. */
        DELIVERED,
        ACKNOWLEDGED,
        /** Not acknowledged in time, or failed: it goes out again later. */
        RETRY_SCHEDULED,
        FAILED,
        /** Its time to live ran out. */
        EXPIRED,
        /** Out of attempts; an operator can revive it. */
        DEAD_LETTERED
    }
}
