package dev.fairlead.gateway.messages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A committed message that is not in a block: how it stands, and which journal row its payload is in. Plain state. */
final class KeptMessage {
    StoredMessage message;
    /** The journal row that holds the whole of it. */
    final long row;

    /** What it stands for, where it was sent with a key. */
    Optional<KeyMemory.Key> key = Optional.empty();
    /** It is on its way into a block: how it stands there is how it ends. */
    boolean moving;
    /** It ended, and is about to be under way again: neither it nor what ended after it goes into a block. */
    boolean held;

    /** Of the connection that it is leased to, where the journal says so. */
    long epoch = Batch.Note.NO_EPOCH;

    private List<Happened> history;

    KeptMessage(StoredMessage message, List<Happened> history, long row) {
        this.message = message;
        this.history = history;
        this.row = row;
    }

    void apply(JournalEntry.Change change) {
        message = change.applied(message);
        epoch = change.epoch();
        List<Happened> longer = new ArrayList<>(history.size() + 2);
        longer.addAll(history);
        longer.add(change.happened());
        history = longer;
        key.ifPresent(one -> one.status = message.status());
    }

    /** Not to be changed; grows by being replaced. */
    List<Happened> history() {
        return history;
    }

    boolean hasEnded() {
        return message.settledAt().isPresent();
    }

    /** The number under which it ended. */
    long endedWith() {
        return history.get(history.size() - 1).number();
    }
}
