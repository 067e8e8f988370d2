package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatEvent;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps what outlives one request over MCP: calls that wait for a person, and what came of them. A call is made when it
 * is stored that it is, and never a second time.
 */
public final class McpVerticle extends VerticleBase {
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration PROGRESS = Duration.ofSeconds(10);
    private static final Duration PRUNE_PERIOD = Duration.ofHours(1);

    /** How long what came of a call is told. */
    static final Duration RETENTION = Duration.ofDays(7);

    /** Of what came of a call, in characters of JSON. */
    private static final int MOST_RESULT = 1_000_000;

    /** Calls of one key that wait at a time. */
    private static final int MOST_OF_ONE = 100;

    private final Database database;
    private final TimeSource time;
    private final String node;
    private final Map<String, McpCommands.Parked> open = new HashMap<>();
    private final Map<String, McpCommands.Parked> notStored = new HashMap<>();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private final Elicitors elicitors = new Elicitors();
    private Bus bus;
    private ToolRunner tools;
    private Waiters waiters;
    private ChatTurns turns;
    private EventLogs logs;
    private Scheduler scheduler;

    public McpVerticle(Database database, TimeSource time, String node) {
        this.database = database;
        this.time = time;
        this.node = node;
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        scheduler = new VertxScheduler(vertx);
        tools = new ToolRunner(FaceTools.of(bus, time, node), bus, time);
        waiters = new Waiters(scheduler);
        turns = new ChatTurns(bus, node, waiters);
        logs = new EventLogs(time, waiters);
        String place = McpCommands.place(node);
        consumers.add(bus.answerAt(place, McpCommands.Park.class, this::park));
        consumers.add(bus.answerAt(place, McpCommands.Look.class, this::look));
        consumers.add(bus.answerAt(place, McpCommands.TakeBack.class, this::takeBack));
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
        consumers.add(bus.subscribe(ApprovalEvent.class, this::heard));
        consumers.add(bus.subscribe(ChatEvent.class, turns::heard));
        timers.add(scheduler.every(TICK, this::catchUp));
        timers.add(scheduler.every(
                PRUNE_PERIOD,
                () -> database.write(c -> ParkedRows.prune(c, time.instant().minus(RETENTION)))));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .compose(listening -> database.write(c -> {
                    ParkedRows.interrupt(c, node, time.instant());
                    return ParkedRows.waiting(c, node);
                }))
                .onSuccess(waiting -> waiting.forEach(call -> {
                    open.put(call.id(), call);
                    ask(call).onFailure(this::later);
                }));
    }

    @Override
    public Future<?> stop() {
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
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

    private Future<McpCommands.Parked> park(McpCommands.Park park) {
        if (open.values().stream()
                        .filter(call -> call.holder().equals(park.holder()))
                        .count()
                >= MOST_OF_ONE) {
            throw new FairleadException(
                    ErrorCode.BUSY,
                    MOST_OF_ONE + " calls of yours wait for a person already; wait until some are answered");
        }
        McpCommands.Parked call = new McpCommands.Parked(
                UUID.randomUUID().toString(),
                park.holder(),
                park.actor(),
                park.address(),
                park.tool(),
                park.args(),
                McpCommands.State.WAITING,
                now(),
                now(),
                Optional.empty(),
                Optional.empty());
        open.put(call.id(), call);
        return database.write(c -> ParkedRows.add(c, call, node))
                .compose(kept -> ask(call))
                .onFailure(cause -> end(call, McpCommands.State.EXPIRED, Optional.empty()));
    }

    /** Asks a person, or hears what they said: the same id is the same question, and is told as it stands. */
    private Future<McpCommands.Parked> ask(McpCommands.Parked call) {
        return bus.request(new ApprovalCommands.Ask(
                        call.id(),
                        Approval.Kind.MCP,
                        call.tool() + " for " + call.actor(),
                        FrameCodec.text(call.args()),
                        Optional.empty(),
                        Optional.empty()))
                .map(found -> {
                    McpCommands.Parked asked = call.until(found.approval().expiresAt());
                    open.computeIfPresent(
                            call.id(), (id, before) -> before.state().open() ? asked : before);
                    settle(call.id(), found.approval().status());
                    return asked;
                });
    }

    private void heard(ApprovalEvent event) {
        if (event instanceof ApprovalEvent.Answered answered && answered.kind() == Approval.Kind.MCP) {
            settle(answered.id(), answered.status());
        }
    }

    private void settle(String id, Approval.Status status) {
        McpCommands.Parked call = open.get(id);
        if (call == null || call.state() != McpCommands.State.WAITING) {
            return;
        }
        switch (status) {
            case WAITING -> {}
            case APPROVED -> run(call);
            case DENIED -> end(call, McpCommands.State.DENIED, Optional.empty());
            case EXPIRED -> end(call, McpCommands.State.EXPIRED, Optional.empty());
        }
    }

    private void run(McpCommands.Parked call) {
        open.put(call.id(), call.in(McpCommands.State.RUNNING, now(), Optional.empty()));
        database.write(c -> ParkedRows.begin(c, call.id(), time.instant()))
                .onFailure(cause -> open.put(call.id(), call)) // it waits on, and is looked at again
                .onSuccess(begun -> {
                    if (begun) {
                        tools.run(call.actor(), call.address(), call.id(), call.tool(), call.args())
                                .onSuccess(result -> end(
                                        call,
                                        result.path("isError").asBoolean()
                                                ? McpCommands.State.FAILED
                                                : McpCommands.State.DONE,
                                        Optional.of(keepable(result))));
                    } else {
                        open.remove(call.id());
                    }
                });
    }

    private static ObjectNode keepable(ObjectNode result) {
        return FrameCodec.text(result).length() <= MOST_RESULT
                ? result
                : ToolResult.of(
                        "It was done; its result is too large to be kept.",
                        FrameCodec.object().put("status", "done"));
    }

    private void end(McpCommands.Parked call, McpCommands.State state, Optional<ObjectNode> result) {
        McpCommands.Parked ended = call.in(state, now(), result);
        open.put(call.id(), ended);
        notStored.put(call.id(), ended);
        store(ended);
        waiters.ended(call.id());
    }

    private void store(McpCommands.Parked ended) {
        database.write(c -> ParkedRows.end(c, ended)).onSuccess(kept -> {
            notStored.remove(ended.id());
            open.remove(ended.id());
        });
    }

    /** What the database or the inbox could not take a moment ago. */
    private void catchUp() {
        logs.prune();
        List.copyOf(notStored.values()).forEach(this::store);
        List.copyOf(open.values()).stream()
                .filter(call -> call.state() == McpCommands.State.WAITING)
                .filter(call -> call.expiresAt()
                        .filter(expiry -> expiry.isAfter(time.instant()))
                        .isEmpty())
                .forEach(call -> ask(call).onFailure(this::later));
    }

    /** The next tick asks again; whoever could not answer has told the log. */
    private void later(Throwable cause) {}

    /** As it is kept and told. */
    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Future<McpCommands.Parked> takeBack(McpCommands.TakeBack back) {
        return find(new McpCommands.Look(back.id(), back.holder(), Duration.ZERO))
                .compose(call -> call.state() != McpCommands.State.WAITING
                        ? Future.succeededFuture(call)
                        : bus.request(new ApprovalCommands.Withdraw(call.id())).map(withdrawn -> {
                            settle(call.id(), withdrawn.approval().status());
                            return open.getOrDefault(call.id(), call);
                        }));
    }

    private Future<McpCommands.Parked> look(McpCommands.Look look) {
        return find(look)
                .compose(call -> call.state().open() && !look.patience().isZero()
                        ? waiters.await(look.id(), look.patience()).compose(ended -> find(look))
                        : Future.succeededFuture(call));
    }

    private Future<McpCommands.Parked> find(McpCommands.Look look) {
        Future<Optional<McpCommands.Parked>> found = Optional.ofNullable(open.get(look.id()))
                .map(known -> Future.succeededFuture(Optional.of(known)))
                .orElseGet(() -> database.write(c -> ParkedRows.find(c, look.id())));
        return found.map(call -> call.filter(known ->
                        known.holder().equals(look.holder()) || look.holder().equals(McpCaller.OPERATOR))
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.NOT_FOUND, "No call of yours waits or waited as " + Names.shown(look.id()))));
    }
}
