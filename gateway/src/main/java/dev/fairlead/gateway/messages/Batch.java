package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * All that one commit has to make true, and what may be told once it has.
 *
 * @param added new messages, as they were accepted
 * @param notes what happened, in order
 * @param leases what goes out after the commit
 * @param reopened messages that were in a block and are under way again
 */
record Batch(List<StoredMessage> added, List<Note> notes, List<Lease> leases, List<Reopened> reopened) {
    static final Batch EMPTY = new Batch(List.of(), List.of(), List.of(), List.of());

    Batch {
        added = List.copyOf(added);
        notes = List.copyOf(notes);
        leases = List.copyOf(leases);
        reopened = List.copyOf(reopened);
    }

    boolean isEmpty() {
        return notes.isEmpty() && leases.isEmpty();
    }

    /** Leased messages whose payload must be read, by their numbers. */
    List<Long> payloadsToRead() {
        return leases.stream()
                .filter(lease -> lease.payload().isEmpty())
                .map(lease -> lease.message().accepted.sequence())
                .toList();
    }

    /**
     * Something that happened.
     *
     * @param number counts with the messages' own numbers, in one order
     * @param after how the message stands since
     * @param whole all of the message, where the journal is to hold that
     * @param epoch of the connection that it is leased to from now on; {@link #NO_EPOCH} where the journal does not say
     */
    record Note(long number, StoredMessage after, MessageEvent event, Optional<MessageRecord> whole, long epoch) {
        static final long NO_EPOCH = 0;

        Note(long number, StoredMessage after, MessageEvent event, Optional<MessageRecord> whole) {
            this(number, after, event, whole, NO_EPOCH);
        }

        long sequence() {
            return after.sequence();
        }

        JournalEntry entry() {
            return whole.<JournalEntry>map(JournalEntry.Whole::new)
                    .orElseGet(() -> JournalEntry.Change.of(after, happened(), epoch));
        }

        Happened happened() {
            return new Happened(number, event.event(), after.attempt(), event.timestamp(), event.detail());
        }
    }

    /** A message that leaves its block. */
    record Reopened(long sequence, long block) {}

    /**
     * A message on its way to a connection.
     *
     * @param again it may have been sent on this lease before, by a node that kept it then
     */
    record Lease(QueuedMessage message, int attempt, Session session, Optional<RawJson> payload, boolean again) {
        @Override
        public String toString() {
            return "Lease[" + message + "]";
        }
    }

    /** A row of the journal as it was written. */
    record Row(long number, List<JournalEntry> entries) {
        Row {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What the commit found.
     *
     * @param known by the number of a message that was not added, the one its key stands for
     * @param payloads by the number of the message
     */
    record Written(Map<Long, Known> known, Map<Long, RawJson> payloads, List<Row> rows) {
        Written {
            rows = List.copyOf(rows);
        }

        @Override
        public String toString() {
            return "Written[" + known.size() + " known, " + payloads.size() + " payloads]";
        }
    }

    /** What a commit lets out: news, and the leases that still hold, each with its payload. */
    record Released(List<MessageEvent> events, List<Lease> leases) {}

    /**
     * The message that was made with a key before.
     *
     * @param content of its {@link IdempotencyKey}
     */
    record Known(UUID id, MessageEvent.Kind status, long content) {}

    /** An agent's connection. */
    record Session(String edge, long connection, long epoch) {}
}
