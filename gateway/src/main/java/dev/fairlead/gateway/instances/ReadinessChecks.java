package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Looks at programs that run, again and again until they show that they are ready. Confined to one event loop. */
final class ReadinessChecks {
    private static final Duration PERIOD = Duration.ofMillis(250);

    /** One that is looked at, by the id of its spawn. */
    private static final class Awaited {
        private final String name;
        /** Where the last look at its log ended. */
        private Optional<String> read = Optional.empty();

        private boolean busy;

        Awaited(String name) {
            this.name = name;
        }
    }

    private final Bus bus;
    private final String node;
    private final Instances instances;
    private final HealthChecks checks;
    private final BiConsumer<String, String> ready;
    private final Map<String, Awaited> awaited = new HashMap<>();
    private final Ticker looks;

    /**
     * For the instances of a node.
     *
     * @param ready takes name and spawn of one that is
     */
    ReadinessChecks(
            Bus bus,
            String node,
            Scheduler scheduler,
            Instances instances,
            HealthChecks checks,
            BiConsumer<String, String> ready) {
        this.bus = bus;
        this.node = node;
        this.instances = instances;
        this.checks = checks;
        this.ready = ready;
        this.looks = new Ticker(scheduler, PERIOD, () -> !awaited.isEmpty(), this::look);
    }

    /** From now on until it is ready, or is no more. */
    void await(String name, String spawnId) {
        awaited.put(spawnId, new Awaited(name));
        looks.wake();
    }

    private void look() {
        for (String spawnId : List.copyOf(awaited.keySet())) {
            Awaited one = awaited.get(spawnId);
            Optional<Instance> instance =
                    instances.find(one.name).filter(found -> found.owns(spawnId) && found.isGettingReady());
            if (instance.isEmpty()) {
                awaited.remove(spawnId);
            } else if (!one.busy) {
                one.busy = true;
                isReady(one, instance.get().settings()).onComplete(done -> {
                    one.busy = false;
                    if (done.succeeded() && done.result()) {
                        ready.accept(one.name, spawnId);
                    }
                });
            }
        }
    }

    /** By its settings as they are now; fails where that cannot be told. */
    private Future<Boolean> isReady(Awaited one, InstanceSettings settings) {
        Optional<ReadyWhen> when = settings.readyWhen();
        if (when.isEmpty()) {
            return Future.succeededFuture(true);
        }
        if (when.get().log().isPresent()) {
            return bus.requestAt(
                            node,
                            new InstanceCommands.FindInRun(
                                    one.name,
                                    InstanceLog.BEGINS,
                                    when.get().log().get(),
                                    one.read))
                    .map(read -> {
                        one.read = Optional.of(read.next());
                        return read.found();
                    });
        }
        return when.get()
                .port()
                .map(port -> checks.probe(port, HealthProbe.TCP))
                .orElseGet(() -> checks.probe(
                        settings.port(), HealthProbe.get(when.get().http().orElse("/"))))
                .map(passed -> true);
    }
}
