package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the concern of instances: answers its requests, starts and watches programs, keeps and tells what changes. */
public final class InstanceSupervisorVerticle extends VerticleBase implements Observations {
    private static final Logger log = LoggerFactory.getLogger(InstanceSupervisorVerticle.class);
    private static final String PLACE = "instances";
    private static final int WORKERS = 8;
    private static final Duration SCHEDULE_LOOK = Duration.ofSeconds(1);
    private static final Duration PRUNE_PERIOD = Duration.ofHours(1);
    /** What stopping takes beyond the grace: KILL takes effect, the last change is stored. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(2);

    private final Database database;
    private final Ownership ownership;
    private final DataFolder folder;
    private final InstanceLog logs;
    private final Settings settings;
    private final TimeSource time;
    private final TimeSource ledger;
    private final String node;
    private final String spawnPrefix;
    private final MeterRegistry metrics;
    private final InstanceRepository repository = new InstanceRepository();
    private final InstanceHistory history;
    private final InstanceRules rules;
    private final Instances instances = new Instances();
    private final Dependencies dependencies = new Dependencies(instances);
    private final Definitions definitions;
    private final Starts starts;
    private final Schedules schedules;
    private final InstanceSupervisor supervisor;
    private final Turns turns = new Turns();
    private final ProcessTable processes = new ProcessTable();
    private final Promise<Void> allStopped = Promise.promise();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Bus bus;
    private Scheduler scheduler;
    private Ledger decided;
    private WorkerExecutor workers;
    private KeptLimits limits;
    private Launcher launcher;
    private OutputPipes pipes;
    private Programs programs;
    private InstanceViews views;
    private Decisions decisions;
    private InstanceActs acts;
    private InstanceChanges changes;
    private FleetInstances fleet;
    private HealthChecks checks;
    private ReadinessChecks readiness;
    private StreamPublisher<InstanceEvent> stream;
    private Ticker clock; // null until it has started
    private boolean left;
    private boolean stopping;

    /**
     * Deployed once a node, after the agents, whose tokens programs get.
     *
     * @param ledger by which what is kept is pruned
     * @param metrics where what instances use is told
     * @param ownership says which other nodes there are; this one's name begins the ids of its spawns, by which a later
     *     gateway on the same data folder finds them
     */
    public InstanceSupervisorVerticle(
            Database database,
            Ownership ownership,
            DataFolder folder,
            Settings settings,
            TimeSource time,
            TimeSource ledger,
            MeterRegistry metrics) {
        this.database = database;
        this.ownership = ownership;
        this.folder = folder;
        this.logs = new InstanceLog(folder);
        this.settings = settings;
        this.time = time;
        this.ledger = ledger;
        this.history = new InstanceHistory(database);
        this.node = ownership.node();
        this.spawnPrefix = node + ".";
        this.metrics = metrics;
        this.rules = new InstanceRules(settings.instances());
        this.definitions = new Definitions(instances, dependencies, time, node);
        this.starts = new Starts(instances, dependencies, time, () -> spawnPrefix + UUID.randomUUID());
        this.schedules = new Schedules(instances, starts, time);
        SplittableRandom random = new SplittableRandom();
        this.supervisor =
                new InstanceSupervisor(instances, definitions, starts, time, settings.instances(), random::nextDouble);
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        scheduler = new VertxScheduler(vertx);
        decided = Ledger.of(database, scheduler);
        workers = vertx.createSharedWorkerExecutor("fairlead-processes", WORKERS);
        Executables executables =
                new Executables(settings.instances(), System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        pipes = new OutputPipes(
                bus,
                node,
                context,
                scheduler,
                logs,
                executables,
                settings.logs().rotateSize().bytes());
        limits = new KeptLimits(ControlGroups.of(settings.instances().cgroup(), spawnPrefix), processes, executables);
        return workers.executeBlocking(() -> new Launcher(
                        folder,
                        logs,
                        executables,
                        processes,
                        time,
                        pipes::make,
                        settings.instances().user(),
                        limits))
                .onSuccess(made -> launcher = made)
                .compose(made -> decided.commit(c -> repository.ofNode(c, node)))
                .compose(stored -> workers.executeBlocking(() -> {
                    limits.prepare(stored, settings.instances().cgroup().isPresent());
                    launcher.prepare(stored);
                    return stored;
                }))
                .compose(this::recover)
                .compose(ignored -> listen());
    }

    private Future<?> recover(List<Instance> stored) {
        programs = new Programs(
                bus,
                context,
                workers,
                scheduler,
                time,
                launcher,
                limits,
                logs,
                pipes,
                new ProgramEnvironment(settings.instances(), System.getenv()),
                processes,
                this);
        views = new InstanceViews(instances, launcher, limits, schedules);
        decisions = new Decisions(decided, repository, instances, time, consequences());
        acts = new InstanceActs(instances, dependencies, supervisor, decisions, turns, this::audit);
        PortChoice ports =
                new PortChoice(workers, rules, instances, settings.instances().portBase());
        changes = new InstanceChanges(
                instances,
                dependencies,
                definitions,
                rules,
                ports,
                launcher,
                workers,
                time,
                decisions,
                turns,
                this::audit,
                views::found);
        checks = new HealthChecks(vertx, this::checked);
        readiness = new ReadinessChecks(bus, node, scheduler, instances, checks, this::ready);
        stored.forEach(instances::know);
        fleet = new FleetInstances(
                bus, ownership, time, decided, repository, instances, event -> stream.publish(event));
        stream = StreamPublisher.open(
                vertx, time, node, settings.streams(), "instances", new InstanceStream(instances, fleet::others));
        Janitor janitor = new Janitor(database, scheduler, ownership);
        scheduler.every(
                PRUNE_PERIOD,
                () -> janitor.sweep(
                        "events of instances",
                        InstanceHistory.PRUNE_BATCH,
                        () -> c -> InstanceHistory.prune(c, ledger.instant())));
        scheduler.every(settings.instances().healthInterval(), () -> checks.check(instances.all()));
        return new Recovery(processes, workers)
                .find(stored, spawnPrefix)
                .compose(found -> {
                    found.unowned().forEach(spawn -> programs.sweep("", spawn));
                    List<Future<?>> taken = new ArrayList<>();
                    for (String name : dependencies.inOrder(
                            stored.stream().map(Instance::name).toList())) {
                        Instance instance = instances.get(name);
                        taken.add(recover(instance, found.running(instance)));
                    }
                    return Future.all(taken);
                })
                .onSuccess(taken -> new Strays(
                                processes,
                                spawnPrefix,
                                instances,
                                workers,
                                scheduler,
                                spawn -> programs.sweep("", spawn))
                        .watch());
    }

    private Future<?> recover(Instance instance, Optional<ProcessIdentity> running) {
        running.ifPresent(process -> programs.adopt(
                instance.settings(), instance.spawn().orElseThrow().id(), process));
        return turns.next(() -> supervisor
                .recovered(instance.name(), running)
                .map(decisions::storedFirst)
                .orElse(Future.succeededFuture()));
    }

    private Future<?> listen() {
        clock = new Ticker(
                scheduler, SCHEDULE_LOOK, schedules::any, () -> schedules.due().forEach(this::serve));
        consumers.add(bus.answerAt(node, InstanceCommands.Listening.class, listening -> {
            programs.listening(listening.url());
            return Future.succeededFuture(new InstanceCommands.Noted());
        }));
        UsageSamples usage = new UsageSamples(instances, processes, logs, workers, time, metrics);
        usage.start(scheduler);
        consumers.addAll(
                new InstanceAnswers(bus, ownership, fleet, views, clock::wake).open(changes, acts, history, usage));
        InstanceKin kin = new InstanceKin(processes, spawnPrefix, workers);
        consumers.add(bus.answerAt(
                node, InstanceCommands.FindInstances.class, asked -> kin.find(asked.pids(), instances.all())));
        consumers.add(bus.answerAt(PLACE, HealthCommands.Check.class, check -> Future.succeededFuture(views.health())));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .compose(ready -> fleet.join(scheduler))
                .onSuccess(consumers::addAll);
    }

    @Override
    public Future<?> stop() {
        boolean leave = settings.instances().onShutdown() == Settings.OnShutdown.LEAVE;
        if (clock != null) {
            clock.cancel();
            fleet.close();
        }
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> leave ? leave() : stopAll())
                .eventually(() -> stream.close())
                .eventually(() -> checks.close())
                .eventually(pipes::close)
                .eventually(() -> workers.close());
    }

    /** From here on nothing that is seen counts: the next gateway finds what there is. */
    private Future<Void> leave() {
        return turns.next(() -> {
            left = true;
            return Future.succeededFuture();
        });
    }

    private Future<Void> stopAll() {
        Duration most = settings.instances().stopGrace().plus(STOP_MARGIN);
        scheduler.after(most, allStopped::tryComplete);
        return turns.next(() -> {
                    stopping = true;
                    List<Future<?>> begun = new ArrayList<>();
                    supervisor.shutDown().forEach(decision -> begun.add(decisions.atOnce(decision)));
                    return Future.join(begun).otherwiseEmpty().mapEmpty();
                })
                .compose(ignored -> {
                    tellWhenAllStopped();
                    return allStopped.future();
                })
                .onComplete(done -> left = true);
    }

    private void tellWhenAllStopped() {
        if (stopping && instances.all().stream().allMatch(Instance::isDown)) {
            allStopped.tryComplete();
        }
    }

    @Override
    public void launched(String name, String spawnId, ProcessIdentity process) {
        saw(() -> supervisor.launched(name, spawnId, process));
    }

    @Override
    public void launchFailed(String name, String spawnId, String reason) {
        saw(() -> supervisor.launchFailed(name, spawnId, reason));
    }

    @Override
    public void exited(String name, String spawnId, Optional<Integer> code, List<String> lastLines) {
        saw(() -> supervisor.exited(name, spawnId, code, lastLines));
    }

    @Override
    public void ended(String name, String spawnId) {
        saw(() -> supervisor.ended(name, spawnId));
    }

    private void checked(String name, String spawnId, Optional<String> failure) {
        saw(() -> supervisor.checked(name, spawnId, failure));
    }

    private void ready(String name, String spawnId) {
        saw(() -> supervisor.ready(name, spawnId));
    }

    /** Where that cannot be stored it does not happen, and is tried again. */
    private void serve(String name) {
        turns.next(() -> left
                        ? Future.succeededFuture()
                        : schedules.serve(name).map(decisions::storedFirst).orElse(Future.succeededFuture()))
                .onFailure(ignored -> {});
    }

    private void saw(Supplier<Optional<Decision>> decide) {
        turns.next(() -> left
                        ? Future.succeededFuture()
                        : decide.get().map(decisions::atOnce).orElse(Future.succeededFuture()))
                .onFailure(failure -> log.error("What was seen of an instance was not understood", failure));
    }

    private Decisions.Consequences consequences() {
        return new Decisions.Consequences() {
            @Override
            public void tell(InstanceEvent event) {
                // The stream hears in the turn of the change, so that no snapshot is ahead of it.
                stream.publish(event);
            }

            @Override
            public void follow(List<Effect> effects) {
                // Everybody else one turn later, so that who asked has the answer first.
                context.runOnContext(ignored -> effects.forEach(InstanceSupervisorVerticle.this::follow));
                if (instances.all().stream().anyMatch(Instance::isHeld)) {
                    saw(starts::released);
                }
                tellWhenAllStopped();
            }
        };
    }

    private void follow(Effect effect) {
        if (effect instanceof Effect.Publish publish) {
            bus.publish(InstanceEvent.class, publish.event());
        } else if (effect instanceof Effect.Wake wake) {
            scheduler.after(wake.delay(), () -> saw(() -> starts.woken(wake.name(), wake.number())));
        } else if (effect instanceof Effect.Need need) {
            saw(() -> starts.needed(need.name(), need.by()));
        } else if (effect instanceof Effect.AwaitReady awaited) {
            readiness.await(awaited.name(), awaited.spawnId());
        } else {
            programs.perform(effect);
        }
    }

    private void audit(String action, String name, String actor, String address, String outcome, String detail) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(time.instant(), actor, action, name, address, outcome, detail));
    }
}
