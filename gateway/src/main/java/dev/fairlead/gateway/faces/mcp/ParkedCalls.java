package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.Recovery;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import dev.fairlead.protocol.TraceParent;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Calls that wait for a person, and what came of them. A call is made when it is stored that it is; one that was under
 * way when the gateway ended is looked up, and where nobody can tell a person decides. Used on one event loop.
 */
final class ParkedCalls {
    /** How long what came of a call is told. */
    static final Duration RETENTION = Duration.ofDays(7);

    /** Of what came of a call, in characters of JSON. */
    private static final int MOST_RESULT = 1_000_000;

    /** Calls of one key that wait at a time. */
    private static final int MOST_OF_ONE = 100;

    private static final String MAY_BE_DONE = "It may have been done before the gateway ended: ";

    private final Bus bus;
    private final Ledger ledger;
    private final TimeSource time;
    private final String node;
    private final ToolRunner tools;
    private final Waiters waiters;
    private final Map<String, McpCommands.Parked> open = new HashMap<>();
    private final Map<String, McpCommands.Parked> cutShort = new LinkedHashMap<>();

    ParkedCalls(Bus bus, Ledger ledger, TimeSource time, String node, ToolRunner tools, Waiters waiters) {
        this.bus = bus;
        this.ledger = ledger;
        this.time = time;
        this.node = node;
        this.tools = tools;
        this.waiters = waiters;
    }

    /** Reads what this node had open when it ended. */
    Future<?> load() {
        return ledger.commit(c -> {
                    List<McpCommands.Parked> known = new ArrayList<>();
                    for (McpCommands.State state : McpCommands.State.values()) {
                        if (state.open()) {
                            known.addAll(ParkedRows.in(c, state, node));
                        }
                    }
                    return known;
                })
                .onSuccess(this::takeUp);
    }

    /** Takes up what nodes had open that are not there any more; it goes on the next time. */
    Future<?> adopt() {
        return ledger.commit(c -> ParkedRows.adopt(c, node)).onSuccess(this::takeUp);
    }

    private void takeUp(List<McpCommands.Parked> calls) {
        calls.forEach(call -> {
            open.put(call.id(), call);
            if (call.state() == McpCommands.State.RUNNING) {
                cutShort.put(call.id(), call);
            }
        });
    }

    /** Goes on with it, now that all is there that tools may ask, and with what the inbox could not take before. */
    void goOn() {
        List.copyOf(cutShort.values()).forEach(this::recover);
        List.copyOf(open.values()).stream()
                .filter(call -> call.state().waits())
                .filter(call -> call.expiresAt()
                        .filter(expiry -> expiry.isAfter(time.instant()))
                        .isEmpty())
                .forEach(call -> ask(call, false).onFailure(this::later));
    }

    /** Keeps a call and asks a person. */
    Future<McpCommands.Parked> park(McpCommands.Park park) {
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
                Optional.empty(),
                TraceParent.of(park.traceparent()));
        open.put(call.id(), call);
        return ledger.commit(c -> ParkedRows.add(c, call, node))
                .compose(kept -> ask(call, false))
                .onFailure(cause -> end(call, McpCommands.State.EXPIRED, Optional.empty()));
    }

    void heard(ApprovalEvent event) {
        if (event instanceof ApprovalEvent.Answered answered && answered.kind() == Approval.Kind.MCP) {
            settle(answered.id(), answered.status());
        }
    }

    Future<McpCommands.Parked> takeBack(McpCommands.TakeBack back) {
        return find(new McpCommands.Look(back.id(), back.holder(), Duration.ZERO))
                .compose(call -> !call.state().waits()
                        ? Future.succeededFuture(call)
                        : bus.request(new ApprovalCommands.Withdraw(call.id())).map(withdrawn -> {
                            settle(call.id(), withdrawn.approval().status());
                            return open.getOrDefault(call.id(), call);
                        }));
    }

    Future<McpCommands.Parked> look(McpCommands.Look look) {
        return find(look)
                .compose(call -> call.state().open() && !look.patience().isZero()
                        ? waiters.await(look.id(), look.patience()).compose(ended -> find(look))
                        : Future.succeededFuture(call));
    }

    /**
     * Asks a person, or hears what they said: the same id is the same question, and is told as it stands.
     *
     * @param anew whether what they said before is void
     */
    private Future<McpCommands.Parked> ask(McpCommands.Parked call, boolean anew) {
        String args = FrameCodec.text(call.args());
        boolean doubted = anew || call.state() == McpCommands.State.DOUBTED;
        return bus.request(new ApprovalCommands.Ask(
                        call.id(),
                        Approval.Kind.MCP,
                        call.tool() + " for " + call.actor(),
                        doubted ? MAY_BE_DONE + args : args,
                        Optional.empty(),
                        Optional.empty(),
                        anew))
                .map(found -> {
                    McpCommands.Parked asked = call.until(found.approval().expiresAt());
                    open.computeIfPresent(
                            call.id(), (id, before) -> before.state().waits() ? asked : before);
                    settle(call.id(), found.approval().status());
                    return asked;
                });
    }

    private void settle(String id, Approval.Status status) {
        McpCommands.Parked call = open.get(id);
        if (call == null || !call.state().waits()) {
            return;
        }
        switch (status) {
            case WAITING -> {}
            case APPROVED -> run(call);
            case DENIED -> end(call, McpCommands.State.DENIED, undone(call, "a person decided against it"));
            case EXPIRED -> end(call, McpCommands.State.EXPIRED, undone(call, "nobody decided in time"));
        }
    }

    /** Of a call that may have been done nobody is told that it was not. */
    private static Optional<ObjectNode> undone(McpCommands.Parked call, String why) {
        return Optional.of(ToolResult.failed("The gateway stopped in the middle of it, and it may have been done."
                        + " Whether to make it again was asked: " + why + "."))
                .filter(result -> call.state() == McpCommands.State.DOUBTED);
    }

    private void run(McpCommands.Parked call) {
        open.put(call.id(), call.in(McpCommands.State.RUNNING, now(), Optional.empty()));
        move(call, McpCommands.State.RUNNING)
                .onFailure(cause -> open.put(call.id(), call)) // it waits on, and is looked at again
                .onSuccess(begun -> {
                    if (begun) {
                        make(call);
                    } else {
                        open.remove(call.id());
                    }
                });
    }

    /** That a person has decided is so; false where it was not in that state, nor can have come out of it just now. */
    private Future<Boolean> move(McpCommands.Parked call, McpCommands.State to) {
        return ledger.keep(
                Ledger.once(mayBeKept -> c -> ParkedRows.move(c, call.id(), call.state(), to, time.instant())
                        || (mayBeKept
                                && ParkedRows.find(c, call.id())
                                        .filter(found -> found.state() == to)
                                        .isPresent())),
                () -> {});
    }

    private void make(McpCommands.Parked call) {
        tools.run(call)
                .onSuccess(result -> end(
                        call,
                        result.path("isError").asBoolean() ? McpCommands.State.FAILED : McpCommands.State.DONE,
                        Optional.of(keepable(result))));
    }

    /** Finds out what became of a call that was under way when the gateway ended. */
    private void recover(McpCommands.Parked call) {
        cutShort.remove(call.id());
        tools.lookUp(call).onSuccess(found -> {
            if (found instanceof Recovery.Done done) {
                end(call, McpCommands.State.DONE, Optional.of(keepable(ToolResult.of(done.output()))));
            } else if (found instanceof Recovery.Again) {
                make(call);
            } else {
                doubt(call);
            }
        });
    }

    /** It is asked before it is noted that it waits: what is noted is never mistaken for what was approved. */
    private void doubt(McpCommands.Parked call) {
        ask(call, true)
                .compose(asked -> move(call, McpCommands.State.DOUBTED))
                .compose(noted -> {
                    McpCommands.Parked doubted = call.in(McpCommands.State.DOUBTED, now(), Optional.empty());
                    open.put(call.id(), doubted);
                    return ask(doubted, false);
                })
                .onFailure(cause -> {
                    if (open.containsValue(call)) {
                        cutShort.put(call.id(), call);
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
        ledger.keep(() -> c -> ParkedRows.end(c, ended), () -> {}).onSuccess(kept -> open.remove(ended.id()));
        waiters.ended(call.id());
    }

    /** The next tick asks again; whoever could not answer has told the log. */
    private void later(Throwable cause) {}

    /** As it is kept and told. */
    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Future<McpCommands.Parked> find(McpCommands.Look look) {
        Future<Optional<McpCommands.Parked>> found = Optional.ofNullable(open.get(look.id()))
                .map(known -> Future.succeededFuture(Optional.of(known)))
                .orElseGet(() -> ledger.commit(c -> ParkedRows.find(c, look.id())));
        return found.map(call -> call.filter(known ->
                        known.holder().equals(look.holder()) || look.holder().equals(McpCaller.OPERATOR))
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.NOT_FOUND, "No call of yours waits or waited as " + Names.shown(look.id()))));
    }
}
