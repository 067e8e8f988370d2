package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.time.StateMachine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What waits for one recipient and what it holds leases on. Of one sender nothing overtakes on its first delivery: a
 * message that must wait for the token holds back those behind it. Plain state.
 */
@StateMachine
final class Mailbox {
    final String name;
    /** The recipient's connection, while there is one. */
    Optional<Batch.Session> session = Optional.empty();

    private final TreeMap<Long, QueuedMessage> ready = new TreeMap<>();
    /** Waiting for the token, or behind one that does. */
    private final TreeMap<Long, QueuedMessage> held = new TreeMap<>();

    private final Set<String> heldSenders = new HashSet<>();
    private final Map<Long, QueuedMessage> leased = new LinkedHashMap<>();
    private long leasedBytes;
    /** All that have not ended, those that wait for a retry included. */
    int size;

    Mailbox(String name) {
        this.name = name;
    }

    /** A message may go out. */
    void offer(QueuedMessage message) {
        ready.put(message.accepted.sequence(), message);
    }

    /** A message may not go out any more, whatever it waited for. */
    void withdraw(QueuedMessage message) {
        ready.remove(message.accepted.sequence());
        if (leased.remove(message.accepted.sequence()) != null) {
            leasedBytes -= message.accepted.payloadBytes();
        }
        if (held.remove(message.accepted.sequence()) != null && message.accepted.needsToken()) {
            release();
        }
    }

    /** Looks anew at everything that was held back. */
    void release() {
        ready.putAll(held);
        held.clear();
        heldSenders.clear();
    }

    /**
     * Leases the next message, if any may go out.
     *
     * @param tokenUsable whether those that need the upstream token may
     * @param maxLeases unacknowledged messages at most
     * @param maxBytes of their payloads; a single message is let through
     */
    Optional<QueuedMessage> lease(boolean tokenUsable, int maxLeases, long maxBytes) {
        while (!ready.isEmpty() && leased.size() < maxLeases) {
            QueuedMessage next = ready.firstEntry().getValue();
            boolean waits = next.accepted.needsToken() && !tokenUsable;
            if (waits && !next.sent) {
                heldSenders.add(next.accepted.from());
            }
            if (waits || (!next.sent && heldSenders.contains(next.accepted.from()))) {
                ready.remove(next.accepted.sequence());
                held.put(next.accepted.sequence(), next);
                continue;
            }
            if (!leased.isEmpty() && leasedBytes + next.accepted.payloadBytes() > maxBytes) {
                return Optional.empty();
            }
            ready.remove(next.accepted.sequence());
            leased.put(next.accepted.sequence(), next);
            leasedBytes += next.accepted.payloadBytes();
            return Optional.of(next);
        }
        return Optional.empty();
    }

    /**
     * A message that was leased when it was taken up stays so where the connection that holds the lease is there still.
     *
     * @param epochs of the connections that hold leases, by the number of the message
     * @return that connection
     */
    Optional<Batch.Session> takeUp(QueuedMessage message, Map<Long, Long> epochs) {
        long epoch = epochs.getOrDefault(message.accepted.sequence(), Batch.Note.NO_EPOCH);
        Optional<Batch.Session> holder =
                session.filter(one -> message.isLeased() && epoch != Batch.Note.NO_EPOCH && one.epoch() == epoch);
        if (holder.isPresent()) {
            message.leaseEpoch = epoch;
            leased.put(message.accepted.sequence(), message);
            leasedBytes += message.accepted.payloadBytes();
        }
        return holder;
    }

    List<QueuedMessage> leased() {
        return new ArrayList<>(leased.values());
    }
}
