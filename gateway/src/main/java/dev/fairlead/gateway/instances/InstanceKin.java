package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.instances.InstanceCommands.InstanceProcess;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceProcesses;
import dev.fairlead.gateway.instances.ProcessTable.Kin;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tells which processes an instance started, however far down: by their environment, session and control group, and by
 * those of their ancestors. One that left all of these behind is told by the account of {@code instances.user} alone.
 * Confined to one event loop; files are read on workers.
 */
final class InstanceKin {
    private final ProcessTable processes;
    private final String prefix;
    private final WorkerExecutor workers;
    private final long gateway = ProcessHandle.current().pid();

    /**
     * The kin of one gateway's instances.
     *
     * @param prefix with which the ids of its spawns begin
     * @param workers on which files are read
     */
    InstanceKin(ProcessTable processes, String prefix, WorkerExecutor workers) {
        this.processes = processes;
        this.prefix = prefix;
        this.workers = workers;
    }

    /** Those of {@code pids} that are one's of {@code instances}, or of one that is no more. */
    Future<InstanceProcesses> find(List<Long> pids, List<Instance> instances) {
        return workers.executeBlocking(() -> new InstanceProcesses(found(pids, instances)), false);
    }

    private List<InstanceProcess> found(List<Long> pids, List<Instance> instances) {
        Map<String, String> names = new HashMap<>();
        instances.forEach(one -> one.spawn().ifPresent(spawn -> names.put(spawn.id(), one.name())));
        Map<String, String> groups = ownGroups(instances);
        return pids.stream()
                .flatMap(pid -> find(pid, instances, names, groups).stream())
                .toList();
    }

    private Optional<InstanceProcess> find(
            long pid, List<Instance> instances, Map<String, String> names, Map<String, String> groups) {
        List<Kin> kin = processes.kin(pid, gateway);
        for (Kin one : kin) {
            Optional<String> spawn = one.spawnId().filter(id -> id.startsWith(prefix));
            if (spawn.isPresent()) {
                return Optional.of(new InstanceProcess(pid, spawn.map(names::get)));
            }
            Optional<Instance> grouped = instances.stream().filter(leads(one)).findFirst();
            if (grouped.isPresent()) {
                return grouped.map(instance -> new InstanceProcess(pid, Optional.of(instance.name())));
            }
        }
        return processes.controlGroups(pid).stream()
                .flatMap(line -> groups.entrySet().stream()
                        .filter(group -> line.equals(group.getKey()) || line.startsWith(group.getKey() + "/"))
                        .map(Map.Entry::getValue))
                .findFirst()
                .map(name -> new InstanceProcess(pid, Optional.of(name)));
    }

    /** Whether an instance's program is this process, or made its session or group. */
    private static Predicate<Instance> leads(Kin one) {
        return instance -> instance.spawn()
                .flatMap(Spawn::process)
                .filter(leader ->
                        one.pid() == leader.pid() || one.session() == leader.pid() || one.group() == leader.pid())
                .filter(leader -> one.startTicks() >= leader.startTicks())
                .isPresent();
    }

    /** The control groups that an instance has and the gateway has not, each with the instance's name. */
    private Map<String, String> ownGroups(List<Instance> instances) {
        List<String> shared = processes.controlGroups(gateway);
        Map<String, String> groups = new HashMap<>();
        for (Instance instance : instances) {
            instance.spawn()
                    .flatMap(Spawn::process)
                    .filter(processes::runs)
                    .ifPresent(leader -> processes.controlGroups(leader.pid()).stream()
                            .filter(line -> !shared.contains(line))
                            .forEach(line -> groups.put(line, instance.name())));
        }
        return groups;
    }
}
