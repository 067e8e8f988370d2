package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What the journal holds and no block does: the messages that have not ended, and those that ended of late. Made of
 * journal entries alone, in their order, each after its commit: read again from the first row it is the same. Plain
 * state.
 */
final class KeptMessages implements Kept {
    private final Map<UUID, KeptMessage> byId = new HashMap<>();
    private final TreeMap<Long, KeptMessage> bySequence = new TreeMap<>();
    /** How many of them each journal row holds. */
    private final TreeMap<Long, Integer> rows = new TreeMap<>();
    /** Those that have ended, in the order they did. */
    private final Map<Retained, ArrayDeque<KeptMessage>> ended = new EnumMap<>(Retained.class);
    /** The number up to which those that ended are in blocks. */
    private final Map<Retained, Long> positions = new EnumMap<>(Retained.class);

    /** The same by shard, where others kept this journal since: only read where a gateway alone takes it up. */
    private final Map<Retained, Map<Integer, Long>> shards = new EnumMap<>(Retained.class);
    /** All rows of the shard, whether or not they hold a whole message; empty where a gateway alone keeps it. */
    private final TreeSet<Long> written = new TreeSet<>();

    private final KeyMemory keys;
    private final boolean ofShard;
    private long lastRow;

    /** @param ofShard whether other rows than its own may be in the journal */
    KeptMessages(KeyMemory keys, boolean ofShard) {
        this.keys = keys;
        this.ofShard = ofShard;
        for (Retained retained : Retained.values()) {
            ended.put(retained, new ArrayDeque<>());
            positions.put(retained, 0L);
        }
    }

    /** What ended with a number up to that is in blocks; said before the first entry. */
    void position(Retained retained, long number) {
        positions.put(retained, number);
    }

    /** The same of a shard's messages, said where a gateway alone takes up what several kept. */
    void position(Retained retained, int shard, long number) {
        shards.computeIfAbsent(retained, one -> new HashMap<>()).put(shard, number);
    }

    /** All that is kept has been applied: what ended moves into blocks in the order in which it did. */
    void loaded() {
        if (!ofShard) { // perhaps rows of several shards: each is in order, all together are not
            ended.replaceAll((retained, some) -> new ArrayDeque<>(some.stream()
                    .sorted(Comparator.comparingLong(KeptMessage::endedWith))
                    .toList()));
        }
    }

    void apply(JournalEntry entry, long row) {
        lastRow = Math.max(lastRow, row);
        if (ofShard) {
            written.add(row);
        }
        if (entry instanceof JournalEntry.Whole whole) {
            take(whole.record(), row);
        } else if (entry instanceof JournalEntry.Change change) {
            KeptMessage kept = bySequence.get(change.sequence());
            if (kept != null) { // else it is in a block, and only its beginning has left the journal
                kept.apply(change);
                close(kept);
            }
        }
    }

    private void take(MessageRecord record, long row) {
        KeptMessage before = bySequence.get(record.message().sequence());
        if (before != null) {
            if (before.hasEnded()) {
                ended.get(Retained.of(before.message.status())).remove(before);
            }
            forget(before);
        }
        KeptMessage kept = new KeptMessage(record.message(), record.history(), row);
        byId.put(record.message().id(), kept);
        bySequence.put(record.message().sequence(), kept);
        rows.merge(row, 1, Integer::sum);
        keys.enter(kept);
        close(kept);
    }

    private void close(KeptMessage kept) {
        if (!kept.hasEnded()) {
            return;
        }
        Retained retained = Retained.of(kept.message.status());
        if (kept.endedWith() <= position(retained, kept)) {
            forget(kept); // read again after a crash: it has been in a block since
        } else {
            ended.get(retained).addLast(kept);
        }
    }

    private long position(Retained retained, KeptMessage kept) {
        long all = positions.get(retained);
        return shards.isEmpty()
                ? all
                : Math.max(
                        all,
                        shards.getOrDefault(retained, Map.of())
                                .getOrDefault(
                                        LeaseName.shardOf(
                                                kept.message.accepted().to()),
                                        0L));
    }

    @Override
    public Optional<KeptMessage> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public Optional<KeptMessage> find(long sequence) {
        return Optional.ofNullable(bySequence.get(sequence));
    }

    List<KeptMessage> open() {
        return bySequence.values().stream().filter(kept -> !kept.hasEnded()).toList();
    }

    @Override
    public Collection<KeptMessage> allMessages() {
        return bySequence.values();
    }

    @Override
    public List<StoredMessage> newest(long before, Predicate<StoredMessage> filter, int most) {
        List<StoredMessage> found = new ArrayList<>();
        for (KeptMessage kept :
                bySequence.headMap(before, false).descendingMap().values()) {
            if (found.size() == most) {
                break;
            }
            if (filter.test(kept.message)) {
                found.add(kept.message);
            }
        }
        return found;
    }

    /** Those that ended, oldest first; what is taken from its head is in a block soon. */
    ArrayDeque<KeptMessage> ended(Retained retained) {
        return ended.get(retained);
    }

    /**
     * It may be taken up again, and stays out of blocks until that is known. So does what ended after it: what is read
     * again takes all up to the last in a block for being in one.
     */
    void hold(KeptMessage kept) {
        kept.held = true;
    }

    /** It stays as it ended. */
    void release(KeptMessage kept) {
        kept.held = false;
    }

    /** It is on its way into a block: its row is needed no more once it is there. */
    void move(KeptMessage kept) {
        kept.moving = true;
        letGo(kept);
    }

    /** There is no such block: they wait for the next one, before all others. */
    void putBack(List<KeptMessage> moved) {
        for (int i = moved.size() - 1; i >= 0; i--) {
            KeptMessage kept = moved.get(i);
            kept.moving = false;
            rows.merge(kept.row, 1, Integer::sum);
            ended.get(Retained.of(kept.message.status())).addFirst(kept);
        }
    }

    /** The block is committed. */
    void moved(KeptMessage kept) {
        byId.remove(kept.message.id());
        bySequence.remove(kept.message.sequence());
        Retained retained = Retained.of(kept.message.status());
        positions.merge(retained, kept.endedWith(), Math::max);
    }

    /** The first journal row that is still needed. */
    long firstNeeded() {
        return rows.isEmpty() ? lastRow : Math.min(lastRow, rows.firstKey());
    }

    /** Rows of the shard that are needed no more, some of them; {@link #dropped} once they are gone. */
    List<Long> passed(int most) {
        return written.headSet(firstNeeded()).stream().limit(most).toList();
    }

    void dropped(List<Long> rows) {
        rows.forEach(written::remove);
    }

    long lastRow() {
        return lastRow;
    }

    private void forget(KeptMessage kept) {
        byId.remove(kept.message.id());
        bySequence.remove(kept.message.sequence());
        keys.leave(kept);
        letGo(kept);
    }

    private void letGo(KeptMessage kept) {
        rows.computeIfPresent(kept.row, (row, count) -> count == 1 ? null : count - 1);
    }
}
