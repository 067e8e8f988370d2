package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * All that one commit has to make true, and what may be told once it has.
 *
 * @param added new messages, in the state they are in already
 * @param changed messages that were kept before
 * @param notes what happened, in order
 * @param leases what goes out after the commit
 */
record Batch(List<Added> added, List<StoredMessage> changed, List<Note> notes, List<Lease> leases) {
    Batch {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        notes = List.copyOf(notes);
        leases = List.copyOf(leases);
    }

    boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && notes.isEmpty();
    }

    /** Leased messages whose payload must be read, by their numbers. */
    List<Long> payloadsToRead() {
        return leases.stream()
                .filter(lease -> lease.payload().isEmpty())
                .map(lease -> lease.message().sequence)
                .toList();
    }

    /** A message that is not kept yet. */
    record Added(StoredMessage message, String payload) {
        @Override
        public String toString() {
            return "Added[" + message + "]";
        }
    }

    /**
     * Something that happened.
     *
     * @param number counts with the messages' own numbers, in one order
     */
    record Note(long number, long sequence, int attempt, MessageEvent event) {}

    /** A message on its way to a connection. */
    record Lease(QueuedMessage message, int attempt, Session session, Optional<String> payload) {
        @Override
        public String toString() {
            return "Lease[" + message + "]";
        }
    }

    /**
     * What the commit found.
     *
     * @param known by the number of a message that was not added, the one its key stands for
     * @param payloads by the number of the message
     */
    record Written(Map<Long, Known> known, Map<Long, String> payloads) {
        static final Written NOTHING = new Written(Map.of(), Map.of());

        @Override
        public String toString() {
            return "Written[" + known.size() + " known, " + payloads.size() + " payloads]";
        }
    }

    /** What a commit lets out: news, and the leases that still hold, each with its payload. */
    record Released(List<MessageEvent> events, List<Lease> leases) {}

    /** The message that was made with a key before. */
    record Known(UUID id, MessageEvent.Kind status) {}

    /** An agent's connection. */
    record Session(String edge, long connection, long epoch) {}
}
