package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceFound;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceList;
import dev.fairlead.gateway.instances.InstanceCommands.ListInstances;

/** Instances as those who ask are told of them. Confined to one event loop. */
final class InstanceViews {
    private final Instances instances;
    private final Launcher launcher;
    private final KeptLimits limits;
    private final Schedules schedules;

    InstanceViews(Instances instances, Launcher launcher, KeptLimits limits, Schedules schedules) {
        this.instances = instances;
        this.launcher = launcher;
        this.limits = limits;
        this.schedules = schedules;
    }

    InstanceList list(ListInstances command) {
        return new InstanceList(instances.selected(command.selector()).stream()
                .filter(one -> command.includeArchived() || !one.isArchived())
                .map(instances::summary)
                .toList());
    }

    /** All of one; refused where there is none of that name. */
    InstanceFound found(String name) {
        return found(instances.get(name));
    }

    InstanceFound found(Instance instance) {
        InstanceSettings set = instance.settings();
        return instance.whole(
                instances.summary(instance),
                launcher.folderOf(set),
                launcher.userOf(set),
                schedules.next(instance),
                limits.notKept(set));
    }

    /** How many run, and what keeps their processes from being told apart. */
    HealthCommands.Result health() {
        long up = instances.all().stream().filter(Instance::isUp).count();
        return new HealthCommands.Result(
                true,
                up + " running of " + instances.all().size()
                        + (launcher.separatesSessions() ? "" : "; without 'setsid', install util-linux"));
    }
}
