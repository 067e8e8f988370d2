package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.Names;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The rules of the message bus: who may send what to whom, who holds which lease, what is tried again and when, what is
 * given up. Plain state: commands, news and time go in; {@link #take} gives what has to be committed, and only
 * {@link #committed} lets deliveries and news out. One batch is under way at a time. Where its fate is not known,
 * {@link #clear} and {@link #restore} start anew from what is kept.
 */
@StateMachine
final class MessageBus {
    private final TimeSource time;
    private final MessageRules rules;
    private final MessageIds ids;
    private final OpenMessages open;
    private final Set<String> agents = new HashSet<>();
    private final BatchBuilder next;
    private final Endings endings;
    private final AckLatencies latencies = new AckLatencies();
    private boolean tokenUsable;

    /** Of a gateway alone. */
    MessageBus(TimeSource time, MessageRules rules, RandomGenerator random) {
        this(time, rules, random, Numbering.alone(time), new Uncommitted(), new PayloadCache());
    }

    /**
     * Of all recipients, or of those of a shard, as the numbers are.
     *
     * @param uncommitted of all shards of this node, as are the payloads
     */
    MessageBus(
            TimeSource time,
            MessageRules rules,
            RandomGenerator random,
            Numbering numbering,
            Uncommitted uncommitted,
            PayloadCache payloads) {
        this.time = time;
        this.rules = rules;
        this.ids = new MessageIds(random);
        this.next = new BatchBuilder(numbering, uncommitted);
        this.open = new OpenMessages(time, payloads);
        this.endings = new Endings(time, rules, random, open, next);
    }

    // ---- what is news from elsewhere

    /** An agent exists, connected or not: it can be sent to. */
    void know(String agent) {
        agents.add(agent);
    }

    /** An agent registered on a connection; one of an older epoch holds nothing any more. */
    void connected(String agent, Batch.Session session) {
        know(agent);
        Mailbox mailbox = open.mailbox(agent);
        if (mailbox.session.isPresent() && mailbox.session.get().epoch() >= session.epoch()) {
            return;
        }
        endings.endLeases(mailbox, "the connection was replaced");
        mailbox.session = Optional.of(session);
        open.touch(mailbox);
    }

    /** An agent's connection ended; news of an epoch that is over changes nothing. */
    void disconnected(String agent, long epoch) {
        Mailbox mailbox = open.mailbox(agent);
        if (mailbox.session.isEmpty() || mailbox.session.get().epoch() > epoch) {
            return;
        }
        mailbox.session = Optional.empty();
        endings.endLeases(mailbox, "the connection ended");
    }

    /** An agent was revoked: what waits for it has nobody to go to. */
    void removed(String agent) {
        agents.remove(agent);
        open.mailbox(agent).session = Optional.empty();
        for (QueuedMessage message : open.to(agent)) {
            endings.end(message, MessageEvent.Kind.FAILED, Optional.of("the recipient was revoked"));
        }
    }

    void token(TokenState state) {
        tokenUsable = state.usable();
        if (tokenUsable) {
            open.releaseHeld();
        }
    }

    // ---- what is asked

    /**
     * Takes a message in.
     *
     * @return the answer, once what was taken after this is committed {@code conflict} where the key stands for another
     *     message
     * @throws FairleadException {@code unknown_recipient}, {@code busy}, {@code payload_too_large}, {@code bad_request}
     */
    Supplier<MessageCommands.Sent> send(MessageCommands.Send send) {
        NewMessage made = NewMessage.of(send, rules.usualTtl());
        Optional<Acceptance> first = made.dedupe().flatMap(next::uncommitted);
        if (first.isPresent()) {
            return first.get().sameAgain(made.dedupe().get());
        }
        if (!agents.contains(made.to())) {
            throw new FairleadException(
                    ErrorCode.UNKNOWN_RECIPIENT,
                    "No agent named '" + Names.shown(made.to())
                            + "' has registered; GET /api/agents lists those that have");
        }
        next.requireRoom();
        rules.requireRoom(made, open.mailbox(made.to()).size, open.bytes());
        Instant now = now();
        QueuedMessage message = new QueuedMessage(
                AcceptedMessage.of(next.number(), ids.next(now, made.to()), made, now), made.payload());
        message.expiryNanos = open.after(message.accepted.ttl());
        open.enter(message);
        open.makeDue(message);
        return next.add(message, now)::answer;
    }

    /**
     * Settles or prolongs a lease.
     *
     * @return the status it led to
     * @throws FairleadException {@code stale_lease}, unless exactly that connection holds exactly that lease
     */
    MessageEvent.Kind settle(MessageCommands.Settle settle) {
        QueuedMessage message = open.find(settle.messageId())
                .filter(found -> found.accepted.to().equals(settle.agent())
                        && found.isLeased()
                        && found.attempt == settle.attempt()
                        && found.leaseEpoch == settle.epoch())
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.STALE_LEASE,
                        "This connection holds no lease on attempt " + settle.attempt() + " of that message"));
        if (settle.action() == MessageCommands.LeaseAction.EXTEND) {
            open.extendLease(message, rules.ackTimeout());
        } else if (settle.action() == MessageCommands.LeaseAction.ACKNOWLEDGE) {
            if (message.sentNanos != QueuedMessage.NEVER) {
                long now = open.now();
                latencies.add(message.accepted.to(), now - message.sentNanos, now);
            }
            endings.end(message, MessageEvent.Kind.ACKNOWLEDGED, Optional.empty());
        } else {
            Optional<String> reason = settle.reason().filter(text -> !text.isBlank());
            endings.leaseFailed(message, reason.map(ShownText::of).orElse("the agent failed it"));
        }
        return message.status;
    }

    /**
     * The operator acknowledges or fails a message that has not ended.
     *
     * @return empty where no such message is under way
     */
    Optional<QueuedMessage> override(String messageId, MessageEvent.Kind to, Optional<String> reason) {
        Optional<QueuedMessage> found = open.find(messageId);
        found.ifPresent(message ->
                endings.end(message, to, Optional.of(reason.map(ShownText::of).orElse("by the operator"))));
        return found;
    }

    /** A message that waits for its next try goes out now. Empty where it does not wait. */
    Optional<QueuedMessage> hasten(String messageId) {
        Optional<QueuedMessage> found =
                open.find(messageId).filter(message -> message.status == MessageEvent.Kind.RETRY_SCHEDULED);
        found.ifPresent(open::makeDue);
        return found;
    }

    /** How long an agent took to acknowledge of late. */
    Optional<MessageCommands.AckLatency> ackLatency(String agent) {
        return latencies.of(agent, open.now());
    }

    /** The same of those that acknowledged most. */
    Map<String, MessageCommands.AckLatency> ackLatencies(int most) {
        return latencies.busiest(most, open.now());
    }

    boolean isOpen(String messageId) {
        return open.find(messageId).isPresent();
    }

    /**
     * A message that has ended goes out once more, with all attempts and its whole time to live before it.
     *
     * @throws FairleadException {@code unknown_recipient}, where its recipient is gone
     */
    QueuedMessage revive(MessageQueries.Whole whole) {
        StoredMessage kept = whole.message();
        if (!agents.contains(kept.accepted().to())) {
            throw new FairleadException(
                    ErrorCode.UNKNOWN_RECIPIENT,
                    "The recipient '" + kept.accepted().to() + "' is not registered any more");
        }
        QueuedMessage message = new QueuedMessage(kept);
        message.sent = true;
        message.failures = 0;
        message.status = MessageEvent.Kind.RETRY_SCHEDULED;
        message.expiresAt = now().plus(message.accepted.ttl());
        message.expiryNanos = open.after(message.accepted.ttl());
        message.dueAt = Optional.empty();
        open.enter(message);
        next.reopen(message, whole, now(), "by the operator");
        open.makeDue(message);
        return message;
    }

    // ---- time

    /** Does what is due: leases end, retries go out, messages expire. */
    void tick() {
        for (Optional<QueuedMessage> due = open.pollDue(); due.isPresent(); due = open.pollDue()) {
            QueuedMessage message = due.get();
            if (message.isLeased()) {
                endings.leaseFailed(
                        message,
                        "no acknowledgement within " + rules.ackTimeout().toSeconds() + " s");
            } else if (open.now() >= message.expiryNanos) {
                endings.end(message, MessageEvent.Kind.EXPIRED, Optional.of("not acknowledged in its time to live"));
            } else {
                open.makeDue(message);
            }
        }
    }

    // ---- commits

    /** Leases what may go out, and gives all that changed since the last batch. */
    Batch take() {
        for (Mailbox mailbox : open.takeTouched()) {
            mailbox.session.ifPresent(session -> leaseAll(mailbox, session));
        }
        return next.take();
    }

    /** Whether there is something to commit. */
    boolean hasWork() {
        return next.hasWork() || open.isTouched();
    }

    /** A batch is kept: gives what may be told and sent now. */
    Batch.Released committed(Batch batch, Batch.Written written) {
        Map<Long, Batch.Known> known = written.known();
        for (StoredMessage added : batch.added()) {
            open.find(added.id()).ifPresent(message -> {
                if (known.containsKey(message.accepted.sequence())) {
                    open.leave(message);
                } else {
                    open.committed(message);
                }
            });
        }
        next.committed(known);
        return new Batch.Released(
                batch.notes().stream()
                        .filter(note -> !known.containsKey(note.sequence()))
                        .map(Batch.Note::event)
                        .toList(),
                batch.leases().stream()
                        .filter(lease ->
                                open.find(lease.message().accepted.id()).isPresent()
                                        && lease.message().isLeased()
                                        && lease.message().attempt == lease.attempt())
                        .map(lease -> going(lease, written))
                        .toList());
    }

    /** Forgets every message, and what was asked since; sessions and agents stay. */
    void clear() {
        open.clear();
        next.clear();
    }

    /**
     * Takes up what is kept: all messages that have not ended. A lease goes on where it is known that the connection
     * that holds it is there still: whether the message went out on it is not, so it goes out again. All others are
     * over, whoever held them.
     *
     * @param lastNumber the largest number used so far
     * @param epochs of the connections that hold leases, by the number of the message, where the journal says so
     */
    void restore(Collection<StoredMessage> kept, long lastNumber, Map<Long, Long> epochs) {
        next.numbersFrom(lastNumber);
        for (StoredMessage one : kept) {
            QueuedMessage message = new QueuedMessage(one);
            message.expiryNanos = open.after(Duration.between(now(), message.expiresAt));
            open.enter(message);
            Optional<Batch.Session> holder = open.mailboxOf(message).takeUp(message, epochs);
            if (holder.isPresent()) {
                next.leaseAgain(message, holder.get());
                continue;
            }
            if (message.isLeased()) {
                message.status = MessageEvent.Kind.RETRY_SCHEDULED;
                next.change(message, now(), Optional.of("the gateway lost the lease"));
            }
            if (message.dueAt.isPresent()) {
                open.waitFor(message, Duration.between(now(), message.dueAt.get()));
            } else {
                open.makeDue(message);
            }
        }
    }

    int open() {
        return open.size();
    }

    private Instant now() {
        return Endings.now(time);
    }

    private void leaseAll(Mailbox mailbox, Batch.Session session) {
        for (Optional<QueuedMessage> found = lease(mailbox); found.isPresent(); found = lease(mailbox)) {
            QueuedMessage message = found.get();
            message.status = MessageEvent.Kind.DELIVERED;
            message.attempt++;
            message.leaseEpoch = session.epoch();
            message.dueAt = Optional.empty();
            open.stopTimer(message); // until it has gone out
            next.lease(message, session, now());
        }
    }

    private Optional<QueuedMessage> lease(Mailbox mailbox) {
        return mailbox.lease(tokenUsable, rules.maxLeases(), rules.maxLeasedBytes());
    }

    private Batch.Lease going(Batch.Lease lease, Batch.Written written) {
        QueuedMessage message = lease.message();
        open.startLease(message, rules.ackTimeout());
        Optional<RawJson> payload =
                lease.payload().or(() -> Optional.ofNullable(written.payloads().get(message.accepted.sequence())));
        return new Batch.Lease(message, lease.attempt(), lease.session(), payload, lease.again());
    }
}
