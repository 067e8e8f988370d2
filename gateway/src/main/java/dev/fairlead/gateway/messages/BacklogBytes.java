package dev.fairlead.gateway.messages;

import java.util.HashMap;
import java.util.Map;

/** How much waits for each recipient, and from each sender, in bytes of payload. Plain state. */
final class BacklogBytes {
    private final Map<String, Long> byRecipient = new HashMap<>();
    private final Map<String, Long> bySender = new HashMap<>();

    void enter(QueuedMessage message) {
        byRecipient.merge(message.accepted.to(), (long) message.accepted.payloadBytes(), Long::sum);
        bySender.merge(message.accepted.from(), (long) message.accepted.payloadBytes(), Long::sum);
    }

    void leave(QueuedMessage message) {
        take(byRecipient, message.accepted.to(), message.accepted.payloadBytes());
        take(bySender, message.accepted.from(), message.accepted.payloadBytes());
    }

    void clear() {
        byRecipient.clear();
        bySender.clear();
    }

    long waitingFor(String recipient) {
        return byRecipient.getOrDefault(recipient, 0L);
    }

    long waitingFrom(String sender) {
        return bySender.getOrDefault(sender, 0L);
    }

    private static void take(Map<String, Long> all, String name, int bytes) {
        all.computeIfPresent(name, (same, before) -> before <= bytes ? null : before - bytes);
    }
}
