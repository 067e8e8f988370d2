package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A message as it is kept.
 *
 * @param accepted what of it never changes
 * @param attempt number of its latest lease
 * @param failures of those leases, the ones that count against it: a gateway that ended is not the message's fault
 * @param dueAt when it is tried again
 * @param settledAt when it ended
 */
record StoredMessage(
        AcceptedMessage accepted,
        MessageEvent.Kind status,
        int attempt,
        int failures,
        Instant expiresAt,
        Optional<Instant> dueAt,
        Optional<Instant> settledAt) {
    long sequence() {
        return accepted.sequence();
    }

    UUID id() {
        return accepted.id();
    }
}
