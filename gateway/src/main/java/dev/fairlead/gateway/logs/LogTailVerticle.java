package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.streams.StreamCommands;
import dev.fairlead.gateway.streams.StreamEvent;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs of a node: their streams, pages and bytes, lines of remote agents, rotation. */
public final class LogTailVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(LogTailVerticle.class);

    private static final int WORKERS = 4;
    private static final Duration IDLE_CHECK = Duration.ofSeconds(10);

    private final DataFolder data;
    private final Settings settings;
    private final TimeSource time;
    private final Ownership ownership;
    private final String node;
    private final FileBlocks blocks = new FileBlocks();
    private final LogFloods floods;
    private final LogSizes sizes;
    private final Map<String, Future<LogWatch>> watches = new HashMap<>();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Scheduler scheduler;
    private Bus bus;
    private WorkerExecutor workers;
    private FileNotifier notifier;
    private Logs logs;
    private LogAppender appender;
    private LogSubscriptions subscriptions;
    private OtherLogs others;
    private Optional<String> rotationProblem = Optional.empty();
    private final Set<String> noteProblems = new HashSet<>();
    private final LogSearch search = new LogSearch();
    private Future<?> searching = Future.succeededFuture();
    private Ticker polls; // null until it has started
    private Ticker looks; // null until it has started
    private boolean looking;

    /**
     * For the node whose data folder this is.
     *
     * @param ownership says which other nodes there are
     */
    public LogTailVerticle(
            Ownership ownership, DataFolder data, Settings settings, TimeSource time, MeterRegistry metrics) {
        this.ownership = ownership;
        this.data = data;
        this.settings = settings;
        this.time = time;
        this.node = ownership.node();
        this.floods = new LogFloods(metrics);
        this.sizes = new LogSizes(
                data.root().resolve("logs"), settings.logs().rotateSize().bytes());
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        scheduler = new VertxScheduler(vertx);
        others = new OtherLogs(bus, ownership, scheduler, time);
        workers = vertx.createSharedWorkerExecutor("logs", WORKERS, 10, TimeUnit.MINUTES);
        notifier = FileNotifier.open();
        logs = new Logs(data, settings.logs(), blocks, time, workers);
        appender = new LogAppender(logs);
        subscriptions =
                new LogSubscriptions(logs, this::watch, settings.streams().maxViews());
        LogPages pages = new LogPages(logs);
        others.open();
        others.subscribe(this::subscribe);
        others.answer(LogCommands.ReadPage.class, LogCommands.ReadPage::name, asked -> require(asked.name())
                .compose(ok -> pages.before(asked)));
        others.answer(LogCommands.ReadOn.class, LogCommands.ReadOn::name, asked -> require(asked.name())
                .compose(ok -> pages.on(asked)));
        others.answer(LogCommands.SearchOn.class, LogCommands.SearchOn::name, this::search);
        others.answer(LogCommands.GetExtent.class, LogCommands.GetExtent::name, this::extent);
        others.answer(LogCommands.ReadBytes.class, LogCommands.ReadBytes::name, this::bytes);
        consumers.add(bus.answerAt(LogCommands.place(node), LogCommands.Append.class, append -> {
            grows(append.name());
            return appender.append(append);
        }));
        consumers.add(bus.answerAt(node, InstanceCommands.BeginLogFile.class, this::begin));
        consumers.add(bus.answerAt(node, InstanceCommands.FindInRun.class, pages::find));
        consumers.add(bus.answerAt("logs", HealthCommands.Check.class, this::health));
        consumers.add(bus.subscribeAt(node, StreamEvent.class, this::heard));
        consumers.add(bus.subscribe(AgentEvent.class, this::heard));
        consumers.add(bus.subscribe(InstanceEvent.class, this::heard));
        consumers.addAll(others.consumers());
        polls = new Ticker(scheduler, settings.logs().pollInterval(), () -> !watches.isEmpty(), () -> watches.values()
                .forEach(this::poll));
        looks = new Ticker(scheduler, LogSizes.LOOK, sizes::hasLogs, this::look);
        scheduler.every(IDLE_CHECK, logs::closeIdle);
        return workers.executeBlocking(sizes::all, false).onSuccess(logs::unseen);
    }

    @Override
    public Future<?> stop() {
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> {
                    watches.values().forEach(begun -> begun.onSuccess(LogWatch::stop));
                    return logs.closeAll();
                })
                .eventually(() -> vertx.executeBlocking(() -> {
                    notifier.close();
                    return null;
                }))
                .eventually(workers::close);
    }

    private Future<StreamCommands.Subscribed> subscribe(StreamCommands.Subscribe request) {
        String name = OtherLogs.name(request);
        Future<Void> known = watches.containsKey(name) ? Future.succeededFuture() : require(name);
        return known.compose(ignored -> subscriptions.subscribe(name, request, time.nanos()));
    }

    /** Refuses what is the name of neither an instance nor an agent. */
    private Future<Void> require(String name) {
        FairleadException unknown = new FairleadException(
                ErrorCode.INSTANCE_NOT_FOUND, "No instance or agent named '" + Names.shown(name) + "'");
        if (!Names.isValid(name)) {
            return Future.failedFuture(unknown);
        }
        return bus.request(new InstanceCommands.GetInstance(name))
                .<Void>mapEmpty()
                .recover(failure -> {
                    FairleadException why = Bus.refusal(failure);
                    if (why.code() == ErrorCode.SHUTTING_DOWN) {
                        return requireAgent(name, why); // instances begin last and end first: it may be one
                    }
                    return why.code() == ErrorCode.INSTANCE_NOT_FOUND
                            ? requireAgent(name, unknown)
                            : Future.failedFuture(failure);
                });
    }

    private Future<Void> requireAgent(String name, FairleadException unknown) {
        return bus.request(new AgentCommands.GetAgent(name))
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(
                        Bus.refusal(failure).code() == ErrorCode.AGENT_NOT_FOUND ? unknown : failure));
    }

    private Future<LogWatch> watch(String name) {
        Future<LogWatch> begun = watches.get(name);
        if (begun == null) {
            begun = begin(name);
            watches.put(name, begun);
            polls.wake();
            begun.onFailure(failed -> watches.remove(name));
        }
        return begun;
    }

    private Future<LogWatch> begin(String name) {
        record Begun(FileNotifier.Watch watch, long position) {}
        return logs.with(name, open -> {
                    FileNotifier.Watch watch = notifier.watch(
                            open.file().folder().path(), () -> context.runOnContext(ignored -> noticed(name)));
                    open.sync();
                    return new Begun(watch, open.reader().lastLineEnd());
                })
                .map(begun -> new LogWatch(
                        name,
                        new LogTail(begun.position, settings.logs().batchWindow()),
                        logs,
                        begun.watch,
                        time,
                        scheduler,
                        others::tell))
                .onSuccess(LogWatch::noticed);
    }

    private void noticed(String name) {
        Future<LogWatch> begun = watches.get(name);
        if (begun != null) {
            poll(begun);
        }
    }

    private void poll(Future<LogWatch> begun) {
        if (begun.succeeded()) {
            begun.result().noticed();
        }
    }

    private void heard(StreamEvent event) {
        if (event instanceof StreamEvent.ViewsInUse inUse) {
            others.inUse(inUse);
            List.copyOf(watches.entrySet()).forEach(one -> {
                if (one.getValue().succeeded()) {
                    LogWatch watch = one.getValue().result();
                    watch.tail().inUse(inUse.views(), time.nanos());
                    if (!watch.tail().isWatched()) {
                        watch.stop();
                        watches.remove(one.getKey());
                    }
                }
            });
        }
    }

    private void heard(AgentEvent event) {
        if (event instanceof AgentEvent.Removed removed) {
            require(removed.name()).onFailure(gone -> end(removed.name(), "deleted"));
        }
    }

    private void heard(InstanceEvent event) {
        if (!event.node().equals(Optional.of(node))) {
            return; // its log is there
        }
        if (event instanceof InstanceEvent.Archived) {
            end(event.name(), "archived");
        } else if (event instanceof InstanceEvent.Deleted) {
            end(event.name(), "deleted");
        } else {
            grows(event.name());
        }
    }

    private void grows(String name) {
        sizes.watch(name);
        looks.wake();
    }

    /** Those who watch are told that nothing more will come. */
    private void end(String name, String reason) {
        Future<LogWatch> begun = watches.remove(name);
        Future<?> ended = begun == null ? Future.succeededFuture() : begun.compose(watch -> watch.end(reason));
        ended.onComplete(done -> {
            Future<Void> unused = logs.close(name);
        });
    }

    /** One step at a time, whoever searches: what a search may take of the machine is one core. */
    private Future<LogCommands.Found> search(LogCommands.SearchOn request) {
        LogFilter filter = LogFilter.of(request.filter(), "q");
        Future<LogCommands.Found> step = searching
                .transform(before -> require(request.name()))
                .compose(known -> logs.with(request.name(), log -> search.step(log, request, filter)));
        searching = step;
        return step;
    }

    private Future<LogCommands.Extent> extent(LogCommands.GetExtent request) {
        return require(request.name())
                .compose(ignored -> logs.with(request.name(), open -> {
                    open.sync();
                    return new LogCommands.Extent(
                            open.file().files().oldest(), open.file().end());
                }));
    }

    private Future<LogCommands.Bytes> bytes(LogCommands.ReadBytes request) {
        return logs.with(request.name(), open -> {
            LogReader.Raw raw = open.reader().raw(request.from(), request.to(), LogReader.BUFFER);
            return new LogCommands.Bytes(raw.bytes(), raw.next());
        });
    }

    private Future<HealthCommands.Result> health(HealthCommands.Check check) {
        return Future.succeededFuture(new HealthCommands.Result(
                true,
                floods.told(time.nanos())
                        .or(() -> rotationProblem)
                        .or(blocks::problem)
                        .orElse("")));
    }

    private Future<InstanceCommands.Noted> begin(InstanceCommands.BeginLogFile request) {
        return logs.with(request.name(), open -> {
                    open.rotation().rename();
                    return new InstanceCommands.Noted();
                })
                .recover(failure -> Future.failedFuture(
                        failure instanceof IOException
                                ? new FairleadException(
                                        ErrorCode.STORAGE_UNAVAILABLE, "It cannot be rotated: " + failure.getMessage())
                                : failure));
    }

    /** Notes of the logs that grew when that was, and rotates those that are due. */
    private void look() {
        if (!looking) {
            looking = true;
            workers.executeBlocking(sizes::look, false)
                    .onSuccess(look -> {
                        look.due().stream().filter(Names::isValid).forEach(this::rotate);
                        look.grown().stream().filter(Names::isValid).forEach(this::note);
                    })
                    .onComplete(done -> looking = false);
        }
    }

    private void note(String name) {
        logs.note(name).onSuccess(noted -> noteProblems.remove(name)).onFailure(failure -> {
            if (noteProblems.add(name)) {
                log.warn("Log '{}' cannot be looked at; its new lines have no time: {}", name, failure.toString());
            }
        });
    }

    private void rotate(String name) {
        logs.with(name, open -> {
                    open.sync();
                    return open.rotation().rotateIfDue();
                })
                .onSuccess(outcome -> {
                    rotationProblem = outcome.rotated() ? Optional.empty() : rotationProblem;
                    Future<LogWatch> watched = watches.get(name);
                    if (outcome.rotated() && watched != null && watched.succeeded()) {
                        watched.result().rotated();
                    }
                    if (outcome.dropped() > 0 && floods.dropped(name, outcome.dropped(), time.nanos())) {
                        log.warn(
                                "{}; its oldest bytes go. logs.rotate_size and logs.rotate_keep bound what is kept",
                                LogFloods.words(name));
                    }
                })
                .onFailure(failure -> {
                    if (rotationProblem.isEmpty()) {
                        log.warn(
                                "Log '{}' cannot be rotated; tried again while it grows: {}", name, failure.toString());
                    }
                    rotationProblem = Optional.of("log '" + name + "' cannot be rotated: " + failure.getMessage());
                });
    }
}
