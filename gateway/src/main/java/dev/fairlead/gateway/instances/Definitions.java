package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.InstanceStatus;
import java.util.List;
import java.util.Optional;

/** Which instances there are on this node and what they are set to. As {@link InstanceSupervisor}. */
@StateMachine
final class Definitions {
    private final Instances instances;
    private final Dependencies dependencies;
    private final TimeSource time;
    private final String node;

    Definitions(Instances instances, Dependencies dependencies, TimeSource time, String node) {
        this.instances = instances;
        this.dependencies = dependencies;
        this.time = time;
        this.node = node;
    }

    Decision create(InstanceSettings wanted) {
        instances.requireNameFree(wanted.name());
        instances.requirePort(wanted.name(), wanted.port());
        dependencies.require(wanted);
        Instance created = made(wanted);
        return told(created, new InstanceEvent.Created(created.summary(), time.instant()));
    }

    /** As it would be made. */
    Instance made(InstanceSettings wanted) {
        return Instance.created(wanted, time.instant(), node);
    }

    Decision change(InstanceSettings wanted) {
        Instance instance = instances.get(wanted.name());
        requireChangeable(instance, wanted);
        instances.requirePort(wanted.name(), wanted.port());
        dependencies.require(wanted);
        boolean another = !wanted.schedule().equals(instance.settings().schedule());
        Instance changed = another ? instance.with(wanted).servedTo(time.instant()) : instance.with(wanted);
        return told(changed, new InstanceEvent.Changed(changed.summary(), time.instant()));
    }

    /** Refuses to change what a process was started with under that process. */
    void requireChangeable(Instance instance, InstanceSettings wanted) {
        if (needsStop(instance, wanted)) {
            throw invalid(
                    instance,
                    "its labels, restart, health, schedule, autostart, depends_on and ready_when change at any time,"
                            + " all else"
                            + " only while it is stopped; stop it first");
        }
    }

    /** Whether there is a process that these settings are not for; one that is being stopped counts for none. */
    static boolean needsStop(Instance instance, InstanceSettings wanted) {
        return !instance.isDown()
                && instance.status() != InstanceStatus.STOPPING
                && !wanted.runsAs(instance.settings());
    }

    Decision archive(Instance instance) {
        if (instance.isArchived()) {
            throw invalid(instance, "it is archived already");
        }
        if (!instance.isDown()) {
            throw invalid(instance, "stop it first; only a stopped or failed instance can be archived");
        }
        Instance archived = instance.archived(Optional.of(time.instant()));
        return told(archived, new InstanceEvent.Archived(archived.summary(), time.instant()));
    }

    Decision unarchive(Instance instance) {
        if (!instance.isArchived()) {
            throw invalid(instance, "it is not archived");
        }
        Instance shown = instance.archived(Optional.empty());
        // Of its times, those that came meanwhile are over.
        Instance back = shown.settings().schedule().isPresent() ? shown.servedTo(time.instant()) : shown;
        return told(back, new InstanceEvent.Unarchived(back.summary(), time.instant()));
    }

    Decision delete(String name) {
        Instance instance = instances.get(name);
        if (!instance.isArchived()) {
            throw invalid(instance, "only an archived instance can be deleted; archive it first");
        }
        dependencies.requireFree(name);
        return new Decision(
                name,
                Optional.empty(),
                true,
                List.of(
                        new Effect.Publish(new InstanceEvent.Deleted(name, node, time.instant())),
                        new Effect.Forget(name)));
    }

    private static Decision told(Instance instance, InstanceEvent event) {
        return Decision.of(instance, new Effect.Publish(event));
    }

    /** What does not fit the state of an instance. */
    static FairleadException invalid(Instance instance, String what) {
        String state =
                (instance.isArchived() ? "archived, " : "") + instance.status().wire();
        return new FairleadException(
                ErrorCode.INVALID_STATE, "Instance '" + instance.name() + "' is " + state + ": " + what);
    }
}
