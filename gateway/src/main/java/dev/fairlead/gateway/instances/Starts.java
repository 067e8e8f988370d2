package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How instances are started: at once, or when what they depend on is so far. As {@link InstanceSupervisor}. */
@StateMachine
final class Starts {
    private final Instances instances;
    private final Dependencies dependencies;
    private final TimeSource time;
    private final Supplier<String> spawnIds;
    private boolean over;

    /** @param spawnIds ids never given before */
    Starts(Instances instances, Dependencies dependencies, TimeSource time, Supplier<String> spawnIds) {
        this.instances = instances;
        this.dependencies = dependencies;
        this.time = time;
        this.spawnIds = spawnIds;
    }

    /** Nothing is started by itself any more. */
    void end() {
        over = true;
    }

    boolean areOver() {
        return over;
    }

    /** Starts an instance as somebody wants it, and what it needs. */
    Decision anew(Instance instance) {
        return begin(instance.restarts(0).exited(Optional.empty()).with(Recent.NOTHING), true);
    }

    /**
     * Starts an instance, or lets it wait for what it depends on.
     *
     * @param needs whether those are to be started for it where they are down
     */
    Decision begin(Instance instance, boolean needs) {
        Optional<String> unmet = dependencies.unmet(instance);
        if (unmet.isEmpty()) {
            return launch(instance);
        }
        Instance held = instance.thenStart(false)
                .withoutProcess()
                .with(instance.recent().released())
                .with(InstanceStatus.STARTING, unmet);
        List<Effect> effects = new ArrayList<>();
        if (needs) {
            dependencies.toStart(held).forEach(name -> effects.add(new Effect.Need(name, held.name())));
        }
        return Decision.status(held, time.instant(), effects.toArray(Effect[]::new));
    }

    /** One that another one waits for is to be started for it. */
    Optional<Decision> needed(String name, String by) {
        boolean waits = instances.find(by).filter(Instance::isHeld).isPresent();
        return instances
                .find(name)
                .filter(one -> waits && one.isDown() && !one.isArchived() && !over)
                .map(one -> anew(one).by("instance " + by));
    }

    /** Something changed: what comes of it for the first of those that wait for others, if anything does. */
    Optional<Decision> released() {
        return instances.all().stream()
                .filter(one -> one.isHeld() && !over)
                .flatMap(held -> released(held).stream())
                .findFirst();
    }

    private Optional<Decision> released(Instance held) {
        Optional<String> unmet = dependencies.unmet(held);
        if (unmet.isEmpty()) {
            return Optional.of(launch(held));
        }
        Instance waits = held.with(InstanceStatus.STARTING, unmet);
        return waits.reason().equals(held.reason())
                ? Optional.empty()
                : Optional.of(Decision.status(waits, time.instant()));
    }

    /** The wait before a restart is over. */
    Optional<Decision> woken(String name, long number) {
        return instances
                .find(name)
                .filter(one -> one.status() == InstanceStatus.STARTING
                        && one.spawn().isEmpty()
                        && one.recent().wake() == number
                        && !over)
                .map(one -> begin(one, false));
    }

    private Decision launch(Instance instance) {
        String id = spawnIds.get();
        Instance starting = instance.thenStart(false)
                .with(InstanceStatus.STARTING, Optional.empty())
                .with(Spawn.intended(id));
        return Decision.status(starting, time.instant(), new Effect.Launch(starting.settings(), id));
    }
}
