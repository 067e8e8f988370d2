package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.protocol.MessageEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The idempotency keys in memory: of all messages that are not in a block, and of as many blocks as there is room for.
 * Those of other blocks are found in the database; only while there are any is it asked. Plain state.
 */
@StateMachine
final class KeyMemory {
    /** What a key costs here, in bytes: its text, the map's node and what it stands for. */
    static final int BYTES_EACH = 304;

    /** What a key stands for. */
    static final class Key {
        final UUID id;
        final Instant acceptedAt;
        final long content;
        MessageEvent.Kind status;
        /** Its message is not in a block. */
        boolean live;

        Key(UUID id, Instant acceptedAt, long content, MessageEvent.Kind status) {
            this.id = id;
            this.acceptedAt = acceptedAt;
            this.content = content;
            this.status = status;
        }
    }

    /** A key as a block holds it. */
    record Entry(String identity, Key key) {}

    /** The keys of a block. */
    record Block(long number, Instant acceptedTo, List<Entry> entries) {
        Block {
            entries = List.copyOf(entries);
        }
    }

    private final int most;
    private final Map<String, Key> keys = new HashMap<>();
    /** Oldest first. */
    private final ArrayDeque<Block> blocks = new ArrayDeque<>();

    private int inBlocks;
    /** Until then the database knows keys that memory does not. */
    private Instant incompleteUntil = Instant.MIN;

    /** @param most keys of messages in blocks */
    KeyMemory(int most) {
        this.most = most;
    }

    /** The message of a key that was accepted since then. */
    Optional<Batch.Known> find(IdempotencyKey asked, Instant since) {
        return Optional.ofNullable(keys.get(asked.identity()))
                .or(() -> asked.earlierIdentity().map(keys::get))
                .filter(key -> !key.acceptedAt.isBefore(since))
                .map(key -> new Batch.Known(key.id, key.status, key.content));
    }

    /** Whether a key that is not found here may be in the database. */
    boolean isIncomplete(Instant now) {
        return incompleteUntil.isAfter(now);
    }

    /** A message with a key came up that is not in a block, or is there no more. */
    void enter(KeptMessage kept) {
        kept.message.accepted().dedupe().ifPresent(dedupe -> {
            Key known = keys.get(dedupe.identity());
            StoredMessage message = kept.message;
            Key key = known != null && known.id.equals(message.id())
                    ? known
                    : new Key(message.id(), message.accepted().acceptedAt(), dedupe.content(), message.status());
            key.status = message.status();
            key.live = true;
            keys.put(dedupe.identity(), key);
            kept.key = Optional.of(key);
        });
    }

    /** A message leaves without a block. */
    void leave(KeptMessage kept) {
        kept.message
                .accepted()
                .dedupe()
                .ifPresent(dedupe -> kept.key.ifPresent(key -> keys.remove(dedupe.identity(), key)));
    }

    /** A block was filled, or is taken up again: from the oldest to the newest. */
    void add(Block block) {
        for (Entry entry : block.entries()) {
            Key before = keys.get(entry.identity());
            entry.key().live = false;
            if (before == null || (!before.live && !before.acceptedAt.isAfter(entry.key().acceptedAt))) {
                keys.put(entry.identity(), entry.key());
            }
        }
        blocks.addLast(block);
        inBlocks += block.entries().size();
    }

    /** The database knows keys up to that one, accepted then, that will not come here. */
    void incomplete(Instant acceptedTo) {
        Instant until = acceptedTo.plus(IdempotencyKey.LIFE);
        if (until.isAfter(incompleteUntil)) {
            incompleteUntil = until;
        }
    }

    /** Forgets what has lived its life; gives the oldest block where there are too many keys, to be posted first. */
    Optional<Block> overflow(Instant since) {
        while (!blocks.isEmpty() && blocks.peekFirst().acceptedTo().isBefore(since)) {
            drop(blocks.peekFirst());
        }
        return inBlocks > most ? Optional.ofNullable(blocks.peekFirst()) : Optional.empty();
    }

    /** The keys of the oldest block are found in the database. */
    void posted(Block block) {
        incomplete(block.acceptedTo());
        drop(block);
    }

    private void drop(Block block) {
        blocks.remove(block);
        inBlocks -= block.entries().size();
        for (Entry entry : block.entries()) {
            if (!entry.key().live) {
                keys.remove(entry.identity(), entry.key());
            }
        }
    }
}
