package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes decisions true: stored, then in memory, then told and followed. What a process did, or what is done to one, is
 * true already: it is acted on and told at once, flagged as not stored until it is. Confined to one event loop.
 */
final class Decisions {
    /** So long an act waits for the store before it goes on without. */
    static final Duration STORE_PATIENCE = Duration.ofMillis(500);

    private static final Duration STORE_RETRY = Duration.ofSeconds(1);
    /** Entries of a history that are held for an instance while the store is away. */
    private static final int MAX_MISSED = 200;

    private static final Logger log = LoggerFactory.getLogger(Decisions.class);

    /** Where the consequences go. */
    interface Consequences {
        /** An event, in the turn of the change. */
        void tell(InstanceEvent event);

        /** All effects, the events among them, one turn later. */
        void follow(List<Effect> effects);
    }

    private final Database database;
    private final InstanceRepository repository;
    private final Instances instances;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final Consequences consequences;
    private final Map<String, Deque<HistoryEntry>> missed = new HashMap<>();

    Decisions(
            Database database,
            InstanceRepository repository,
            Instances instances,
            Scheduler scheduler,
            TimeSource time,
            Consequences consequences) {
        this.database = database;
        this.repository = repository;
        this.instances = instances;
        this.scheduler = scheduler;
        this.time = time;
        this.consequences = consequences;
    }

    /** What is only wanted: refused where it cannot be stored. */
    Future<Void> storedFirst(Decision decision) {
        return write(decision).compose(done -> {
            if (!done) {
                return Future.failedFuture(InstanceRules.nameTakenElsewhere(decision.name()));
            }
            commit(decision);
            return Future.succeededFuture();
        });
    }

    /** What was done, or is done to a process that runs. */
    Future<Void> atOnce(Decision decision) {
        if (instances.isUnstored(decision.name())) {
            missed(decision);
            commit(decision); // the store is away; what is true last is stored when it is back
            return Future.succeededFuture();
        }
        Promise<Boolean> waited = Promise.promise();
        write(decision)
                .onFailure(ignored -> missed(decision))
                .onComplete(done -> waited.tryComplete(done.succeeded() && done.result()));
        Scheduler.Cancellable enough = scheduler.after(STORE_PATIENCE, () -> waited.tryComplete(false));
        return waited.future().map(stored -> {
            enough.cancel();
            if (!stored) {
                log.warn(
                        "What became of instance '{}' is not stored yet; it is acted on all the same", decision.name());
                instances.unstored(decision.name());
                scheduler.after(STORE_RETRY, () -> keep(decision.name()));
            }
            commit(decision);
            return null;
        });
    }

    /** What could not be stored of a history is stored when the store is back, the oldest of very much left out. */
    private void missed(Decision decision) {
        Deque<HistoryEntry> entries = missed.computeIfAbsent(decision.name(), ignored -> new ArrayDeque<>());
        entries.addAll(HistoryEntry.of(decision));
        while (entries.size() > MAX_MISSED) {
            entries.removeFirst();
        }
    }

    private Future<Boolean> write(Decision decision) {
        return decision.stored() ? database.write(c -> repository.keep(c, decision)) : Future.succeededFuture(true);
    }

    private void commit(Decision decision) {
        instances.commit(decision);
        List<Effect> effects = decision.effects().stream().map(this::flagged).toList();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                consequences.tell(publish.event());
            }
        }
        consequences.follow(effects);
    }

    private Effect flagged(Effect effect) {
        return effect instanceof Effect.Publish publish
                        && publish.event() instanceof InstanceEvent.StatusChanged changed
                        && instances.isUnstored(changed.name())
                ? new Effect.Publish(
                        new InstanceEvent.StatusChanged(changed.instance().notStored(), changed.at()))
                : effect;
    }

    /** Stores what is true now of an instance, again and again until that is what is stored. */
    private void keep(String name) {
        Optional<Instance> now = instances.find(name);
        if (now.isEmpty()) {
            instances.stored(name);
            missed.remove(name);
            return;
        }
        List<HistoryEntry> late = List.copyOf(missed.getOrDefault(name, new ArrayDeque<>()));
        Future<Boolean> stored = database.write(c -> {
            InstanceHistory.catchUp(c, name, late);
            return repository.keep(c, Decision.of(now.get()));
        });
        stored.onComplete(done -> {
            if (done.failed()) {
                scheduler.after(STORE_RETRY, () -> keep(name));
                return;
            }
            missed.computeIfPresent(name, (ignored, entries) -> {
                late.forEach(entries::remove);
                return entries.isEmpty() ? null : entries;
            });
            if (!instances.find(name).equals(now)) {
                keep(name);
            } else {
                instances.stored(name);
                Decision told = new Decision(
                        name,
                        now,
                        false,
                        List.of(new Effect.Publish(
                                new InstanceEvent.StatusChanged(now.get().summary(), time.instant()))));
                commit(told);
            }
        });
    }
}
