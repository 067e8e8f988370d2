package dev.fairlead.gateway.instances;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what an earlier gateway on the same data folder left running. */
final class Recovery {
    /**
     * What runs.
     *
     * @param leaders by the id of their spawn, which is an instance's
     * @param unowned spawns that are no instance's any more, but left something behind
     */
    record Found(Map<String, ProcessIdentity> leaders, List<Spawn> unowned) {
        Optional<ProcessIdentity> running(Instance instance) {
            return instance.spawn().map(Spawn::id).map(leaders::get);
        }
    }

    private final ProcessTable processes;
    private final WorkerExecutor workers;

    Recovery(ProcessTable processes, WorkerExecutor workers) {
        this.processes = processes;
        this.workers = workers;
    }

    Future<Found> find(List<Instance> instances, String prefix) {
        return workers.executeBlocking(() -> look(instances, prefix));
    }

    private Found look(List<Instance> instances, String prefix) {
        if (!ProcessTable.isSupported()) {
            return new Found(Map.of(), List.of());
        }
        Map<String, ProcessIdentity> leaders = new HashMap<>();
        Set<String> owned = new HashSet<>();
        for (Instance instance : instances) {
            instance.spawn().ifPresent(spawn -> {
                owned.add(spawn.id());
                // One whose pid was never recorded was being started when that gateway died.
                Optional<ProcessIdentity> leader = spawn.process().isPresent()
                        ? spawn.process().filter(processes::runs)
                        : processes.leader(spawn.id());
                leader.ifPresent(process -> leaders.put(spawn.id(), process));
            });
        }
        List<Spawn> unowned = processes.marked(prefix).keySet().stream()
                .filter(id -> !owned.contains(id))
                .map(Spawn::intended)
                .toList();
        return new Found(leaders, unowned);
    }
}
