package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The bounds and times of the message bus.
 *
 * @param usualTtl of a message that gives none
 * @param maxLeasedBytes payloads one agent may hold leases on; a share of what its socket may buffer, so that what is
 *     leased can also be sent
 * @param maxBacklogBytes payloads that may wait for one recipient, and from one sender; from one sender to each shard,
 *     where recipients are shared out among nodes
 */
record MessageRules(
        Duration ackTimeout,
        int maxAttempts,
        Duration retryInitial,
        Duration retryCap,
        Duration usualTtl,
        int maxLeases,
        long maxLeasedBytes,
        int maxBacklog,
        long maxBacklogBytes) {
    /** New messages that wait for one commit: past these senders are told to come back. */
    static final int MAX_UNCOMMITTED = 20_000;

    static final long MAX_UNCOMMITTED_BYTES = 64L * 1024 * 1024;

    private static final int MAX_DOUBLINGS = 30;
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    static MessageRules of(Settings settings) {
        Settings.Messages messages = settings.messages();
        return new MessageRules(
                messages.ackTimeout(),
                messages.maxAttempts(),
                messages.retryInitial(),
                messages.retryCap(),
                messages.ttl(),
                Math.min(messages.maxInFlight(), settings.ws().bufferEvents() / 2),
                settings.ws().bufferBytes().bytes() / 2,
                messages.maxBacklog(),
                messages.maxBacklogBytes().bytes());
    }

    /**
     * Refuses what would make too much wait.
     *
     * @param waiting messages for its recipient
     * @throws FairleadException {@code busy}
     */
    void requireRoom(NewMessage made, int waiting, BacklogBytes bytes) {
        if (waiting >= maxBacklog) {
            throw new FairleadException(
                    ErrorCode.BUSY,
                    waiting + " messages wait for '" + made.to() + "' already; messages.max_backlog bounds them",
                    BUSY_RETRY);
        }
        requireRoom(bytes.waitingFor(made.to()), made.payload().length(), "for '" + made.to() + "'");
        requireRoom(bytes.waitingFrom(made.from()), made.payload().length(), "from '" + made.from() + "'");
    }

    private void requireRoom(long waiting, int more, String whose) {
        if (waiting + more > maxBacklogBytes) {
            throw new FairleadException(
                    ErrorCode.BUSY,
                    waiting + " bytes of messages " + whose + " wait already; messages.max_backlog_bytes bounds them",
                    BUSY_RETRY);
        }
    }

    /**
     * The wait before the next try: doubled from the first, capped, then a random share of it from a half to the whole,
     * so that what failed together does not come back together.
     *
     * @param failures so far, at least 1
     */
    Duration retryDelay(int failures, RandomGenerator random) {
        long initial = retryInitial.toNanos();
        int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        long cap = retryCap.toNanos();
        long whole = initial > (cap >> doublings) ? cap : initial << doublings;
        return Duration.ofNanos((long) (whole * (0.5 + random.nextDouble() * 0.5)));
    }
}
