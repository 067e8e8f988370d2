package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.time.StateMachine;
import java.util.Optional;
import java.util.TreeMap;

/** When which message needs attention next: one time each, in order. Plain state. */
@StateMachine
final class Timers {
    private record Key(long at, long sequence) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final TreeMap<Key, QueuedMessage> due = new TreeMap<>();

    /** Sets the message's one timer, in nanoseconds; {@link QueuedMessage#NEVER} takes it away. */
    void set(QueuedMessage message, long at) {
        if (message.timerNanos != QueuedMessage.NEVER) {
            due.remove(new Key(message.timerNanos, message.accepted.sequence()));
        }
        message.timerNanos = at;
        if (at != QueuedMessage.NEVER) {
            due.put(new Key(at, message.accepted.sequence()), message);
        }
    }

    /** Takes the first message whose time has come. */
    Optional<QueuedMessage> poll(long now) {
        if (due.isEmpty() || due.firstKey().at > now) {
            return Optional.empty();
        }
        QueuedMessage message = due.pollFirstEntry().getValue();
        message.timerNanos = QueuedMessage.NEVER;
        return Optional.of(message);
    }

    void clear() {
        due.clear();
    }

    int size() {
        return due.size();
    }
}
