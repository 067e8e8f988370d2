package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.instances.InstanceCommands.ChangeInstance;
import dev.fairlead.gateway.instances.InstanceCommands.CloneInstance;
import dev.fairlead.gateway.instances.InstanceCommands.CreateInstance;
import dev.fairlead.gateway.instances.InstanceCommands.DeleteInstance;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceFound;
import dev.fairlead.gateway.instances.InstanceCommands.InstancePut;
import dev.fairlead.gateway.instances.InstanceCommands.PutInstance;
import dev.fairlead.gateway.instances.InstanceCommands.Wanted;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes, changes, clones and deletes instances as it is asked to. Confined to one event loop. */
final class InstanceChanges {
    private final Instances instances;
    private final Dependencies dependencies;
    private final Definitions definitions;
    private final InstanceRules rules;
    private final PortChoice ports;
    private final Launcher launcher;
    private final WorkerExecutor workers;
    private final TimeSource time;
    private final Decisions decisions;
    private final Turns turns;
    private final InstanceActs.Trail trail;
    private final Function<Instance, InstanceFound> whole;

    InstanceChanges(
            Instances instances,
            Dependencies dependencies,
            Definitions definitions,
            InstanceRules rules,
            PortChoice ports,
            Launcher launcher,
            WorkerExecutor workers,
            TimeSource time,
            Decisions decisions,
            Turns turns,
            InstanceActs.Trail trail,
            Function<Instance, InstanceFound> whole) {
        this.instances = instances;
        this.dependencies = dependencies;
        this.definitions = definitions;
        this.rules = rules;
        this.ports = ports;
        this.launcher = launcher;
        this.workers = workers;
        this.time = time;
        this.decisions = decisions;
        this.turns = turns;
        this.trail = trail;
        this.whole = whole;
    }

    Future<Void> create(CreateInstance command) {
        return turns.next(() -> {
                    instances.requireNameFree(command.name());
                    return ports.choose(command.name(), command.wanted().port())
                            .map(port -> rules.create(command.name(), command.wanted(), port))
                            .compose(wanted -> startable(wanted, Optional.empty()))
                            .compose(wanted -> decisions.storedFirst(
                                    definitions.create(wanted).by(command.actor())));
                })
                .onSuccess(done -> record("create", command.name(), command.actor(), command.address()));
    }

    Future<Void> change(ChangeInstance command) {
        return turns.next(() -> {
                    Instance now = instances.get(command.name());
                    InstanceSettings wanted = rules.change(now.settings(), command.wanted());
                    definitions.requireChangeable(now, wanted);
                    Optional<Integer> another = Optional.of(wanted.port())
                            .filter(port -> port != now.settings().port());
                    return (another.isPresent()
                                    ? ports.choose(now.name(), another)
                                    : Future.succeededFuture(wanted.port()))
                            .compose(port -> startable(wanted, now.settings().schedule()))
                            .compose(checked -> decisions.storedFirst(
                                    definitions.change(checked).by(command.actor())));
                })
                .onSuccess(done -> record("change", command.name(), command.actor(), command.address()));
    }

    /** Makes one, or what there is of that name what it is to be. */
    Future<InstancePut> put(PutInstance command) {
        return turns.next(() -> {
            Optional<Instance> now = instances.find(command.name());
            Future<InstanceSettings> checked = now.isPresent()
                    ? replacement(now.get(), command.wanted())
                    : ports.choose(command.name(), command.wanted().port())
                            .map(port -> rules.create(command.name(), command.wanted(), port));
            return checked.compose(wanted ->
                            startable(wanted, now.flatMap(one -> one.settings().schedule())))
                    .compose(wanted -> put(command, now, wanted));
        });
    }

    private Future<InstanceSettings> replacement(Instance now, Wanted wanted) {
        InstanceSettings then = rules.create(now.name(), wanted, now.settings().port());
        return then.port() == now.settings().port()
                ? Future.succeededFuture(then)
                : ports.choose(now.name(), Optional.of(then.port())).map(port -> then);
    }

    private Future<InstancePut> put(PutInstance command, Optional<Instance> now, InstanceSettings wanted) {
        InstanceSettings before = now.map(Instance::settings).orElseGet(() -> InstanceRules.blank(wanted));
        List<String> changes = wanted.differences(before);
        String outcome = now.isEmpty() ? "created" : changes.isEmpty() ? "unchanged" : "changed";
        Optional<InstanceFound> was = now.map(whole);
        if (command.dryRun()) {
            dependencies.require(wanted, command.assumed());
            Instance then = now.orElseGet(() -> definitions.made(wanted)).with(wanted);
            boolean stop = now.filter(one -> Definitions.needsStop(one, wanted)).isPresent();
            return Future.succeededFuture(new InstancePut(outcome, changes, stop, was, whole.apply(then)));
        }
        if (now.isPresent() && changes.isEmpty()) {
            return Future.succeededFuture(new InstancePut(outcome, changes, false, was, was.orElseThrow()));
        }
        Decision decision = now.isPresent() ? definitions.change(wanted) : definitions.create(wanted);
        return decisions.storedFirst(decision.by(command.actor())).map(done -> {
            record(now.isPresent() ? "change" : "create", command.name(), command.actor(), command.address());
            return new InstancePut(outcome, changes, false, was, whole.apply(instances.get(command.name())));
        });
    }

    Future<Void> copy(CloneInstance command) {
        return turns.next(() -> {
                    Instance original = instances.get(command.name());
                    instances.requireNameFree(Names.require("Field 'name'", command.cloneName()));
                    return ports.choose(command.cloneName(), Optional.empty())
                            .compose(port -> decisions.storedFirst(definitions
                                    .create(original.settings().as(command.cloneName(), port))
                                    .by(command.actor())));
                })
                .onSuccess(done -> record("clone", command.cloneName(), command.actor(), command.address()));
    }

    Future<Void> delete(DeleteInstance command) {
        return turns.next(() -> decisions.storedFirst(definitions.delete(command.name())))
                .onSuccess(done -> record("delete", command.name(), command.actor(), command.address()));
    }

    private Future<InstanceSettings> startable(InstanceSettings wanted, Optional<Schedule> known) {
        return workers.executeBlocking(() -> {
            wanted.schedule()
                    .filter(schedule -> !known.equals(Optional.of(schedule)))
                    .ifPresent(schedule -> ScheduledTimes.of(schedule).require(time.instant()));
            try {
                launcher.check(wanted);
            } catch (LaunchFailure e) {
                throw InstanceRules.unusable(e);
            }
            return wanted;
        });
    }

    private void record(String what, String name, String actor, String address) {
        trail.record("instance." + what, name, actor, address, AuditEvents.OK, "");
    }
}
