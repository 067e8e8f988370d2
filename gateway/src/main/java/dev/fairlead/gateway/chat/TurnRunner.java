package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.Recovery;
import dev.fairlead.gateway.tools.Tool;
import dev.fairlead.gateway.tools.ToolBox;
import dev.fairlead.gateway.tools.ToolCaller;
import dev.fairlead.gateway.tools.ToolDefinition;
import dev.fairlead.gateway.tools.ToolRegistry;
import dev.fairlead.gateway.traces.Content;
import dev.fairlead.gateway.traces.Span;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets agents run turns and tools be called. Here, for every kind of agent, arguments are checked, it is decided
 * whether a person must approve, and each call is audited.
 */
final class TurnRunner {
    /** Carries out what a session came up with. */
    interface Sessions {
        /** Does something to a session, if it has anything under way, and then what it wants done. */
        void in(String sessionId, Consumer<ChatSession> action);
    }

    private static final Logger log = LoggerFactory.getLogger(TurnRunner.class);
    private static final Set<ErrorCode> TOLD = EnumSet.of(
            ErrorCode.CHAT_AGENT_ERROR,
            ErrorCode.CHAT_AUTH_ERROR,
            ErrorCode.CHAT_PROVIDER_ERROR,
            ErrorCode.CHAT_AGENT_INIT_FAILED,
            ErrorCode.BUDGET_EXHAUSTED);
    private static final String NOBODY_CALLS =
            "The agent that asked for this is no longer in its turn: nothing was done; ask it again";

    private final Bus bus;
    private final TimeSource time;
    private final ChatQueries queries;
    private final ChatAgents agents;
    private final ToolRegistry registry;
    private final ChatMetrics metrics;
    private final Sessions sessions;
    private final Map<String, Promise<Void>> aborts = new HashMap<>();
    private final Map<String, Promise<ToolBox.Outcome>> waiting = new HashMap<>();
    private final Map<String, ToolCaller> callers = new HashMap<>();
    private final TurnSpans spans;

    TurnRunner(
            Bus bus,
            TimeSource time,
            ChatQueries queries,
            ChatAgents agents,
            ToolRegistry registry,
            ChatMetrics metrics,
            TurnSpans spans,
            Sessions sessions) {
        this.spans = spans;
        this.bus = bus;
        this.time = time;
        this.queries = queries;
        this.agents = agents;
        this.registry = registry;
        this.metrics = metrics;
        this.sessions = sessions;
    }

    /** Lets the agent begin. */
    void run(Turn turn) {
        Promise<Void> aborted = Promise.promise();
        aborts.put(turn.turnId(), aborted);
        stored(turn)
                .compose(stored -> history(turn).map(history -> new RunningTurn(turn, history, stored, aborted, this)))
                .compose(running -> aborted.future().isComplete()
                        ? Future.<ChatAgent.Answer>failedFuture(
                                new FairleadException(ErrorCode.CHAT_AGENT_ERROR, "aborted"))
                        : agents.require(turn.agent()).agent().run(running))
                .onComplete(done -> {
                    aborts.remove(turn.turnId());
                    spans.ended(turn, done);
                    if (done.succeeded()) {
                        in(turn, session -> session.done(turn.turnId(), done.result()));
                    } else {
                        failed(turn, done.cause());
                    }
                });
    }

    private Future<List<Said>> history(Turn turn) {
        return turn.given()
                .history()
                .map(Future::succeededFuture)
                .orElseGet(() -> queries.history(
                        turn.sessionId(),
                        turn.turnId(),
                        Optional.of(turn.provider().name()).filter(own -> !turn.takesAlong())));
    }

    /** What was called before a restart, once all of it has come to its end. */
    private Future<List<StoredCall>> stored(Turn turn) {
        if (!turn.resumed()) {
            return Future.succeededFuture(List.of());
        }
        List<Future<ToolBox.Outcome>> open = new ArrayList<>();
        in(turn, session -> session.openCalls(turn.turnId()).forEach(id -> {
            Promise<ToolBox.Outcome> outcome = Promise.promise();
            waiting.put(id, outcome);
            open.add(outcome.future());
        }));
        return Future.join(open).compose(settled -> queries.callsOf(turn.sessionId(), turn.turnId()));
    }

    /** Finds out what became of a call that was under way when the gateway ended. */
    void lookUp(String sessionId, OpenCall open) {
        ToolUse use = open.use();
        if (use.own()) { // the agent knows; if it calls again, that is another call
            sessions.in(
                    sessionId,
                    session -> session.answered(use.id(), ToolBox.Status.FAILED, ChatRepository.UNKNOWN_OUTCOME));
            return;
        }
        ToolCaller caller = gateway(sessionId, open.turnId(), use.id());
        registry.find(use.name())
                .map(tool -> tool.lookUp(use.args(), caller))
                .orElseGet(() -> Future.succeededFuture(new Recovery.Unknown()))
                .otherwise(new Recovery.Unknown()) // whom it could be asked of does not answer
                .onSuccess(found -> {
                    if (found instanceof Recovery.Done done) {
                        sessions.in(
                                sessionId,
                                session -> session.answered(use.id(), ToolBox.Status.OK, bounded(done.output())));
                    } else if (found instanceof Recovery.Again) {
                        call(sessionId, open);
                    } else {
                        sessions.in(sessionId, session -> session.doubt(use.id()));
                    }
                });
    }

    /** For whom it is made; nobody is known of one that was asked for before the gateway was started anew. */
    private ToolCaller callerOf(String sessionId, OpenCall open) {
        ToolCaller caller = callers.getOrDefault(
                open.use().id(), gateway(sessionId, open.turnId(), open.use().id()));
        return caller.traceparent().isPresent() ? caller : caller.within(spans.traceparent(open.turnId()));
    }

    private static ToolCaller gateway(String sessionId, String turnId, String callId) {
        return new ToolCaller("gateway", "", sessionId, turnId, callId);
    }

    /** The turn counts no more. */
    void stop(Turn turn) {
        Promise<Void> aborted = aborts.get(turn.turnId());
        if (aborted != null) {
            aborted.tryComplete();
        }
    }

    void in(Turn turn, Consumer<ChatSession> action) {
        sessions.in(turn.sessionId(), action);
    }

    List<ToolDefinition> offered(Turn turn) {
        return turn.given().trust() == Given.Trust.NOBODY ? List.of() : registry.definitions();
    }

    Future<ToolBox.Outcome> call(Turn turn, String name, JsonNode args, Optional<JsonNode> origin) {
        Optional<Tool> tool = registry.find(name).filter(known -> turn.given().trust() != Given.Trust.NOBODY);
        try {
            ToolDefinition definition = tool.orElseThrow(
                            () -> new FairleadException(ErrorCode.NOT_FOUND, "There is no tool of that name"))
                    .definition();
            if (FrameCodec.encode(args).length > ChatLimits.MAX_ARGS) {
                throw new FairleadException(
                        ErrorCode.PAYLOAD_TOO_LARGE, "The arguments are larger than " + ChatLimits.MAX_ARGS + " bytes");
            }
            definition.parameters().check(args);
            return begin(turn, new ToolUse(newId(), name, args, false, origin), needsApproval(turn, definition));
        } catch (FairleadException refusal) {
            return refused(turn, name, args, refusal, origin);
        }
    }

    Future<ToolBox.Outcome> refuse(Turn turn, String name, String why, Optional<JsonNode> origin) {
        return refused(turn, name, FrameCodec.object(), new FairleadException(ErrorCode.BAD_REQUEST, why), origin);
    }

    /** Has a person asked about a call of the agent's own. */
    Future<ToolBox.Outcome> ask(Turn turn, ToolUse use) {
        return begin(turn, use, true);
    }

    /** Notes who decided on a call. */
    void decidedBy(String callId, ToolCaller caller) {
        Optional<String> trace = Optional.ofNullable(callers.get(callId)).flatMap(ToolCaller::traceparent);
        callers.put(callId, caller.within(trace));
    }

    /** Calls the tool. */
    void call(String sessionId, OpenCall open) {
        ToolUse use = open.use();
        ToolCaller caller = callerOf(sessionId, open);
        if (use.own()) { // it is the agent's to make, and to tell what came of it
            callers.remove(use.id());
            Promise<ToolBox.Outcome> agent = waiting.remove(use.id());
            if (agent == null) { // it asked before the gateway was started anew
                sessions.in(sessionId, session -> session.answered(use.id(), ToolBox.Status.FAILED, NOBODY_CALLS));
            } else {
                agent.complete(new ToolBox.Outcome(use.id(), use.name(), ToolBox.Status.OK, ""));
                audit(use, caller, "approved");
            }
            return;
        }
        Optional<Tool> tool = registry.find(use.name());
        JsonNode shown = tool.map(known -> known.definition().parameters().shown(use.args()))
                .orElseGet(FrameCodec::object);
        Span span = spans.tool(use, shown, caller);
        Future<String> output;
        try {
            output = tool.orElseThrow(
                            () -> new FairleadException(ErrorCode.NOT_FOUND, "There is no such tool any more"))
                    .call(use.args(), caller.within(span.traceparent()));
        } catch (RuntimeException e) {
            output = Future.failedFuture(e);
        }
        output.onComplete(done -> {
            if (done.succeeded()) {
                span.content("gen_ai.tool.call.result", () -> Content.cut(done.result()));
            }
            TurnSpans.end(span, done);
            ToolBox.Status status = done.succeeded() ? ToolBox.Status.OK : ToolBox.Status.FAILED;
            String text = done.succeeded() ? bounded(done.result()) : failure(use, done.cause());
            sessions.in(sessionId, session -> session.answered(use.id(), status, text));
            audit(use, caller, done.succeeded() ? "ok" : "failed");
        });
    }

    /** Tells the agent what came of its call. */
    void settle(OpenCall call, ToolBox.Outcome outcome) {
        metrics.called(outcome.status());
        ToolCaller caller = callers.remove(outcome.id());
        if (outcome.status() == ToolBox.Status.DENIED && caller != null) {
            audit(call.use(), caller, "refused");
        }
        Promise<ToolBox.Outcome> agent = waiting.remove(outcome.id());
        if (agent != null) {
            agent.complete(outcome);
        }
    }

    static String bounded(String output) {
        return output.length() <= ToolBox.MAX_OUTPUT
                ? output
                : output.substring(0, ToolBox.MAX_OUTPUT - 40) + "… (cut: the output is longer)";
    }

    private Future<ToolBox.Outcome> begin(Turn turn, ToolUse use, boolean approval) {
        Promise<ToolBox.Outcome> promise = Promise.promise();
        waiting.put(use.id(), promise);
        callers.put(
                use.id(),
                new ToolCaller(
                        turn.actor(),
                        turn.address(),
                        turn.sessionId(),
                        turn.turnId(),
                        use.id(),
                        turn.given().traceparent()));
        boolean[] taken = new boolean[1];
        in(turn, session -> taken[0] = session.called(turn.turnId(), use, approval));
        if (!taken[0]) {
            waiting.remove(use.id());
            callers.remove(use.id());
            return Future.failedFuture(new FairleadException(ErrorCode.INVALID_STATE, "The turn has ended"));
        }
        return promise.future();
    }

    /** Told like a call, without one. */
    private Future<ToolBox.Outcome> refused(
            Turn turn, String name, JsonNode args, FairleadException why, Optional<JsonNode> origin) {
        JsonNode shown =
                args.isObject() && FrameCodec.encode(args).length <= ChatLimits.MAX_ARGS ? args : FrameCodec.object();
        String known = name.length() <= 128 ? name : name.substring(0, 128);
        ToolUse use = new ToolUse(newId(), known, shown, true, origin);
        Future<ToolBox.Outcome> outcome = begin(turn, use, false);
        in(turn, session -> session.answered(use.id(), ToolBox.Status.FAILED, text(why)));
        return outcome;
    }

    private boolean needsApproval(Turn turn, ToolDefinition definition) {
        return switch (definition.effect()) {
            case READ -> false;
            case CHANGE ->
                turn.given().trust() != Given.Trust.PERSON
                        || !agents.require(turn.agent()).personAsks();
            case IRREVERSIBLE -> true;
        };
    }

    private void failed(Turn turn, Throwable cause) {
        in(turn, session -> {
            if (session.running().filter(turn::equals).isEmpty()) {
                return; // it was aborted, and fails as a consequence
            }
            if (cause instanceof FairleadException refusal && TOLD.contains(refusal.code())) {
                session.failed(turn.turnId(), refusal.code(), Sanitised.text(refusal.getMessage()));
            } else if (cause instanceof FairleadException refusal && refusal.code() != ErrorCode.INTERNAL) {
                session.failed(turn.turnId(), ErrorCode.CHAT_AGENT_ERROR, Sanitised.text(refusal.getMessage()));
            } else {
                log.error("The turn {} failed", turn.turnId(), cause);
                session.failed(
                        turn.turnId(),
                        ErrorCode.CHAT_AGENT_ERROR,
                        "The agent failed; the gateway's log has the details");
            }
        });
    }

    private String failure(ToolUse use, Throwable cause) {
        if (!(cause instanceof FairleadException)) {
            log.error("The tool {} failed", use.name(), cause);
        }
        return text(Bus.refusal(cause));
    }

    private static String text(FairleadException refusal) {
        var error = FrameCodec.object().put("error", refusal.code().wire()).put("message", refusal.getMessage());
        return FrameCodec.text(error);
    }

    private void audit(ToolUse use, ToolCaller caller, String outcome) {
        String args = registry.find(use.name())
                .map(tool -> tool.definition().parameters().audited(use.args()))
                .orElse("");
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        caller.actor(),
                        "chat.tool",
                        use.name(),
                        caller.address(),
                        outcome,
                        "session " + caller.sessionId() + ", call " + use.id() + ", " + args));
    }

    private static String newId() {
        return ToolUse.GATEWAYS + UUID.randomUUID();
    }
}
