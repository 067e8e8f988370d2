package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Context;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Makes shards, each from nothing but what is kept, for what another node may have changed is not known here. They
 * share what is bounded for the whole node.
 */
final class ShardMaker {
    /** Of shards that share the memory for keys: as many as one of two nodes has. */
    private static final int SHARING = LeaseName.SHARDS / 2;

    private final Database database;
    private final Ownership ownership;
    private final TimeSource time;
    private final Scheduler scheduler;
    private final Context context;
    private final RandomGenerator random;
    private final MessageRules rules;
    private final int keysInMemory;
    private final Consumer<Batch.Released> released;
    private final JournalLoader loader;
    private final Uncommitted uncommitted = new Uncommitted();
    private final PayloadCache payloads = new PayloadCache();

    /** @param released what to do after a commit */
    ShardMaker(
            Database database,
            Ownership ownership,
            Settings settings,
            TimeSource time,
            Scheduler scheduler,
            Context context,
            RandomGenerator random,
            Consumer<Batch.Released> released) {
        this.database = database;
        this.ownership = ownership;
        this.time = time;
        this.scheduler = scheduler;
        this.context = context;
        this.random = random;
        this.rules = MessageRules.of(settings);
        this.keysInMemory = Math.toIntExact(settings.messages().dedupeMemory().bytes() / KeyMemory.BYTES_EACH);
        this.released = released;
        this.loader = new JournalLoader(database);
    }

    /** Of all recipients. */
    MessageShard all() {
        Ledger ledger = Ledger.of(database, scheduler);
        return make(JournalPart.alone(ledger, time), keysInMemory, () -> {});
    }

    /**
     * Of the recipients of a shard.
     *
     * @param right under which this node keeps it; once that is over nothing of the shard is committed any more
     * @param lost run where a commit says that it is over
     */
    MessageShard of(int shard, Fence right, Runnable lost) {
        Ledger ledger = Ledger.of(database, scheduler, ownership, right);
        return make(JournalPart.of(shard, right, ledger, time), keysInMemory / SHARING, lost);
    }

    private MessageShard make(JournalPart part, int keys, Runnable lost) {
        MessageBus messages = new MessageBus(time, rules, random, part.numbering(), uncommitted, payloads);
        MessageStore store = new MessageStore(database, loader, part, time, keys);
        return new MessageShard(messages, store, new Commits(messages, store, scheduler, context, released, lost));
    }
}
