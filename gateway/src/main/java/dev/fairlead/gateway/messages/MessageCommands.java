package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.bus.Owned;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of the message bus. Every request may also be refused with {@code storage_unavailable} or, where
 * the gateway falls behind, {@code busy}. Payloads do not show in {@code toString}.
 */
public final class MessageCommands {
    private MessageCommands() {}

    private static String ofRecipient(String agent) {
        return LeaseName.shard(LeaseName.shardOf(agent)).text();
    }

    /** A text that is no id is answered the same by everybody. */
    private static String ofMessage(String messageId) {
        return LeaseName.shard(
                        ShownText.uuid(messageId).map(MessageIds::shardOf).orElse(0))
                .text();
    }

    /**
     * Takes a message in; answered when it is committed. Refused with {@code unknown_recipient}, {@code busy} (the
     * recipient's backlog is full), {@code payload_too_large}, {@code bad_request}.
     *
     * @param from who sends it: an agent's name as its session proves it, or what the operator chose
     * @param payload one JSON value, as it came
     * @param idempotencyKey the same sender with the same key for the same recipient within 24 h gets the first
     *     message's id, or {@code conflict} where type or payload differ
     * @param ttl from acceptance; the setting where absent
     * @param requires {@code token.valid}, or nothing
     * @param traceparent in the course of which trace it is sent
     */
    public record Send(
            String from,
            String to,
            String type,
            RawJson payload,
            Optional<String> correlationId,
            Optional<String> idempotencyKey,
            Optional<Duration> ttl,
            Optional<String> requires,
            Optional<String> traceparent)
            implements Request<Sent>, Owned {
        /** One that is in no trace. */
        public Send(
                String from,
                String to,
                String type,
                RawJson payload,
                Optional<String> correlationId,
                Optional<String> idempotencyKey,
                Optional<Duration> ttl,
                Optional<String> requires) {
            this(from, to, type, payload, correlationId, idempotencyKey, ttl, requires, Optional.empty());
        }

        /** The same, in the course of a trace. */
        Send within(Optional<String> trace) {
            return new Send(from, to, type, payload, correlationId, idempotencyKey, ttl, requires, trace);
        }

        @Override
        public String lease() {
            return ofRecipient(to);
        }

        /** Late is not undone: whoever sends it again without the same key may send two. */
        @Override
        public FairleadException late() {
            return new FairleadException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "No answer in time. The message may have been stored; repeat with the same idempotency_key",
                    Duration.ofSeconds(1));
        }

        @Override
        public String toString() {
            return "Send[from=" + from + ", to=" + to + ", type=" + type + "]";
        }
    }

    /**
     * A message is kept.
     *
     * @param status what it is now: {@code accepted}, but for one that was sent before
     * @param known whether the key was used before and nothing new was made
     */
    public record Sent(String messageId, MessageEvent.Kind status, boolean known) {}

    /** What an agent may do to its lease. */
    public enum LeaseAction {
        ACKNOWLEDGE,
        FAIL,
        EXTEND
    }

    /**
     * Settles or prolongs a lease. Refused with {@code stale_lease} unless the attempt is the current one and leased to
     * exactly this connection; an acknowledgement of the attempt that acknowledged the message is answered once more.
     *
     * @param agent as its session proves it
     * @param epoch of the connection that asks
     * @param reason for a failure; shown to people, cut at 200 characters
     */
    public record Settle(
            LeaseAction action, String agent, long epoch, String messageId, int attempt, Optional<String> reason)
            implements Request<Settled>, Owned {
        @Override
        public String lease() {
            return ofRecipient(agent);
        }
    }

    /** What became of it. */
    public record Settled(String messageId, MessageEvent.Kind status) {}

    /** What the operator may do to a message. */
    public enum OperatorAction {
        ACKNOWLEDGE("message.ack"),
        FAIL("message.fail"),
        /** Sends one out again that has ended without an acknowledgement. */
        RETRY("message.retry");

        private final String audited;

        OperatorAction(String audited) {
            this.audited = audited;
        }

        /** The action as it stands in the audit trail. */
        public String audited() {
            return audited;
        }
    }

    /**
     * The operator's hand on a message. Refused with {@code message_not_found}, or {@code invalid_state} where its
     * status does not allow that.
     *
     * @param actor who asks, for the audit trail
     * @param address from where
     */
    public record Intervene(
            OperatorAction action, String messageId, Optional<String> reason, String actor, String address)
            implements Request<Settled>, Owned {
        @Override
        public String lease() {
            return ofMessage(messageId);
        }
    }

    /**
     * One message, whole. Refused with {@code message_not_found}.
     *
     * @param onlyFor an agent that must be its sender or recipient; empty for the operator
     */
    public record Get(String messageId, Optional<String> onlyFor) implements Request<Found>, Owned {
        @Override
        public String lease() {
            return ofMessage(messageId);
        }
    }

    public record Found(MessageSummary summary, RawJson payload, List<Attempt> attempts) {
        public Found {
            attempts = List.copyOf(attempts);
        }

        @Override
        public String toString() {
            return "Found[" + summary + "]";
        }
    }

    /** Asks how long an agent took of late from a delivery to its acknowledgement. */
    public record GetAckLatency(String agent) implements Request<AckLatencyFound>, Owned {
        @Override
        public String lease() {
            return ofRecipient(agent);
        }
    }

    /** Empty where the agent acknowledged nothing in the last minute. */
    public record AckLatencyFound(Optional<AckLatency> latency) {}

    /**
     * How long an agent took from a delivery to its acknowledgement, in the last minute.
     *
     * @param count of the acknowledgements
     * @param p50Ms half of them took no longer, in milliseconds
     * @param p99Ms 99 % of them took no longer
     */
    public record AckLatency(long count, double p50Ms, double p99Ms) {}

    /**
     * A page of messages, newest first. Refused with {@code bad_request} where the cursor is none of ours.
     *
     * @param instance sender or recipient
     * @param cursor where the page before ended
     */
    public record Page(
            Optional<String> instance,
            Optional<String> correlationId,
            Optional<MessageEvent.Kind> status,
            int limit,
            Optional<String> cursor)
            implements Request<Messages> {}

    /**
     * Some messages.
     *
     * @param cursor for the next page; empty where this was the last
     */
    public record Messages(List<MessageSummary> messages, Optional<String> cursor) {
        public Messages {
            messages = List.copyOf(messages);
        }
    }

    /**
     * All of a message but its payload.
     *
     * @param sequence counts in the order of acceptance: a chain of one correlation id, sorted by it, is in causal
     *     order
     * @param attempt the number of its latest lease; 0 before the first
     * @param dueAt when it is tried again
     * @param settledAt when it ended
     */
    public record MessageSummary(
            String messageId,
            long sequence,
            String from,
            String to,
            String type,
            Optional<String> correlationId,
            MessageEvent.Kind status,
            int attempt,
            Optional<String> requires,
            int payloadBytes,
            Instant acceptedAt,
            Instant expiresAt,
            Optional<Instant> dueAt,
            Optional<Instant> settledAt) {}

    /**
     * One lease and how it ended.
     *
     * @param outcome the status it led to; empty while it lasts
     */
    public record Attempt(
            int attempt,
            Instant deliveredAt,
            Optional<Instant> endedAt,
            Optional<MessageEvent.Kind> outcome,
            Optional<String> detail) {}

    /** Asks a node which agents are connected to it, as it knows them: of another node that has to know too. */
    public record ListSessions() implements Request<Sessions> {}

    /** All of them; who is not among them is not connected to that node. */
    public record Sessions(List<AgentSession> sessions) {
        public Sessions {
            sessions = List.copyOf(sessions);
        }
    }

    /**
     * An agent's connection.
     *
     * @param edge the bus place that holds it
     * @param connection its number there
     */
    public record AgentSession(String agent, String edge, long connection, long epoch) {}
}
