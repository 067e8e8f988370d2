package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The messages of a whole fleet, for lists: those of this node's shards as they are in memory, those of others as the
 * journal has them, which is read once in a while and only where somebody asks.
 */
final class FleetMessages {
    /** What others keep is shown as it was so long ago at most. */
    static final Duration AGE = Duration.ofSeconds(1);

    private final Database database;
    private final OwnedShards shards;
    private final TimeSource time;
    private Optional<Future<List<Kept>>> others = Optional.empty();
    private Set<Integer> numbers = Set.of();
    private long readNanos;

    FleetMessages(Database database, OwnedShards shards, TimeSource time) {
        this.database = database;
        this.shards = shards;
        this.time = time;
    }

    /** To be asked one thing, now. */
    Future<MessageQueries> queries() {
        List<Integer> now = shards.others();
        boolean old = time.nanos() - readNanos > AGE.toNanos();
        if (others.isEmpty()
                || !numbers.equals(Set.copyOf(now))
                || (old && others.get().isComplete())) {
            readNanos = time.nanos();
            numbers = Set.copyOf(now);
            others = Optional.of(read(now));
        }
        return others.get().map(read -> {
            List<Kept> all = new ArrayList<>();
            shards.all().stream()
                    .filter(shard -> shard.commits().isReady())
                    .forEach(shard -> all.add(shard.store().kept()));
            all.addAll(read); // after its own: what was lost or taken up meanwhile is in both
            Kept together = new Together(all);
            return new MessageQueries(database, () -> together);
        });
    }

    private Future<List<Kept>> read(List<Integer> numbers) {
        JournalLoader loader = new JournalLoader(database); // of this look alone: it takes no other's place
        List<Kept> kept = new ArrayList<>();
        List<Future<?>> read = new ArrayList<>();
        for (int number : numbers) {
            KeptMessages one = new KeptMessages(new KeyMemory(0), true);
            kept.add(one);
            read.add(loader.load(
                    new JournalLoader.Target(OptionalInt.of(number), one, Optional.empty(), Instant.EPOCH)));
        }
        return Future.join(read).map(done -> kept);
    }

    private record Together(List<Kept> all) implements Kept {
        @Override
        public Optional<KeptMessage> find(UUID id) {
            return all.stream().flatMap(one -> one.find(id).stream()).findFirst();
        }

        @Override
        public Optional<KeptMessage> find(long sequence) {
            return all.stream().flatMap(one -> one.find(sequence).stream()).findFirst();
        }

        @Override
        public List<StoredMessage> newest(long before, Predicate<StoredMessage> filter, int most) {
            Map<Long, StoredMessage> found = new TreeMap<>(Comparator.reverseOrder());
            all.forEach(
                    kept -> kept.newest(before, filter, most).forEach(one -> found.putIfAbsent(one.sequence(), one)));
            return found.values().stream().limit(most).toList();
        }

        @Override
        public Collection<KeptMessage> allMessages() {
            return all.stream().flatMap(one -> one.allMessages().stream()).toList();
        }
    }
}
