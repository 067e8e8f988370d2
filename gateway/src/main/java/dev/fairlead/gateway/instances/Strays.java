package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds programs that are no instance's: one that an earlier gateway was starting when it was killed can come to run
 * after this one has looked what there is. Looks at growing intervals, the most often right after the start. Confined
 * to one event loop; processes are looked up on workers.
 */
final class Strays {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(Strays.class);

    private final ProcessTable processes;
    private final String prefix;
    private final Instances instances;
    private final WorkerExecutor workers;
    private final Scheduler scheduler;
    private final Consumer<Spawn> end;
    /** Those that are being ended: one that does not die is hunted once. */
    private final Set<String> ending = new HashSet<>();

    /**
     * For one gateway.
     *
     * @param prefix with which the ids of its spawns begin
     * @param end is given each spawn that is to be ended
     */
    Strays(
            ProcessTable processes,
            String prefix,
            Instances instances,
            WorkerExecutor workers,
            Scheduler scheduler,
            Consumer<Spawn> end) {
        this.processes = processes;
        this.prefix = prefix;
        this.instances = instances;
        this.workers = workers;
        this.scheduler = scheduler;
        this.end = end;
    }

    /** Looks from now on, where processes can be looked up at all. */
    void watch() {
        if (ProcessTable.isSupported()) {
            next(FIRST);
        }
    }

    private void next(Duration wait) {
        scheduler.after(wait, () -> look().onComplete(done -> {
            Duration longer = wait.multipliedBy(2);
            next(longer.compareTo(LONGEST) < 0 ? longer : LONGEST);
        }));
    }

    private Future<?> look() {
        return workers.executeBlocking(() -> processes.marked(prefix).keySet(), false)
                .onSuccess(found -> {
                    // Asked after the look: a spawn is an instance's before it is started.
                    Set<String> owned = instances.all().stream()
                            .flatMap(instance -> instance.spawn().stream())
                            .map(Spawn::id)
                            .collect(Collectors.toSet());
                    ending.retainAll(found);
                    found.stream()
                            .filter(id -> !owned.contains(id) && ending.add(id))
                            .forEach(this::end);
                })
                .onFailure(failure -> log.warn("Processes cannot be looked after; trying again", failure));
    }

    private void end(String spawnId) {
        log.info("A program that an earlier gateway was starting when it ended came up late; it is ended: {}", spawnId);
        end.accept(Spawn.intended(spawnId));
    }
}
