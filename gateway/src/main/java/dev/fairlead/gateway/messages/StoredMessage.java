package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A message as it is kept.
 *
 * @param sequence its number in the order of acceptance
 * @param dedupe what its idempotency key came to
 * @param attempt number of its latest lease
 * @param failures of those leases, the ones that count against it: a gateway that ended is not the message's fault
 * @param ttlMillis what it may live, from acceptance or revival
 */
record StoredMessage(
        long sequence,
        UUID id,
        String from,
        String to,
        String type,
        Optional<String> correlationId,
        Optional<String> dedupe,
        boolean needsToken,
        int payloadBytes,
        MessageEvent.Kind status,
        int attempt,
        int failures,
        long ttlMillis,
        Instant acceptedAt,
        Instant expiresAt,
        Optional<Instant> dueAt,
        Optional<Instant> settledAt,
        Optional<String> traceparent) {
    /** One that was sent in no trace. */
    StoredMessage(
            long sequence,
            UUID id,
            String from,
            String to,
            String type,
            Optional<String> correlationId,
            Optional<String> dedupe,
            boolean needsToken,
            int payloadBytes,
            MessageEvent.Kind status,
            int attempt,
            int failures,
            long ttlMillis,
            Instant acceptedAt,
            Instant expiresAt,
            Optional<Instant> dueAt,
            Optional<Instant> settledAt) {
        this(
                sequence,
                id,
                from,
                to,
                type,
                correlationId,
                dedupe,
                needsToken,
                payloadBytes,
                status,
                attempt,
                failures,
                ttlMillis,
                acceptedAt,
                expiresAt,
                dueAt,
                settledAt,
                Optional.empty());
    }
}
