package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.tokens.TokenEvent;
import dev.fairlead.gateway.traces.Span;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.Names;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Wires the message bus: answers its requests, hears of agents and the token, keeps time, tells what is committed. */
public final class MessageBusVerticle extends VerticleBase {
    private static final String PLACE = "messages";
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration METRICS_PERIOD = Duration.ofSeconds(5);
    private static final Duration SESSIONS_PERIOD = Duration.ofSeconds(1);
    private static final Duration PRUNE_PERIOD = Duration.ofMinutes(1);

    private final Database database;
    private final Ownership ownership;
    private final Settings settings;
    private final TimeSource time;
    private final MessageMetrics metrics;
    private final String node;
    private final Traces traces;
    private final RandomGenerator random = new SplittableRandom(new SecureRandom().nextLong());
    private final RecentMessages recent = new RecentMessages();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private Ticker ticker; // null until it has started
    private Bus bus;
    private MessageShards shards; // null until it has started, as is what follows
    private Supplier<Future<MessageQueries>> queries;
    private StreamPublisher<MessageEvent> stream;

    /** @param ownership says for which recipients this node keeps the messages */
    public MessageBusVerticle(
            Database database,
            Ownership ownership,
            Settings settings,
            TimeSource time,
            MeterRegistry metrics,
            Traces traces) {
        this.traces = traces;
        this.database = database;
        this.ownership = ownership;
        this.settings = settings;
        this.time = time;
        this.node = ownership.node();
        this.metrics = new MessageMetrics(metrics, this::open);
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        ShardMaker maker =
                new ShardMaker(database, ownership, settings, time, scheduler, context, random, this::release);
        Future<Void> begun = ownership.isAlone() ? alone(maker, scheduler) : amongOthers(maker, scheduler);
        return begun.compose(ready -> {
            ticker = new Ticker(scheduler, TICK, this::isBusy, this::tick);
            timers.add(ticker::cancel);
            Janitor janitor = new Janitor(database, scheduler, ownership);
            timers.add(scheduler.every(PRUNE_PERIOD, new Retention(janitor, time)::prune));
            timers.add(scheduler.every(PRUNE_PERIOD, () -> shards.all()
                    .forEach(shard -> shard.store().moveAged())));
            timers.add(scheduler.every(METRICS_PERIOD, this::tellLatencies));
            return listen();
        });
    }

    private Future<Void> alone(ShardMaker maker, Scheduler scheduler) {
        MessageShard all = maker.all();
        shards = new AllShards(all);
        MessageQueries found = all.store().queries();
        queries = () -> Future.succeededFuture(found);
        hearAgents();
        Ledger ledger = Ledger.of(database, scheduler);
        return new EarlierMessages(ledger)
                .takeOver()
                .compose(done -> new JournalSplit(ledger).keptAlone())
                .compose(done -> know())
                .compose(known -> all.commits().begin(this::openStream));
    }

    /** What is in the database is made ready before this node takes anything up. */
    private Future<Void> amongOthers(ShardMaker maker, Scheduler scheduler) {
        OwnedShards owned = new OwnedShards(ownership, maker::of);
        shards = owned;
        queries = new FleetMessages(database, owned, time)::queries;
        hearAgents();
        Ledger ledger = Ledger.of(database, scheduler);
        return new EarlierMessages(ledger)
                .takeOver()
                .compose(done -> new JournalSplit(ledger).run(time.instant().minus(IdempotencyKey.LIFE)))
                .compose(done -> know())
                .compose(known -> openStream())
                .onSuccess(open -> {
                    consumers.add(bus.subscribe(MessageNews.class, this::show));
                    FleetSessions sessions = new FleetSessions(bus, ownership, owned);
                    consumers.addAll(sessions.listen());
                    sessions.look();
                    timers.add(scheduler.every(SESSIONS_PERIOD, sessions::look));
                    owned.begin(context);
                });
    }

    private void hearAgents() {
        consumers.add(bus.subscribe(AgentEvent.class, this::hear));
        consumers.add(bus.subscribe(TokenEvent.class, this::hear));
    }

    private Future<Void> know() {
        return bus.request(new AgentCommands.ListAgents())
                .onSuccess(known -> known.agents().forEach(agent -> shards.know(agent.name())))
                .mapEmpty();
    }

    /** News is told to it from the first commit on. */
    private Future<Void> openStream() {
        return queries.get().compose(found -> found.recent(RecentMessages.KEPT)).map(events -> {
            events.forEach(recent::add);
            stream = StreamPublisher.open(vertx, time, node, settings.streams(), PLACE, recent);
            return null;
        });
    }

    private Future<?> listen() {
        consumers.add(bus.answer(MessageCommands.Send.class, this::send));
        consumers.add(bus.answer(MessageCommands.Settle.class, this::settle));
        consumers.add(bus.answerPipelines(MessageCommands.class, this::pipelined));
        consumers.add(bus.answer(MessageCommands.Intervene.class, command -> shards.ofMessage(command.messageId())
                .intervene(command)
                .onSuccess(done -> audit(command))));
        consumers.add(bus.answer(MessageCommands.Get.class, command -> shards.ofMessage(command.messageId())
                .get(command)));
        consumers.add(
                bus.answer(MessageCommands.Page.class, page -> queries.get().compose(found -> found.page(page))));
        consumers.add(bus.answer(
                MessageCommands.GetAckLatency.class,
                asked -> Future.succeededFuture(new MessageCommands.AckLatencyFound(
                        shards.of(asked.agent()).messages().ackLatency(asked.agent())))));
        consumers.add(bus.answerAt(PLACE, HealthCommands.Check.class, this::health));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> shards.stop())
                .eventually(() -> stream.close());
    }

    /** What agents ask, by their edges. */
    private Future<? extends Record> pipelined(Request<?> request) {
        if (request instanceof MessageCommands.Send send) {
            return send(send);
        }
        if (request instanceof MessageCommands.Settle settle) {
            return settle(settle);
        }
        throw new IllegalArgumentException("Not asked through a pipeline: " + request);
    }

    private Future<MessageCommands.Settled> settle(MessageCommands.Settle command) {
        return shards.of(command.agent()).settle(command);
    }

    private Future<MessageCommands.Sent> send(MessageCommands.Send command) {
        MessageShard shard = shards.of(command.to());
        ticker.wake();
        return command.traceparent().isEmpty() ? shard.send(command) : traced(shard, command);
    }

    /** In the course of a trace: its recipient goes on in it. */
    private Future<MessageCommands.Sent> traced(MessageShard shard, MessageCommands.Send command) {
        Span span = traces.within("send " + Names.shown(command.to()), Traces.Role.PRODUCER, command.traceparent())
                .set("messaging.system", "fairlead")
                .set("messaging.operation.type", "send")
                .set("messaging.destination.name", Names.shown(command.to()));
        return Future.succeededFuture(command.within(span.traceparent()))
                .compose(shard::send)
                .onSuccess(sent ->
                        span.set("messaging.message.id", sent.messageId()).end())
                .onFailure(failure -> span.fail(Bus.refusal(failure).code().wire()));
    }

    private Future<HealthCommands.Result> health(HealthCommands.Check check) {
        boolean ready = shards.all().stream().allMatch(shard -> shard.commits().isReady());
        return Future.succeededFuture(
                ready
                        ? new HealthCommands.Result(true, open() + " under way")
                        : new HealthCommands.Result(false, "the database does not answer"));
    }

    /** Of all that this node keeps; from any thread. */
    private int open() {
        return shards == null
                ? 0
                : shards.all().stream()
                        .mapToInt(shard -> shard.messages().open())
                        .sum();
    }

    private void hear(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            shards.connected(
                    connected.name(),
                    new Batch.Session(
                            connected.connection().edge(),
                            connected.connection().id(),
                            connected.epoch()));
        } else if (event instanceof AgentEvent.StatusChanged changed && changed.status() == AgentStatus.OFFLINE) {
            shards.disconnected(changed.name(), changed.epoch());
        } else if (event instanceof AgentEvent.Removed removed) {
            shards.removed(removed.name());
        }
    }

    private void hear(TokenEvent event) {
        if (event instanceof TokenEvent.StateChanged changed) {
            shards.token(changed.state());
        }
    }

    /** Making the meters of many agents takes a while. */
    private void tellLatencies() {
        Map<String, MessageCommands.AckLatency> latencies = shards.ackLatencies(MessageMetrics.MOST_AGENTS);
        if (!latencies.isEmpty() || metrics.namesAgents()) {
            Future<?> unused = vertx.executeBlocking(() -> {
                metrics.tell(latencies);
                return null;
            });
        }
    }

    /** Whether the next tick may find something. */
    private boolean isBusy() {
        for (MessageShard shard : shards.all()) {
            if (shard.isBusy()) {
                return true;
            }
        }
        return false;
    }

    private void tick() {
        shards.all().forEach(MessageShard::tick);
    }

    /** After a commit: the news in the turn it is made, then what goes to agents, one bus message for each edge. */
    private void release(Batch.Released out) {
        if (ticker != null && isBusy()) {
            ticker.wake(); // whatever put the first one there
        }
        if (!out.events().isEmpty()) {
            MessageNews.Happened news = new MessageNews.Happened(out.events());
            if (ownership.isAlone()) {
                show(news);
            }
            out.events().forEach(event -> metrics.happened(event.event()));
            bus.publish(MessageNews.class, news);
        }
        Map<String, List<ConnectionCommand.Envelope>> byEdge = new LinkedHashMap<>();
        for (Batch.Lease lease : out.leases()) {
            byEdge.computeIfAbsent(lease.session().edge(), edge -> new ArrayList<>())
                    .add(DeliverFrame.of(lease));
        }
        byEdge.forEach((edge, envelopes) ->
                bus.publishAt(edge, ConnectionCommand.class, new ConnectionCommand.Deliver(envelopes)));
    }

    /** Whichever node it happened on. */
    private void show(MessageNews news) {
        if (news instanceof MessageNews.Happened happened) {
            for (MessageEvent event : happened.events()) {
                recent.add(event);
                stream.publish(event);
            }
        }
    }

    private void audit(MessageCommands.Intervene command) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        command.actor(),
                        command.action().audited(),
                        command.messageId(),
                        command.address(),
                        "ok",
                        ""));
    }
}
