package dev.fairlead.gateway.messages;

import java.time.Instant;
import java.util.Optional;

/** What the journal says of a message. */
sealed interface JournalEntry {
    /** The number of the message it is about. */
    long sequence();

    /** The whole of it: at its acceptance, or when it is taken up again. */
    record Whole(MessageRecord record) implements JournalEntry {
        @Override
        public long sequence() {
            return record.message().sequence();
        }
    }

    /**
     * What happened to it, and how it stands since.
     *
     * @param settledAt where it has ended
     * @param epoch of the connection that it is leased to, where another node may have to know;
     *     {@link Batch.Note#NO_EPOCH} else
     */
    record Change(
            long sequence,
            Happened happened,
            int failures,
            Instant expiresAt,
            Optional<Instant> dueAt,
            Optional<Instant> settledAt,
            long epoch)
            implements JournalEntry {
        static Change of(StoredMessage after, Happened happened, long epoch) {
            return new Change(
                    after.sequence(),
                    happened,
                    after.failures(),
                    after.expiresAt(),
                    after.dueAt(),
                    after.settledAt(),
                    epoch);
        }

        StoredMessage applied(StoredMessage before) {
            return new StoredMessage(
                    before.accepted(), happened.kind(), happened.attempt(), failures, expiresAt, dueAt, settledAt);
        }
    }
}
