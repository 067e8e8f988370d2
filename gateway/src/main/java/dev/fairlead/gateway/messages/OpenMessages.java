package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** All messages that have not ended: by id, by recipient, by when they need attention. Plain state, no rule. */
@StateMachine
final class OpenMessages {
    private final TimeSource time;
    private final long originNanos;
    private final Map<UUID, QueuedMessage> byId = new HashMap<>();
    private final Map<String, Mailbox> mailboxes = new HashMap<>();
    private final Timers timers = new Timers();
    private final BacklogBytes bytes = new BacklogBytes();
    private final PayloadCache payloads;
    /** Mailboxes from which something may have become possible to send. */
    private final Set<Mailbox> touched = new LinkedHashSet<>();

    OpenMessages(TimeSource time, PayloadCache payloads) {
        this.time = time;
        this.payloads = payloads;
        this.originNanos = time.nanos();
    }

    /** Nanoseconds since this was made: small, so that sums do not overflow and order is plain. */
    long now() {
        return time.nanos() - originNanos;
    }

    long after(Duration delay) {
        return now() + delay.toNanos();
    }

    Optional<QueuedMessage> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<QueuedMessage> find(String id) {
        return ShownText.uuid(id).flatMap(this::find);
    }

    List<QueuedMessage> to(String recipient) {
        return byId.values().stream()
                .filter(message -> message.accepted.to().equals(recipient))
                .toList();
    }

    int size() {
        return byId.size();
    }

    BacklogBytes bytes() {
        return bytes;
    }

    Mailbox mailbox(String name) {
        return mailboxes.computeIfAbsent(name, Mailbox::new);
    }

    Mailbox mailboxOf(QueuedMessage message) {
        return mailbox(message.accepted.to());
    }

    /** What waits for the token may go out. */
    void releaseHeld() {
        for (Mailbox mailbox : mailboxes.values()) {
            mailbox.release();
            touch(mailbox);
        }
    }

    void touch(Mailbox mailbox) {
        touched.add(mailbox);
    }

    boolean isTouched() {
        return !touched.isEmpty();
    }

    List<Mailbox> takeTouched() {
        List<Mailbox> taken = List.copyOf(touched);
        touched.clear();
        return taken;
    }

    void enter(QueuedMessage message) {
        byId.put(message.accepted.id(), message);
        mailboxOf(message).size++;
        bytes.enter(message);
    }

    /** The message has ended, or never was. */
    void leave(QueuedMessage message) {
        if (byId.remove(message.accepted.id()) == null) {
            return;
        }
        payloads.drop(message);
        timers.set(message, QueuedMessage.NEVER);
        Mailbox mailbox = mailboxOf(message);
        mailbox.withdraw(message);
        mailbox.size--;
        bytes.leave(message);
        touch(mailbox);
    }

    /** The message may go out, and expires if it does not. */
    void makeDue(QueuedMessage message) {
        message.dueAt = Optional.empty();
        Mailbox mailbox = mailboxOf(message);
        mailbox.offer(message);
        touch(mailbox);
        timers.set(message, message.expiryNanos);
    }

    /** The message is leased no more and may not go out before. */
    void waitFor(QueuedMessage message, Duration delay) {
        Mailbox mailbox = mailboxOf(message);
        mailbox.withdraw(message);
        touch(mailbox);
        timers.set(message, Math.min(after(delay), message.expiryNanos));
    }

    /** A lease that went out ends by itself then. */
    void startLease(QueuedMessage message, Duration ackTimeout) {
        message.sent = true;
        message.sentNanos = now();
        payloads.drop(message);
        timers.set(message, after(ackTimeout));
    }

    void extendLease(QueuedMessage message, Duration ackTimeout) {
        timers.set(message, after(ackTimeout));
    }

    /** A lease that is to be committed first has no end yet. */
    void stopTimer(QueuedMessage message) {
        timers.set(message, QueuedMessage.NEVER);
    }

    /** Takes the first message whose time has come. */
    Optional<QueuedMessage> pollDue() {
        return timers.poll(now());
    }

    /** The message is committed: its payload stays in memory only where it is needed soon. */
    void committed(QueuedMessage message) {
        if (!payloads.keep(message, mailboxOf(message).session.isPresent())) {
            message.payload = Optional.empty();
        }
    }

    /** Forgets every message; who is connected stays known. */
    void clear() {
        byId.values().forEach(payloads::drop);
        byId.clear();
        timers.clear();
        bytes.clear();
        touched.clear();
        mailboxes.replaceAll((name, before) -> {
            Mailbox empty = new Mailbox(name);
            empty.session = before.session;
            return empty;
        });
    }
}
