package dev.fairlead.gateway.messages;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What of a message never changes once it was taken in.
 *
 * @param sequence its number in the order of acceptance
 * @param dedupe what its idempotency key came to
 * @param needsToken whether it is held back while the upstream token is not usable
 * @param payloadBytes of its payload, as JSON in UTF-8
 * @param ttlMillis what it may live, from acceptance or revival
 * @param traceparent in the course of which trace it was sent
 */
record AcceptedMessage(
        long sequence,
        UUID id,
        String from,
        String to,
        String type,
        Optional<String> correlationId,
        Optional<IdempotencyKey> dedupe,
        boolean needsToken,
        int payloadBytes,
        long ttlMillis,
        Instant acceptedAt,
        Optional<String> traceparent) {
    static AcceptedMessage of(long sequence, UUID id, NewMessage made, Instant now) {
        return new AcceptedMessage(
                sequence,
                id,
                made.from(),
                made.to(),
                made.type(),
                made.correlationId(),
                made.dedupe(),
                made.needsToken(),
                made.payload().length(),
                made.ttl().toMillis(),
                now,
                made.traceparent());
    }

    Duration ttl() {
        return Duration.ofMillis(ttlMillis);
    }
}
