package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what the next commit is to keep, and remembers what the one under way decides. Plain state. */
final class BatchBuilder {
    private long lastNumber;
    private Map<Long, Acceptance> added = new LinkedHashMap<>();
    private Map<Long, QueuedMessage> changed = new LinkedHashMap<>();
    private List<Batch.Note> notes = new ArrayList<>();
    private List<Batch.Lease> leases = new ArrayList<>();
    private long addedBytes;
    /** Of the batch under way. */
    private Map<Long, Acceptance> undecided = Map.of();

    private final Map<String, Acceptance> keys = new HashMap<>();

    /** Messages and what happens to them are numbered in one order. */
    long number() {
        return ++lastNumber;
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
        if (added.size() >= MessageRules.MAX_UNCOMMITTED || addedBytes >= MessageRules.MAX_UNCOMMITTED_BYTES) {
            throw new FairleadException(
                    ErrorCode.BUSY,
                    added.size() + " messages wait for the database already; try again in a moment",
                    Duration.ofSeconds(1));
        }
    }

    /** The message that was just taken in with the same key and is not committed yet. */
    Optional<Acceptance> uncommitted(String key) {
        return Optional.ofNullable(keys.get(key));
    }

    Acceptance add(QueuedMessage message, Instant at) {
        Acceptance acceptance = new Acceptance(message);
        added.put(message.sequence, acceptance);
        addedBytes += message.payloadBytes;
        message.dedupe.ifPresent(key -> keys.put(key, acceptance));
        note(message.sequence, message, at, Optional.empty());
        return acceptance;
    }

    /** The message is in another state, which is worth telling. */
    void change(QueuedMessage message, Instant at, Optional<String> detail) {
        if (!added.containsKey(message.sequence)) {
            changed.put(message.sequence, message);
        }
        note(number(), message, at, detail);
    }

    void lease(QueuedMessage message, Batch.Session session, Instant at) {
        change(message, at, Optional.empty());
        leases.add(new Batch.Lease(message, message.attempt, session, message.payload));
    }

    boolean hasWork() {
        return !added.isEmpty() || !changed.isEmpty() || !notes.isEmpty();
    }

    Batch take() {
        Batch batch = new Batch(
                added.values().stream()
                        .map(Acceptance::message)
                        .map(message -> new Batch.Added(message.stored(), message.payload.orElseThrow()))
                        .toList(),
                changed.values().stream().map(QueuedMessage::stored).toList(),
                notes,
                leases);
        undecided = added;
        added = new LinkedHashMap<>();
        changed = new LinkedHashMap<>();
        notes = new ArrayList<>();
        leases = new ArrayList<>();
        addedBytes = 0;
        return batch;
    }

    /** The batch under way is kept; what turned out to be known was not added, and nothing further is kept of it. */
    void committed(Map<Long, Batch.Known> known) {
        undecided.forEach((number, acceptance) -> {
            acceptance.message().dedupe.ifPresent(keys::remove);
            Batch.Known earlier = known.get(number);
            if (earlier != null) {
                acceptance.stoodFor(earlier);
                changed.remove(number);
                notes.removeIf(note -> note.sequence() == number);
                leases.removeIf(lease -> lease.message().sequence == number);
            }
        });
        undecided = Map.of();
    }

    void clear() {
        added.clear();
        changed.clear();
        notes = new ArrayList<>();
        leases = new ArrayList<>();
        undecided = Map.of();
        keys.clear();
        addedBytes = 0;
    }

    private void note(long number, QueuedMessage message, Instant at, Optional<String> detail) {
        notes.add(new Batch.Note(
                number,
                message.sequence,
                message.attempt,
                new MessageEvent(
                        message.id.toString(),
                        message.status,
                        message.from,
                        message.to,
                        message.type,
                        message.correlationId,
                        detail,
                        at)));
    }
}
