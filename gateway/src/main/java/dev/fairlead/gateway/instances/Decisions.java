package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.ledger.WriteBehind;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes decisions true by the ledger: stored, then in memory, then told and followed. What a process did, or what is
 * done to one, is true already: it is acted on and told at once, flagged as not stored until it is. Confined to one
 * event loop.
 */
final class Decisions {
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

    /** What is stored late of an instance: what is true of it by then, and what was missed of its history. */
    private record Late(Optional<Instance> now, List<HistoryEntry> missed) {
        Late {
            missed = List.copyOf(missed);
        }
    }

    private final Ledger ledger;
    private final WriteBehind<String, Late> behind;
    private final InstanceRepository repository;
    private final Instances instances;
    private final TimeSource time;
    private final Consequences consequences;
    private final Map<String, Deque<HistoryEntry>> missed = new HashMap<>();

    Decisions(
            Ledger ledger,
            InstanceRepository repository,
            Instances instances,
            TimeSource time,
            Consequences consequences) {
        this.ledger = ledger;
        this.behind = new WriteBehind<>(ledger, this::caughtUp);
        this.repository = repository;
        this.instances = instances;
        this.time = time;
        this.consequences = consequences;
    }

    /** What is only wanted: refused where it cannot be stored. */
    Future<Void> storedFirst(Decision decision) {
        if (!decision.stored()) {
            return release(decision);
        }
        return ledger.commit(unit(decision), done -> {
                    if (!done) {
                        throw InstanceRules.nameTakenElsewhere(decision.name());
                    }
                    release(decision);
                })
                .mapEmpty();
    }

    /** What was done, or is done to a process that runs. */
    Future<Void> atOnce(Decision decision) {
        if (!decision.stored()) {
            return release(decision);
        }
        return behind.happened(decision.name(), unit(decision), () -> late(decision.name()))
                .compose(stored -> {
                    if (!stored) {
                        missed(decision);
                    }
                    return release(decision);
                });
    }

    /** What could not be stored of a history is stored when the store is back, the oldest of very much left out. */
    private void missed(Decision decision) {
        if (!instances.isUnstored(decision.name())) {
            log.warn("What became of instance '{}' is not stored yet; it is acted on all the same", decision.name());
            instances.unstored(decision.name());
        }
        Deque<HistoryEntry> entries = missed.computeIfAbsent(decision.name(), ignored -> new ArrayDeque<>());
        entries.addAll(HistoryEntry.of(decision));
        while (entries.size() > MAX_MISSED) {
            entries.removeFirst();
        }
    }

    private WriteUnit<Boolean> unit(Decision decision) {
        return c -> repository.keep(c, decision);
    }

    private Future<Void> release(Decision decision) {
        instances.commit(decision);
        behind.changed(decision.name());
        List<Effect> effects = decision.effects().stream().map(this::flagged).toList();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                consequences.tell(publish.event());
            }
        }
        consequences.follow(effects);
        return Future.succeededFuture();
    }

    private Effect flagged(Effect effect) {
        return effect instanceof Effect.Publish publish
                        && publish.event() instanceof InstanceEvent.StatusChanged changed
                        && instances.isUnstored(changed.name())
                ? new Effect.Publish(
                        new InstanceEvent.StatusChanged(changed.instance().notStored(), changed.at()))
                : effect;
    }

    /** What is true now of an instance; one that was deleted may have been stored meanwhile, and goes again. */
    private WriteUnit<Late> late(String name) {
        Late late = new Late(instances.find(name), List.copyOf(missed.getOrDefault(name, new ArrayDeque<>())));
        return c -> {
            if (late.now().isPresent()) {
                InstanceHistory.catchUp(c, name, late.missed());
            }
            repository.keep(
                    c,
                    late.now()
                            .map(Decision::of)
                            .orElseGet(() -> new Decision(name, Optional.empty(), true, List.of())));
            return late;
        };
    }

    private void caughtUp(String name, Late stored) {
        missed.remove(name);
        instances.stored(name);
        stored.now()
                .ifPresent(now -> release(new Decision(
                        name,
                        stored.now(),
                        false,
                        List.of(new Effect.Publish(new InstanceEvent.StatusChanged(now.summary(), time.instant()))))));
    }
}
