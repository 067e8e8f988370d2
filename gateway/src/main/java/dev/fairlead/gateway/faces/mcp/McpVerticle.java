package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatEvent;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.gateway.keys.KeyEvent;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.messages.MessageNews;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what outlives one request over MCP: calls that wait for a person, and answers that come in events. */
public final class McpVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(McpVerticle.class);

    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration PROGRESS = Duration.ofSeconds(10);
    private static final Duration PRUNE_PERIOD = Duration.ofHours(1);

    private final Database database;
    private final TimeSource time;
    private final Ownership ownership;
    private final String node;
    private final Traces traces;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private final Elicitors elicitors = new Elicitors();
    private Bus bus;
    private ParkedCalls calls;
    private Waiters waiters;
    private ChatTurns turns;
    private EventLogs logs;
    private Subscriptions subscriptions;
    private LogWatches watches;
    private Scheduler scheduler;
    private Janitor janitor;

    public McpVerticle(Database database, Ownership ownership, TimeSource time, Traces traces) {
        this.traces = traces;
        this.database = database;
        this.time = time;
        this.ownership = ownership;
        this.node = ownership.node();
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        scheduler = new VertxScheduler(vertx);
        waiters = new Waiters(scheduler);
        calls = new ParkedCalls(
                bus,
                Ledger.of(database, scheduler),
                time,
                node,
                new ToolRunner(FaceTools.of(bus, time, node), bus, time, traces),
                waiters);
        turns = new ChatTurns(bus, node, waiters);
        logs = new EventLogs(time, waiters);
        subscriptions = new Subscriptions(time, scheduler, waiters);
        watches = new LogWatches(
                bus, node, this::watchedLogs, name -> subscriptions.changed(McpResources.addressOfLog(name)));
        String place = McpCommands.place(node);
        consumers.add(bus.answerAt(place, McpCommands.Park.class, calls::park));
        consumers.add(bus.answerAt(place, McpCommands.Look.class, calls::look));
        consumers.add(bus.answerAt(place, McpCommands.TakeBack.class, calls::takeBack));
        consumers.add(bus.answerAt(place, McpCommands.LookAtTurn.class, turns::look));
        consumers.add(bus.answerAt(place, McpCommands.PutOff.class, put -> {
            waiters.ended(put.id());
            return noted();
        }));
        consumers.add(bus.answerAt(place, McpCommands.OpenStream.class, this::openStream));
        consumers.add(bus.answerAt(place, McpCommands.ReadEvents.class, logs::read));
        consumers.add(bus.answerAt(place, McpCommands.Append.class, append -> {
            logs.append(append.id(), append.event(), append.last());
            return noted();
        }));
        consumers.add(bus.answerAt(place, McpCommands.Introduced.class, said -> {
            elicitors.heard(said.holder(), said.agent(), said.asks());
            return noted();
        }));
        consumers.add(bus.answerAt(
                place,
                McpCommands.AsksPerson.class,
                asked -> Future.succeededFuture(new McpCommands.Known(elicitors.asks(asked.holder(), asked.agent())))));
        consumers.add(bus.answerAt(place, McpCommands.Listen.class, this::listen));
        consumers.add(bus.answerAt(place, McpCommands.ReadChanges.class, read -> subscriptions.read(read)));
        consumers.add(bus.answerAt(
                place, McpGoOn.Drain.class, drain -> subscriptions.end().map(told -> new McpGoOn.GoesOn())));
        consumers.add(bus.answerAt(place, McpGoOn.class, go -> {
            calls.goOn();
            timers.add(scheduler.every(TICK, this::catchUp));
            return Future.succeededFuture(new McpGoOn.GoesOn());
        }));
        consumers.add(bus.subscribe(ApprovalEvent.class, calls::heard));
        consumers.add(bus.subscribe(ChatEvent.class, this::heard));
        consumers.add(bus.subscribe(InstanceEvent.class, this::heard));
        consumers.add(bus.subscribe(MessageNews.class, this::heard));
        consumers.add(bus.subscribe(KeyEvent.class, this::heard));
        janitor = new Janitor(database, scheduler, ownership);
        timers.add(scheduler.every(
                PRUNE_PERIOD,
                () -> janitor.sweep(
                        "calls over MCP",
                        ParkedRows.PRUNE_BATCH,
                        () -> c -> ParkedRows.prune(c, time.instant().minus(ParkedCalls.RETENTION)))));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .compose(listening -> calls.load());
    }

    @Override
    public Future<?> stop() {
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    private Future<McpCommands.Opened> listen(McpCommands.Listen wanted) {
        McpCommands.Opened opened = subscriptions.open(wanted);
        watches.look();
        return Future.succeededFuture(opened);
    }

    private Set<String> watchedLogs() {
        return subscriptions.addresses().stream()
                .flatMap(address -> McpResources.logAt(address).stream())
                .collect(Collectors.toSet());
    }

    private void heard(ChatEvent event) {
        turns.heard(event);
        if (event instanceof ChatEvent.TurnStarted started) {
            subscriptions.listChanged(); // it may be the first of its session, and the latest come first
            subscriptions.changed(McpResources.addressOfTranscript(started.sessionId()));
        } else if (event instanceof ChatEvent.TurnEnded ended) {
            subscriptions.changed(McpResources.addressOfTranscript(ended.sessionId()));
        }
    }

    private void heard(InstanceEvent event) {
        if (!(event instanceof InstanceEvent.StatusChanged || event instanceof InstanceEvent.Changed)) {
            subscriptions.listChanged();
            watches.look();
        }
    }

    private void heard(MessageNews news) {
        if (news instanceof MessageNews.Happened happened && subscriptions.any()) {
            happened.events().forEach(event -> event.correlationId()
                    .ifPresent(matter -> subscriptions.changed(McpResources.addressOfChain(matter))));
        }
    }

    private void heard(KeyEvent event) {
        if (event instanceof KeyEvent.Revoked revoked) {
            subscriptions.forgetHolder(revoked.id());
        }
    }

    private void catchUp() {
        logs.prune();
        subscriptions.prune();
        watches.look();
        calls.goOn();
        if (!ownership.isAlone() && janitor.isHere()) {
            calls.adopt().onFailure(cause -> log.debug("Calls of nodes that are gone wait: {}", cause.getMessage()));
        }
    }

    private static Future<McpCommands.Noted> noted() {
        return Future.succeededFuture(new McpCommands.Noted());
    }

    private Future<McpCommands.Opened> openStream(McpCommands.OpenStream wanted) {
        String id = logs.open(wanted.holder());
        wanted.progressToken().ifPresent(token -> progress(id, token, 0));
        return Future.succeededFuture(new McpCommands.Opened(id));
    }

    /** Tells at once, and then again and again, that it still takes time: clients give up on what says nothing. */
    private void progress(String id, JsonNode token, int count) {
        if (logs.isOpen(id)) {
            ObjectNode told =
                    FrameCodec.object().put("jsonrpc", RpcMessage.VERSION).put("method", "notifications/progress");
            ObjectNode params = told.putObject("params").put("progress", count);
            params.set("progressToken", token);
            logs.append(id, FrameCodec.text(told), false);
            scheduler.after(PROGRESS, () -> progress(id, token, count + 1));
        }
    }
}
