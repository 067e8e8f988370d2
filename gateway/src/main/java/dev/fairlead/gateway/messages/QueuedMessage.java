package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A message that has not ended, as it is held in memory: all but, as a rule, its payload. Plain state. */
final class QueuedMessage {
    /** No timer is set. */
    static final long NEVER = Long.MAX_VALUE;

    final long sequence;
    final UUID id;
    final String from;
    final String to;
    final String type;
    final Optional<String> correlationId;
    final Optional<String> dedupe;
    final boolean needsToken;
    final int payloadBytes;
    final Duration ttl;
    final Instant acceptedAt;
    /** In the course of which trace it was sent. */
    final Optional<String> traceparent;

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

    QueuedMessage(long sequence, UUID id, NewMessage made, Instant now) {
        this.sequence = sequence;
        this.id = id;
        this.from = made.from();
        this.to = made.to();
        this.type = made.type();
        this.correlationId = made.correlationId();
        this.dedupe = made.dedupe();
        this.needsToken = made.needsToken();
        this.payloadBytes = made.payload().length();
        this.ttl = made.ttl();
        this.acceptedAt = now;
        this.traceparent = made.traceparent();
        this.expiresAt = now.plus(ttl);
        this.status = MessageEvent.Kind.ACCEPTED;
        this.payload = Optional.of(made.payload());
    }

    QueuedMessage(StoredMessage kept) {
        this.sequence = kept.sequence();
        this.id = kept.id();
        this.from = kept.from();
        this.to = kept.to();
        this.type = kept.type();
        this.correlationId = kept.correlationId();
        this.dedupe = kept.dedupe();
        this.needsToken = kept.needsToken();
        this.payloadBytes = kept.payloadBytes();
        this.ttl = Duration.ofMillis(kept.ttlMillis());
        this.acceptedAt = kept.acceptedAt();
        this.traceparent = kept.traceparent();
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
        return new StoredMessage(
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
                ttl.toMillis(),
                acceptedAt,
                expiresAt,
                dueAt,
                settledAt,
                traceparent);
    }

    @Override
    public String toString() {
        return "message " + id + " (" + status + ", attempt " + attempt + ")";
    }
}
