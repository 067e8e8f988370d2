package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.cluster.Ownership;
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
import dev.fairlead.protocol.FairleadException;
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

/** Wires the message bus: answers its requests, hears of agents and the token, keeps time, tells what is committed. */
public final class MessageBusVerticle extends VerticleBase {
    private static final String PLACE = "messages";
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration METRICS_PERIOD = Duration.ofSeconds(5);
    private static final Duration PRUNE_PERIOD = Duration.ofMinutes(1);

    private final Database database;
    private final Ownership ownership;
    private final Settings settings;
    private final TimeSource time;
    private final MessageMetrics metrics;
    private final String node;
    private final Traces traces;
    private final MessageBus messages;
    private final RecentMessages recent = new RecentMessages();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private Ticker ticker; // null until it has started
    private Bus bus;
    private MessageStore store;
    private Commits commits;
    private Settlements settlements;
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
        this.messages =
                new MessageBus(time, MessageRules.of(settings), new SplittableRandom(new SecureRandom().nextLong()));
        this.metrics = new MessageMetrics(metrics, messages::open);
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        Ledger ledger = Ledger.of(database, scheduler, ownership);
        store = new MessageStore(
                database,
                ledger,
                time,
                Math.toIntExact(settings.messages().dedupeMemory().bytes() / KeyMemory.BYTES_EACH));
        commits = new Commits(messages, store, scheduler, context, this::release);
        consumers.add(bus.subscribe(AgentEvent.class, this::hear));
        consumers.add(bus.subscribe(TokenEvent.class, this::hear));
        MessageQueries queries = store.queries();
        return new EarlierMessages(ledger)
                .takeOver()
                .compose(done -> bus.request(new AgentCommands.ListAgents()))
                .onSuccess(known -> known.agents().forEach(agent -> messages.know(agent.name())))
                .compose(known -> commits.begin(() -> openStream(queries)))
                .compose(begun -> {
                    settlements = new Settlements(messages, commits, queries);
                    ticker = new Ticker(scheduler, TICK, () -> messages.open() > 0 || messages.hasWork(), this::tick);
                    timers.add(ticker::cancel);
                    timers.add(scheduler.every(PRUNE_PERIOD, new Retention(ledger, ownership, time)::prune));
                    timers.add(scheduler.every(PRUNE_PERIOD, store::moveAged));
                    timers.add(scheduler.every(METRICS_PERIOD, this::tellLatencies));
                    return listen(new Interventions(messages, commits, store), queries);
                });
    }

    /** News is told to it from the first commit on. */
    private Future<Void> openStream(MessageQueries queries) {
        return queries.recent(RecentMessages.KEPT).map(events -> {
            events.forEach(recent::add);
            stream = StreamPublisher.open(vertx, time, node, settings.streams(), PLACE, recent);
            return null;
        });
    }

    private Future<?> listen(Interventions interventions, MessageQueries queries) {
        consumers.add(bus.answer(MessageCommands.Send.class, this::send));
        consumers.add(bus.answer(MessageCommands.Settle.class, this::settle));
        consumers.add(bus.answer(
                MessageCommands.Intervene.class,
                command -> interventions.intervene(command).onSuccess(done -> audit(command))));
        consumers.add(bus.answer(MessageCommands.Get.class, interventions::get));
        consumers.add(bus.answer(MessageCommands.Page.class, queries::page));
        consumers.add(bus.answer(
                MessageCommands.GetAckLatency.class,
                asked -> Future.succeededFuture(
                        new MessageCommands.AckLatencyFound(messages.ackLatency(asked.agent())))));
        consumers.add(bus.answerAt(PLACE, HealthCommands.Check.class, this::health));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> commits.stop())
                .eventually(() -> stream.close());
    }

    private Future<MessageCommands.Sent> send(MessageCommands.Send command) {
        commits.requireReady();
        ticker.wake();
        return command.traceparent().isEmpty() ? commits.after(messages.send(command)) : traced(command);
    }

    /** In the course of a trace: its recipient goes on in it. */
    private Future<MessageCommands.Sent> traced(MessageCommands.Send command) {
        Span span = traces.within("send " + Names.shown(command.to()), Traces.Role.PRODUCER, command.traceparent())
                .set("messaging.system", "fairlead")
                .set("messaging.operation.type", "send")
                .set("messaging.destination.name", Names.shown(command.to()));
        return Future.succeededFuture(command.within(span.traceparent()))
                .compose(within -> commits.after(messages.send(within)))
                .onSuccess(sent ->
                        span.set("messaging.message.id", sent.messageId()).end())
                .onFailure(failure -> span.fail(Bus.refusal(failure).code().wire()));
    }

    private Future<MessageCommands.Settled> settle(MessageCommands.Settle command) {
        commits.requireReady();
        MessageEvent.Kind status;
        try {
            status = messages.settle(command);
        } catch (FairleadException stale) {
            return settlements.again(command, stale);
        }
        MessageCommands.Settled answer = new MessageCommands.Settled(command.messageId(), status);
        return command.action() == MessageCommands.LeaseAction.EXTEND
                ? Future.succeededFuture(answer) // nothing to keep: no lease outlives the process
                : commits.after(() -> answer);
    }

    private Future<HealthCommands.Result> health(HealthCommands.Check check) {
        return Future.succeededFuture(
                commits.isReady()
                        ? new HealthCommands.Result(true, messages.open() + " under way")
                        : new HealthCommands.Result(false, "the database does not answer"));
    }

    private void hear(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            messages.connected(
                    connected.name(),
                    new Batch.Session(
                            connected.connection().edge(),
                            connected.connection().id(),
                            connected.epoch()));
        } else if (event instanceof AgentEvent.StatusChanged changed && changed.status() == AgentStatus.OFFLINE) {
            messages.disconnected(changed.name(), changed.epoch());
        } else if (event instanceof AgentEvent.Removed removed) {
            messages.removed(removed.name());
        }
        commits.changed();
    }

    private void hear(TokenEvent event) {
        if (event instanceof TokenEvent.StateChanged changed) {
            messages.token(changed.state());
            commits.changed();
        }
    }

    /** Making the meters of many agents takes a while. */
    private void tellLatencies() {
        Map<String, MessageCommands.AckLatency> latencies = messages.ackLatencies(MessageMetrics.MOST_AGENTS);
        if (!latencies.isEmpty() || metrics.namesAgents()) {
            Future<?> unused = vertx.executeBlocking(() -> {
                metrics.tell(latencies);
                return null;
            });
        }
    }

    private void tick() {
        messages.tick();
        if (messages.hasWork()) {
            commits.changed();
        }
    }

    /** After a commit: the news in the turn it is made, then what goes to agents, one bus message for each edge. */
    private void release(Batch.Released out) {
        if (ticker != null && messages.open() > 0) {
            ticker.wake(); // whatever put the first one there
        }
        for (MessageEvent event : out.events()) {
            recent.add(event);
            stream.publish(event);
            metrics.happened(event.event());
        }
        if (!out.events().isEmpty()) {
            bus.publish(MessageNews.class, new MessageNews.Happened(out.events()));
        }
        Map<String, List<ConnectionCommand.Envelope>> byEdge = new LinkedHashMap<>();
        for (Batch.Lease lease : out.leases()) {
            byEdge.computeIfAbsent(lease.session().edge(), edge -> new ArrayList<>())
                    .add(DeliverFrame.of(lease));
        }
        byEdge.forEach((edge, envelopes) ->
                bus.publishAt(edge, ConnectionCommand.class, new ConnectionCommand.Deliver(envelopes)));
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
