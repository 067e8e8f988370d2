package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what the next commit is to keep, and remembers what the one under way decides. Plain state. */
final class BatchBuilder {
    private final Numbering numbering;
    private final Uncommitted uncommitted;
    private long lastNumber;
    private Map<Long, Acceptance> added = new LinkedHashMap<>();
    private List<Batch.Note> notes = new ArrayList<>();
    private List<Batch.Reopened> reopened = new ArrayList<>();
    private List<Batch.Lease> leases = new ArrayList<>();
    private long addedBytes;
    /** Of the batch under way. */
    private Map<Long, Acceptance> undecided = Map.of();

    private final Map<String, Acceptance> keys = new HashMap<>();

    /** @param uncommitted of all shards of this node */
    BatchBuilder(Numbering numbering, Uncommitted uncommitted) {
        this.numbering = numbering;
        this.uncommitted = uncommitted;
    }

    /** Messages and what happens to them are numbered in one order. */
    long number() {
        lastNumber = numbering.after(lastNumber);
        return lastNumber;
    }

    void numbersFrom(long used) {
        lastNumber = Math.max(lastNumber, used);
    }

    /**
     * Refuses more messages than memory is meant for while the database is slow.
     *
     * @throws FairleadException {@code busy}
     */
    void requireRoom() {
        uncommitted.requireRoom();
    }

    /** The message that was just taken in with the same key and is not committed yet. */
    Optional<Acceptance> uncommitted(IdempotencyKey key) {
        return Optional.ofNullable(keys.get(key.identity()));
    }

    Acceptance add(QueuedMessage message, Instant at) {
        Acceptance acceptance = new Acceptance(message);
        added.put(message.accepted.sequence(), acceptance);
        addedBytes += message.accepted.payloadBytes();
        uncommitted.enter(message.accepted.payloadBytes());
        message.accepted.dedupe().ifPresent(key -> keys.put(key.identity(), acceptance));
        StoredMessage accepted = message.stored();
        notes.add(new Batch.Note(
                message.accepted.sequence(),
                accepted,
                event(message, at, Optional.empty()),
                Optional.of(new MessageRecord(accepted, List.of(), message.payload.orElseThrow()))));
        return acceptance;
    }

    /** The message is in another state, which is worth telling. */
    void change(QueuedMessage message, Instant at, Optional<String> detail) {
        notes.add(new Batch.Note(number(), message.stored(), event(message, at, detail), Optional.empty()));
    }

    /** The message had ended and is under way again: the journal gets the whole of it anew. */
    void reopen(QueuedMessage message, MessageQueries.Whole kept, Instant at, String why) {
        Batch.Note note =
                new Batch.Note(number(), message.stored(), event(message, at, Optional.of(why)), Optional.empty());
        List<Happened> history = new ArrayList<>(kept.history());
        history.add(note.happened());
        notes.add(new Batch.Note(
                note.number(),
                note.after(),
                note.event(),
                Optional.of(new MessageRecord(note.after(), history, kept.payload()))));
        kept.block().ifPresent(block -> reopened.add(new Batch.Reopened(message.accepted.sequence(), block)));
    }

    /** It goes out. Where the recipients may come to another node, that one is to know whose lease it is. */
    void lease(QueuedMessage message, Batch.Session session, Instant at) {
        notes.add(new Batch.Note(
                number(),
                message.stored(),
                event(message, at, Optional.empty()),
                Optional.empty(),
                numbering.isShared() ? session.epoch() : Batch.Note.NO_EPOCH));
        leases.add(new Batch.Lease(message, message.attempt, session, message.payload, false));
    }

    /** It goes out once more on the lease it is out on, for nobody knows whether it did: there is nothing to keep. */
    void leaseAgain(QueuedMessage message, Batch.Session session) {
        leases.add(new Batch.Lease(message, message.attempt, session, message.payload, true));
    }

    boolean hasWork() {
        return !notes.isEmpty() || !leases.isEmpty();
    }

    Batch take() {
        Batch batch = new Batch(
                notes.stream()
                        .filter(note -> note.event().event() == MessageEvent.Kind.ACCEPTED)
                        .map(Batch.Note::after)
                        .toList(),
                notes,
                leases,
                reopened);
        undecided = added;
        uncommitted.leave(added.size(), addedBytes);
        added = new LinkedHashMap<>();
        notes = new ArrayList<>();
        leases = new ArrayList<>();
        reopened = new ArrayList<>();
        addedBytes = 0;
        return batch;
    }

    /** The batch under way is kept; what turned out to be known was not added, and nothing further is kept of it. */
    void committed(Map<Long, Batch.Known> known) {
        undecided.forEach((number, acceptance) -> {
            acceptance.message().accepted.dedupe().map(IdempotencyKey::identity).ifPresent(keys::remove);
            Batch.Known earlier = known.get(number);
            if (earlier != null) {
                acceptance.stoodFor(earlier);
                notes.removeIf(note -> note.sequence() == number);
                leases.removeIf(lease -> lease.message().accepted.sequence() == number);
            }
        });
        undecided = Map.of();
    }

    /** Forgets all but what the batch under way decides: whoever waits for that is still told. */
    void clear() {
        uncommitted.leave(added.size(), addedBytes);
        added.clear();
        notes = new ArrayList<>();
        leases = new ArrayList<>();
        reopened = new ArrayList<>();
        keys.clear();
        addedBytes = 0;
    }

    private static MessageEvent event(QueuedMessage message, Instant at, Optional<String> detail) {
        return new MessageEvent(
                message.accepted.id().toString(),
                message.status,
                message.accepted.from(),
                message.accepted.to(),
                message.accepted.type(),
                message.accepted.correlationId(),
                detail,
                at);
    }
}
