package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.InstanceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * What may become of the instances of this node. Commands and what was seen of processes go in, decisions come out;
 * nothing changes until {@link Instances#commit}. What was seen carries the id of the spawn it was seen of: news of a
 * process that is no longer the instance's own counts for nothing. Confined to one event loop.
 */
@StateMachine
final class InstanceSupervisor {
    private static final int MAX_FAILED_CHECKS = 3;

    private final TimeSource time;
    private final Settings.Instances settings;
    private final Definitions definitions;
    private final Starts starts;
    private final DoubleSupplier random;
    private final Instances instances;
    private long wakes;

    /**
     * For one node.
     *
     * @param instances of the node; its and the definitions' alone to change
     * @param random from 0 to 1, spreads the waits before restarts
     */
    InstanceSupervisor(
            Instances instances,
            Definitions definitions,
            Starts starts,
            TimeSource time,
            Settings.Instances settings,
            DoubleSupplier random) {
        this.instances = instances;
        this.time = time;
        this.settings = settings;
        this.definitions = definitions;
        this.starts = starts;
        this.random = random;
    }

    Decision act(String name, Action action) {
        Instance instance = instances.get(name);
        return switch (action) {
            case START -> start(instance);
            case STOP -> stop(instance, false);
            case RESTART -> instance.isDown() ? start(instance) : stop(instance, true);
            case ARCHIVE -> definitions.archive(instance);
            case UNARCHIVE -> definitions.unarchive(instance);
        };
    }

    private Decision start(Instance instance) {
        if (instance.isArchived()) {
            throw Definitions.invalid(instance, "it is archived; unarchive it first");
        }
        if (!instance.isDown()) {
            throw Definitions.invalid(
                    instance,
                    instance.status() == InstanceStatus.STOPPING
                            ? "wait until it has stopped, or restart it"
                            : "it is started already");
        }
        return starts.anew(instance);
    }

    private Decision stop(Instance instance, boolean thenStart) {
        if (instance.isDown() || (instance.status() == InstanceStatus.STOPPING && !thenStart)) {
            throw Definitions.invalid(instance, instance.isDown() ? "it does not run" : "it is stopping already");
        }
        if (instance.status() == InstanceStatus.STOPPING) {
            return Decision.of(instance.thenStart(true));
        }
        if (instance.spawn().isEmpty()) { // between two starts
            return thenStart ? starts.anew(instance) : stopped(instance, Optional.empty());
        }
        Instance stopping = instance.thenStart(thenStart).with(InstanceStatus.STOPPING, Optional.empty());
        List<Effect> effects = new ArrayList<>(List.of(status(stopping)));
        Spawn spawn = instance.spawn().get();
        if (spawn.process().isPresent()) { // else as soon as it is known
            effects.add(new Effect.Stop(instance.name(), spawn, settings.stopGrace()));
        }
        return new Decision(instance.name(), Optional.of(stopping), true, effects);
    }

    private Decision stopped(Instance instance, Optional<String> reason) {
        Instance stopped =
                instance.thenStart(false).withoutProcess().with(Recent.NOTHING).with(InstanceStatus.STOPPED, reason);
        return Decision.of(stopped, status(stopped));
    }

    private Decision failed(Instance instance, String reason) {
        Instance failed = instance.thenStart(false)
                .withoutProcess()
                .with(Recent.NOTHING)
                .with(InstanceStatus.FAILED, Optional.of(reason));
        return Decision.of(failed, status(failed));
    }

    /** The program runs: as {@code process}. */
    Optional<Decision> launched(String name, String spawnId, ProcessIdentity process) {
        return owner(name, spawnId).map(instance -> {
            Spawn spawn = instance.spawn().orElseThrow().as(process);
            Instance known = instance.with(spawn).startedAt(time.instant());
            if (instance.status() == InstanceStatus.STOPPING) {
                return Decision.of(known, status(known), new Effect.Stop(name, spawn, settings.stopGrace()));
            }
            Instance up = known.with(instance.recent().started(time.nanos()));
            return instance.settings()
                    .readyWhen()
                    .map(ready -> awaited(up, ready, spawnId))
                    .orElseGet(() -> changed(up.with(InstanceStatus.RUNNING, Optional.empty())));
        });
    }

    private Decision awaited(Instance up, ReadyWhen ready, String spawnId) {
        Instance awaited = up.with(InstanceStatus.STARTING, Optional.of("It runs, and is ready when " + ready.words()));
        return Decision.of(awaited, status(awaited), new Effect.AwaitReady(awaited.name(), spawnId));
    }

    /** The program has shown that it is ready. */
    Optional<Decision> ready(String name, String spawnId) {
        return owner(name, spawnId)
                .filter(Instance::isGettingReady)
                .map(one -> changed(one.with(InstanceStatus.RUNNING, Optional.empty())));
    }

    /**
     * The program could not be started, which counts as a death: what the system refuses now it may grant soon, and a
     * program that is missing may be in the middle of an upgrade.
     */
    Optional<Decision> launchFailed(String name, String spawnId, String reason) {
        return owner(name, spawnId).map(instance -> {
            if (instance.status() == InstanceStatus.STOPPING) {
                return ended(instance);
            }
            String how = "could not be started: " + reason;
            return restartsAfter(instance, Optional.empty())
                    ? sweptAfter(died(instance, how, List.of()), instance)
                    : sweptAfter(failed(instance, "It " + how), instance);
        });
    }

    /**
     * The program ended.
     *
     * @param code empty where nobody was there to see it
     * @param lastLines of its log
     */
    Optional<Decision> exited(String name, String spawnId, Optional<Integer> code, List<String> lastLines) {
        HistoryEntry.Exit exit = new HistoryEntry.Exit(time.instant(), code, lastLines);
        return owner(name, spawnId).map(instance -> {
            Instance over = instance.exited(code);
            if (instance.status() == InstanceStatus.STOPPING) {
                return Decision.of(over).comeOf(exit); // it has stopped when nothing is left of what it started
            }
            String how = Death.words(code);
            Decision next =
                    restartsAfter(over, code) ? died(over, how, lastLines) : stopped(over, Optional.of("It " + how));
            return sweptAfter(next.comeOf(exit), instance);
        });
    }

    private boolean restartsAfter(Instance instance, Optional<Integer> code) {
        return !starts.areOver() && instance.settings().restart().restartsAfter(code);
    }

    /** What is left of a spawn, though its start failed perhaps, is ended before the next one. */
    private static Decision sweptAfter(Decision next, Instance before) {
        return swept(next, before.name(), before.spawn().orElseThrow());
    }

    private Decision died(Instance instance, String how, List<String> lastLines) {
        Recent recent = instance.recent().died(time.nanos());
        if (recent.diedTooOften()) {
            return failed(
                    instance,
                    "It died " + Recent.MAX_DEATHS + " times within " + Recent.WINDOW.toSeconds()
                            + " s; the last time it " + how + Death.told(lastLines));
        }
        Duration delay = recent.delay(random.getAsDouble());
        long number = ++wakes;
        Instance waiting = instance.withoutProcess()
                .restarts(instance.restarts() + 1)
                .with(recent.waiting(number))
                .with(
                        InstanceStatus.STARTING,
                        Optional.of("It " + how + "; the next start is in "
                                + String.format(Locale.ROOT, "%.1f", delay.toMillis() / 1000.0) + " s"));
        return Decision.of(waiting, status(waiting), new Effect.Wake(instance.name(), delay, number));
    }

    /** Nothing is left of what was to be ended. */
    Optional<Decision> ended(String name, String spawnId) {
        return owner(name, spawnId)
                .filter(one -> one.status() == InstanceStatus.STOPPING)
                .map(this::ended);
    }

    private Decision ended(Instance instance) {
        Instance over = instance.withoutProcess();
        return instance.thenStart() && !starts.areOver() ? starts.anew(over) : stopped(over, Optional.empty());
    }

    /** A health check is done; {@code failure} says why it failed. */
    Optional<Decision> checked(String name, String spawnId, Optional<String> failure) {
        return owner(name, spawnId).filter(Instance::isUp).map(instance -> {
            Instance checked = instance.with(instance.recent().checked(failure.isEmpty()));
            boolean healthy = instance.status() == InstanceStatus.RUNNING;
            if (failure.isEmpty() && !healthy) {
                return changed(checked.with(InstanceStatus.RUNNING, Optional.empty()));
            }
            if (healthy && checked.recent().failedChecks() >= MAX_FAILED_CHECKS) {
                return changed(checked.with(
                        InstanceStatus.UNHEALTHY,
                        failure.map(why -> MAX_FAILED_CHECKS + " health checks in a row failed: " + why)));
            }
            return Decision.remembered(checked);
        });
    }

    private Decision changed(Instance instance) {
        return Decision.of(instance, status(instance));
    }

    /**
     * What becomes of an instance as the gateway before left it.
     *
     * @param running the process of its spawn, where that still runs
     */
    Optional<Decision> recovered(String name, Optional<ProcessIdentity> running) {
        Instance instance = instances.get(name);
        if (instance.spawn().isEmpty()) {
            boolean waited = instance.status() == InstanceStatus.STARTING;
            boolean wanted = instance.settings().autostart()
                    && instance.status() == InstanceStatus.STOPPED
                    && !instance.isArchived();
            // One that died and waited goes on by itself; one that somebody wants started gets what it needs.
            boolean needs = wanted || instance.restarts() == 0;
            return waited || wanted ? Optional.of(starts.begin(instance, needs)) : Optional.empty();
        }
        Spawn spawn = instance.spawn().get();
        if (instance.status() == InstanceStatus.STOPPING) {
            // What the leader started may outlive it: the end is told when nothing is left.
            return Optional.of(Decision.of(instance, new Effect.Stop(name, spawn, settings.stopGrace())));
        }
        if (running.isPresent()) {
            return instance.isUp() && instance.process().equals(running)
                    ? Optional.of(
                            Decision.remembered(instance.with(instance.recent().started(time.nanos()))))
                    : launched(name, spawn.id(), running.get());
        }
        if (spawn.process().isEmpty()) {
            return Optional.of(starts.begin(instance, true)); // it never came to be
        }
        Optional<Decision> over = exited(name, spawn.id(), Optional.empty(), List.of());
        return over.map(decision -> decision.after()
                .filter(after -> after.status() == InstanceStatus.STOPPED
                        && after.settings().autostart())
                .map(after -> starts.begin(after, true))
                .map(next -> swept(next, name, spawn))
                .orElse(decision));
    }

    private static Decision swept(Decision next, String name, Spawn spawn) {
        return next.preceded(new Effect.Sweep(name, spawn));
    }

    /** The gateway stops, and every instance with it; nothing is started any more. */
    List<Decision> shutDown() {
        starts.end();
        return instances.all().stream()
                .filter(one -> !one.isDown() && one.status() != InstanceStatus.STOPPING)
                .map(one -> stop(one, false))
                .toList();
    }

    private Optional<Instance> owner(String name, String spawnId) {
        return instances.find(name).filter(one -> one.owns(spawnId));
    }

    private Effect status(Instance instance) {
        return new Effect.Publish(new InstanceEvent.StatusChanged(instance.summary(), time.instant()));
    }
}
