package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs, watches them and ends them, all on workers, and tells what came of it. One program never waits for
 * another. Confined to the event loop of its context.
 */
final class Programs {
    private static final Logger log = LoggerFactory.getLogger(Programs.class);

    /** Between two looks at the processes that are no children of this gateway: it adopted them. */
    private static final Duration ADOPTED_POLL = Duration.ofMillis(250);
    /** Between two looks whether what was signalled is gone. */
    private static final Duration GONE_POLL = Duration.ofMillis(40);

    private record Adopted(String name, String spawnId, ProcessIdentity process) {}

    private final Bus bus;
    private final Context context;
    private final WorkerExecutor workers;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final Launcher launcher;
    private final KeptLimits limits;
    private final InstanceLog logs;
    private final OutputPipes pipes;
    private final ProgramEnvironment environment;
    private final ProcessTable processes;
    private final Observations observations;
    private final Promise<String> url = Promise.promise();
    private final Map<String, Adopted> adopted = new HashMap<>();
    private final Ticker looks;
    private final Map<String, Future<Void>> sweeping = new HashMap<>();

    Programs(
            Bus bus,
            Context context,
            WorkerExecutor workers,
            Scheduler scheduler,
            TimeSource time,
            Launcher launcher,
            KeptLimits limits,
            InstanceLog logs,
            OutputPipes pipes,
            ProgramEnvironment environment,
            ProcessTable processes,
            Observations observations) {
        this.bus = bus;
        this.context = context;
        this.workers = workers;
        this.scheduler = scheduler;
        this.time = time;
        this.launcher = launcher;
        this.limits = limits;
        this.logs = logs;
        this.pipes = pipes;
        this.environment = environment;
        this.processes = processes;
        this.observations = observations;
        this.looks = new Ticker(scheduler, ADOPTED_POLL, () -> !adopted.isEmpty(), this::lookAfterAdopted);
    }

    /** The gateway listens there: programs may be started from now on. */
    void listening(String address) {
        url.tryComplete(address);
    }

    /** Does what is to be done with a program. */
    void perform(Effect effect) {
        if (effect instanceof Effect.Launch launch) {
            launch(launch.settings(), launch.spawnId());
        } else if (effect instanceof Effect.Stop stop) {
            stop(stop.name(), stop.spawn(), stop.grace());
        } else if (effect instanceof Effect.Sweep sweep) {
            sweep(sweep.name(), sweep.spawn());
        } else if (effect instanceof Effect.Forget forget) {
            forget(forget.name());
        }
    }

    /** Starts a program once the gateway can be reached and what it left last time is gone. */
    private void launch(InstanceSettings settings, String spawnId) {
        String name = settings.name();
        sweeping.getOrDefault(name, Future.succeededFuture())
                .compose(clean -> pipes.ended(name))
                .compose(ended -> url.future())
                .compose(address -> bus.request(new AgentCommands.CreateProgramToken(name))
                        .map(made -> environment.of(settings, spawnId, address, made.token())))
                .compose(variables -> onWorker(() -> launcher.launch(settings, variables)))
                .onSuccess(launched -> {
                    observations.launched(name, spawnId, launched.identity());
                    Future.fromCompletionStage(launched.process().onExit(), context)
                            .onSuccess(process -> exited(name, spawnId, Optional.of(process.exitValue())));
                })
                .onFailure(failure -> {
                    if (!(failure instanceof LaunchFailure)) {
                        log.warn("Instance {} could not be started", name, failure);
                    }
                    observations.launchFailed(name, spawnId, reason(failure));
                });
    }

    private static String reason(Throwable failure) {
        return failure instanceof LaunchFailure told
                ? told.getMessage()
                : Bus.refusal(failure).getMessage();
    }

    /** A program the gateway before started and that still runs. */
    void adopt(InstanceSettings settings, String spawnId, ProcessIdentity process) {
        String name = settings.name();
        adopted.put(spawnId, new Adopted(name, spawnId, process));
        looks.wake();
        if (settings.log() == LogMode.PIPE) {
            onWorker(() -> {
                        pipes.take(name).release();
                        return true;
                    })
                    .onFailure(failure -> log.warn(
                            "The output of instance {} cannot be read; restart it: {}", name, failure.getMessage()));
        }
    }

    /** Ends a program and what it started. */
    private void stop(String name, Spawn spawn, Duration grace) {
        end(name, spawn, grace).onSuccess(gone -> observations.ended(name, spawn.id()));
    }

    /** Ends what a program left behind. */
    void sweep(String name, Spawn spawn) {
        Future<Void> swept = end(name, spawn, Duration.ZERO);
        sweeping.put(name, swept);
        swept.onComplete(done -> sweeping.remove(name, swept));
    }

    private Future<Void> end(String name, Spawn spawn, Duration grace) {
        boolean kill = grace.isZero();
        long killAt = time.nanos() + grace.toNanos();
        return signal(name, spawn, kill)
                .recover(failure -> {
                    log.warn("Processes cannot be looked after; trying again", failure);
                    return Future.succeededFuture(true);
                })
                .compose(left -> left ? gone(name, spawn, killAt) : Future.succeededFuture())
                .compose(gone -> onWorker(() -> {
                    limits.ended(name);
                    return null;
                }));
    }

    /** Looks again and again, for as long as something is left; from {@code killAt} on, KILL goes to all of it. */
    private Future<Void> gone(String name, Spawn spawn, long killAt) {
        Promise<Void> later = Promise.promise();
        scheduler.after(GONE_POLL, later::complete);
        return later.future()
                .compose(ignored -> time.nanos() - killAt >= 0 ? signal(name, spawn, true) : isLeft(name, spawn))
                .recover(failure -> {
                    log.warn("Processes cannot be looked after; trying again", failure);
                    return Future.succeededFuture(true);
                })
                .compose(left -> left ? gone(name, spawn, killAt) : Future.succeededFuture());
    }

    private Future<Boolean> isLeft(String name, Spawn spawn) {
        return onWorker(() -> spawn.process().filter(processes::runs).isPresent()
                || !members(name, spawn).isEmpty());
    }

    /** Signals all that is left; tells whether there was anything. */
    private Future<Boolean> signal(String name, Spawn spawn, boolean kill) {
        return onWorker(() -> {
            Set<ProcessIdentity> members = members(name, spawn);
            members.forEach(member -> processes.signal(member, kill));
            if (kill) {
                limits.kill(name);
            }
            return !members.isEmpty();
        });
    }

    /** What it started, whatever session it made itself or environment it has where it is in a group of its own. */
    private Set<ProcessIdentity> members(String name, Spawn spawn) {
        Set<ProcessIdentity> members = new LinkedHashSet<>(processes.members(spawn));
        members.addAll(limits.members(name));
        return members;
    }

    /** Removes what an instance that is gone left on the disk. */
    private void forget(String name) {
        onWorker(() -> {
                    logs.forget(name);
                    limits.forget(name);
                    return true;
                })
                .onFailure(failure -> log.warn("The log of instance {} could not be removed", name, failure));
    }

    private void exited(String name, String spawnId, Optional<Integer> code) {
        pipes.ended(name)
                .compose(whole -> onWorker(() -> {
                    logs.end(name);
                    return logs.lastLines(name);
                }))
                .recover(failure -> onWorker(() -> logs.lastLines(name))) // a full disk takes no line's end
                .otherwise(List.of())
                .onSuccess(lines -> observations.exited(name, spawnId, code, lines));
    }

    private void lookAfterAdopted() {
        if (adopted.isEmpty()) {
            return;
        }
        List<Adopted> looked = List.copyOf(adopted.values());
        onWorker(() -> looked.stream()
                        .filter(one -> !processes.runs(one.process()))
                        .toList())
                .onSuccess(over -> over.forEach(one -> {
                    if (adopted.remove(one.spawnId()) != null) {
                        exited(one.name(), one.spawnId(), Optional.empty());
                    }
                }))
                .onFailure(failure -> log.warn("Processes cannot be looked after; trying again", failure));
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }
}
