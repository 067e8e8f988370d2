package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Instant;
import java.util.Optional;

/** A message that has not ended, as it is held in memory: all but, as a rule, its payload. Plain state. */
final class QueuedMessage {
    /** No timer is set. */
    static final long NEVER = Long.MAX_VALUE;

    final AcceptedMessage accepted;

    MessageEvent.Kind status;
    int attempt;
    int failures;
    /** Of the connection that holds the lease, while there is one. */
    long leaseEpoch;
    /** Whether it has gone out at least once: from then on it no longer keeps its place in the order. */
    boolean sent;
    /** Kept until the first delivery where that is near; else it is read again. */
    Optional<RawJson> payload = Optional.empty();

    boolean payloadCached;

    /** When its lease went out, on the monotonic clock; {@link #NEVER} before. */
    long sentNanos = NEVER;

    Instant expiresAt;
    Optional<Instant> dueAt = Optional.empty();
    Optional<Instant> settledAt = Optional.empty();

    /** Monotonic counterparts of the instants, and when its one timer fires. */
    long expiryNanos;

    long timerNanos = NEVER;

    QueuedMessage(AcceptedMessage accepted, RawJson payload) {
        this.accepted = accepted;
        this.expiresAt = accepted.acceptedAt().plus(accepted.ttl());
        this.status = MessageEvent.Kind.ACCEPTED;
        this.payload = Optional.of(payload);
    }

    QueuedMessage(StoredMessage kept) {
        this.accepted = kept.accepted();
        this.expiresAt = kept.expiresAt();
        this.dueAt = kept.dueAt();
        this.status = kept.status();
        this.attempt = kept.attempt();
        this.failures = kept.failures();
        // What waits for its time has been out; other leases may have been committed and never sent.
        this.sent = attempt > 0 && dueAt.isPresent();
    }

    boolean isLeased() {
        return status == MessageEvent.Kind.DELIVERED;
    }

    boolean hasEnded() {
        return settledAt.isPresent();
    }

    StoredMessage stored() {
        return new StoredMessage(accepted, status, attempt, failures, expiresAt, dueAt, settledAt);
    }

    @Override
    public String toString() {
        return "message " + accepted.id() + " (" + status + ", attempt " + attempt + ")";
    }
}
