package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of messages: batches go to the end of the journal; what ended moves from there into blocks, many at once
 * and behind the commits; both can be read. What is in memory is that of the journal, and changes after a commit alone.
 * Confined to one context.
 */
final class MessageStore {
    static final int BLOCK_MESSAGES = 512;

    /** Bytes after which no more is added to a block: it is read whole for one message. */
    static final int BLOCK_BYTES = 512 * 1024;

    private static final Logger log = LoggerFactory.getLogger(MessageStore.class);

    private final JournalPart part;
    private final Ledger ledger;
    private final JournalLoader loader;
    private final TimeSource time;
    private final int keysInMemory;
    private final MessageQueries queries;
    private KeyMemory keys;
    private KeptMessages kept;
    private long lastBlock;
    private boolean loading;
    private boolean isHeldUp;
    /** A move of which it is not known whether it is kept. */
    private Optional<Unsure> unsure = Optional.empty();
    /** The move or posting of keys that is under way; one at a time. */
    private Future<Void> moving = Future.succeededFuture();

    /**
     * All that has not ended, in order of acceptance, and the last number used.
     *
     * @param epochs of the connections that hold leases, by the number of the message, where the journal says so
     */
    record Open(List<StoredMessage> messages, long lastNumber, Map<Long, Long> epochs) {
        Open {
            messages = List.copyOf(messages);
            epochs = Map.copyOf(epochs);
        }

        static Open of(List<KeptMessage> kept, long lastNumber) {
            Map<Long, Long> epochs = new HashMap<>();
            kept.stream()
                    .filter(one -> one.epoch != Batch.Note.NO_EPOCH)
                    .forEach(one -> epochs.put(one.message.sequence(), one.epoch));
            return new Open(kept.stream().map(one -> one.message).toList(), lastNumber, epochs);
        }
    }

    private record Unsure(BlockRepository.Filling filling, List<KeptMessage> chosen) {}

    /** Of a gateway alone. */
    MessageStore(Database database, Ledger ledger, TimeSource time, int keysInMemory) {
        this(database, new JournalLoader(database), JournalPart.alone(ledger, time), time, keysInMemory);
    }

    /**
     * Empty until it is {@link #load loaded}.
     *
     * @param loader of all stores of this node
     * @param part what of the journal it keeps, and under which right
     * @param keysInMemory idempotency keys of messages in blocks that stay in memory
     */
    MessageStore(Database database, JournalLoader loader, JournalPart part, TimeSource time, int keysInMemory) {
        this.loader = loader;
        this.part = part;
        this.ledger = part.ledger();
        this.time = time;
        this.keysInMemory = keysInMemory;
        this.keys = new KeyMemory(keysInMemory);
        this.kept = new KeptMessages(keys, part.isShared());
        this.queries = new MessageQueries(database, () -> kept);
    }

    /** What is in memory of it. */
    Kept kept() {
        return kept;
    }

    MessageQueries queries() {
        return queries;
    }

    /**
     * Reads what is kept, after a start or whenever it is not known what a commit came to. What was in memory serves
     * reads until then.
     */
    Future<Open> load() {
        loading = true;
        KeyMemory freshKeys = new KeyMemory(keysInMemory);
        KeptMessages fresh = new KeptMessages(freshKeys, part.isShared());
        return moving.otherwiseEmpty()
                .compose(quiet -> loader.load(new JournalLoader.Target(
                        part.numbering().shard(),
                        fresh,
                        Optional.of(freshKeys),
                        time.instant().minus(IdempotencyKey.LIFE))))
                .map(loaded -> {
                    keys = freshKeys;
                    kept = fresh;
                    unsure = Optional.empty();
                    lastBlock = loaded.lastBlock();
                    loading = false;
                    return Open.of(kept.open(), loaded.lastNumber());
                });
    }

    /**
     * Appends a batch to the journal; completes after the commit. Fails with {@code storage_unavailable} where it is
     * not kept, and as {@link Ledger#isLost} knows where it is not this node's to write any more.
     */
    Future<Batch.Written> write(Batch batch) {
        Instant now = time.instant();
        MessageRepository.Plan plan = new MessageRepository.Plan(
                known(batch, now.minus(IdempotencyKey.LIFE)),
                payloadRows(batch),
                keys.isIncomplete(now),
                now,
                part.right());
        return ledger.commitOrLose(c -> MessageRepository.write(c, batch, plan)).map(written -> {
            for (Batch.Row row : written.rows()) {
                row.entries().forEach(entry -> kept.apply(entry, row.number()));
            }
            move(false);
            return written;
        });
    }

    /**
     * A message that ended is about to be written as one under way.
     *
     * @return false while it is on its way into a block; then it is to be looked up again after {@link #moved}
     */
    boolean hold(long sequence) {
        Optional<KeptMessage> found = kept.find(sequence);
        if (found.isPresent() && found.get().moving) {
            return false;
        }
        found.ifPresent(kept::hold);
        return true;
    }

    /** What was {@link #hold held} stays as it ended after all. */
    void release(long sequence) {
        kept.find(sequence).ifPresent(kept::release);
    }

    /** Completes when what is under way into a block is there. */
    Future<Void> moved() {
        return moving.otherwiseEmpty();
    }

    /** Moves what waited long enough, though it does not fill a block. */
    void moveAged() {
        move(true);
    }

    private void move(boolean aged) {
        if (loading || !moving.isComplete()) {
            return;
        }
        if (unsure.isPresent()) {
            resolve(unsure.get());
            return;
        }
        Instant now = time.instant();
        Optional<KeyMemory.Block> overflow = keys.overflow(now.minus(IdempotencyKey.LIFE));
        if (overflow.isPresent()) {
            post(overflow.get());
            return;
        }
        for (Retained retained : Retained.values()) {
            Deque<KeptMessage> ended = kept.ended(retained);
            boolean due =
                    isNextFree(ended) && (ended.size() >= BLOCK_MESSAGES || (aged && hasWaited(ended.getFirst(), now)));
            if (due) {
                fill(retained, ended, aged);
                return;
            }
        }
    }

    private void fill(Retained retained, Deque<KeptMessage> ended, boolean aged) {
        List<KeptMessage> chosen = new ArrayList<>();
        int bytes = 0;
        while (isNextFree(ended) && chosen.size() < BLOCK_MESSAGES && bytes < BLOCK_BYTES) {
            KeptMessage next = ended.removeFirst();
            chosen.add(next);
            bytes += BlockRepository.size(next.message, next.history());
            kept.move(next);
        }
        lastBlock = part.numbering().after(lastBlock);
        BlockRepository.Filling filling = new BlockRepository.Filling(
                lastBlock,
                retained,
                chosen.stream()
                        .map(one -> new BlockRepository.Ended(one.message, one.history(), one.row))
                        .toList(),
                kept.firstNeeded(),
                part.numbering().shard(),
                kept.passed(BlockRepository.MAX_TRIMMED));
        unsure = Optional.of(new Unsure(filling, chosen));
        moving = ledger.commit(c -> BlockRepository.fill(c, filling)).onSuccess(done -> moved(filling, chosen));
        moving.onComplete(done -> goOn(done, aged));
    }

    private boolean hasWaited(KeptMessage kept, Instant now) {
        return kept.message
                .settledAt()
                .filter(at -> at.plus(part.blockDelay()).isBefore(now))
                .isPresent();
    }

    private static boolean isNextFree(Deque<KeptMessage> ended) {
        return !ended.isEmpty() && !ended.getFirst().held;
    }

    private void moved(BlockRepository.Filling filling, List<KeptMessage> chosen) {
        unsure = Optional.empty();
        kept.dropped(filling.passed());
        chosen.forEach(kept::moved);
        keys.add(keysOf(filling, chosen));
    }

    /** A move failed, which can mean that it is there and nobody was told. */
    private void resolve(Unsure move) {
        moving = ledger.commit(c -> BlockRepository.isThere(c, move.filling().block()))
                .onSuccess(there -> {
                    if (there) {
                        moved(move.filling(), move.chosen());
                    } else {
                        unsure = Optional.empty();
                        kept.putBack(move.chosen());
                    }
                })
                .mapEmpty();
    }

    private void post(KeyMemory.Block block) {
        moving = ledger.commit(c -> BlockRepository.postKeys(c, block)).onSuccess(done -> keys.posted(block));
        moving.onComplete(done -> goOn(done, false));
    }

    private void goOn(AsyncResult<Void> done, boolean aged) {
        if (done.succeeded()) {
            isHeldUp = false;
            move(aged);
        } else if (!isHeldUp && !Database.isOutage(done.cause())) {
            isHeldUp = true; // it is tried again with each commit
            log.warn(
                    "Messages that have ended wait to be moved out of the journal: {}",
                    done.cause().getMessage());
        }
    }

    private static KeyMemory.Block keysOf(BlockRepository.Filling filling, List<KeptMessage> chosen) {
        List<KeyMemory.Entry> entries = new ArrayList<>();
        Instant acceptedTo = Instant.EPOCH;
        for (KeptMessage one : chosen) {
            one.message
                    .accepted()
                    .dedupe()
                    .ifPresent(dedupe ->
                            one.key.ifPresent(key -> entries.add(new KeyMemory.Entry(dedupe.identity(), key))));
            acceptedTo = acceptedTo.isAfter(one.message.accepted().acceptedAt())
                    ? acceptedTo
                    : one.message.accepted().acceptedAt();
        }
        return new KeyMemory.Block(filling.block(), acceptedTo, entries);
    }

    private Map<Long, Batch.Known> known(Batch batch, Instant since) {
        Map<Long, Batch.Known> known = new HashMap<>();
        for (StoredMessage added : batch.added()) {
            added.accepted()
                    .dedupe()
                    .flatMap(key -> keys.find(key, since))
                    .ifPresent(one -> known.put(added.sequence(), one));
        }
        return known;
    }

    private Map<Long, Long> payloadRows(Batch batch) {
        Set<Long> wanted = new HashSet<>(batch.payloadsToRead());
        Map<Long, Long> rows = new HashMap<>();
        for (long sequence : wanted) {
            kept.find(sequence).ifPresent(one -> rows.put(sequence, one.row));
        }
        return rows;
    }
}
