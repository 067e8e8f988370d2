package dev.fairlead.gateway.instances;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.Set;

/** Finds the port of an instance that is made or changed. */
final class PortChoice {
    private final WorkerExecutor workers;
    private final InstanceRules rules;
    private final Instances instances;
    private final int base;

    /** Of these instances, on workers, since ports are tried. */
    PortChoice(WorkerExecutor workers, InstanceRules rules, Instances instances, int base) {
        this.workers = workers;
        this.rules = rules;
        this.instances = instances;
        this.base = base;
    }

    /** The port asked for, or the next one that neither an instance nor anything else on this machine has. */
    Future<Integer> choose(String name, Optional<Integer> wanted) {
        if (wanted.isPresent()) {
            int port = rules.port(wanted.get());
            instances.requirePort(name, port);
            return workers.executeBlocking(() -> Ports.isFree(port))
                    .compose(free ->
                            free ? Future.succeededFuture(port) : Future.failedFuture(InstanceRules.portInUse(port)));
        }
        Set<Integer> taken = instances.portsTaken();
        return workers.executeBlocking(() -> Ports.firstFree(base, taken))
                .compose(port -> port.isPresent()
                        ? Future.succeededFuture(port.getAsInt())
                        : Future.failedFuture(InstanceRules.noPortLeft(base)));
    }
}
