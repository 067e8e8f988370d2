package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.tools.Parameters;
import dev.fairlead.gateway.tools.ToolDefinition;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.VisibleText;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Calls that a person approves first. The client is answered at once, with the id of what waits; where it can ask its
 * own person, and that one may decide, it is asked to. Whoever answers first, there or in the gateway's inbox, has
 * decided.
 */
final class McpApprovals {
    /** By which a client hears what became of a call. */
    static final ToolDefinition GET = new ToolDefinition(
            "get_approval",
            "Tells what became of a call that waits for a person's approval and, once it was granted, its result.",
            Parameters.of()
                    .text("approval_id", "As the call told it", 64)
                    .optional()
                    .number("wait_seconds", "How long to wait for its end; default 0", 0, 50)
                    .build(),
            ToolDefinition.Effect.READ);

    private static final String QUESTION = "approval";
    private static final String APPROVE = "approve";
    /** Clients give up after a minute. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);
    private static final int SHOWN_ARGS = 1000;

    private final Bus bus;
    private final String place;

    McpApprovals(Bus bus, String node) {
        this.bus = bus;
        this.place = McpCommands.place(node);
    }

    /** A call that a person approves, the first time or with what the person at the client said. */
    Future<ObjectNode> call(McpCaller caller, Asking asking, ToolDefinition tool, JsonNode args) {
        boolean asks = asking.possible() && caller.mayApprove(tool.effect());
        if (asking.state().isPresent()) {
            return look(asking.state().get(), caller, Duration.ZERO).compose(call -> {
                requireSame(call, tool, args);
                return asks ? answered(caller, asking, call) : Future.succeededFuture(outcome(call));
            });
        }
        return bus.requestAt(
                        place,
                        new McpCommands.Park(
                                caller.holder(),
                                caller.actor(),
                                caller.address(),
                                tool.name(),
                                args,
                                caller.traceparent()))
                .map(call -> asks ? question(call) : asking.tasks() ? McpTasks.created(call) : outcome(call));
    }

    /** What became of one. */
    Future<ObjectNode> get(McpCaller caller, JsonNode args) {
        return look(
                        args.get("approval_id").textValue(),
                        caller,
                        Duration.ofSeconds(args.path("wait_seconds").asInt(0)))
                .map(call -> {
                    ObjectNode told = state(call);
                    call.result()
                            .ifPresent(result -> told.set(
                                    "result",
                                    result.has("structuredContent")
                                            ? result.get("structuredContent")
                                            : FrameCodec.object()
                                                    .put(
                                                            "text",
                                                            result.at("/content/0/text")
                                                                    .asText())));
                    return ToolResult.of(FrameCodec.text(told));
                });
    }

    /** The state comes from the client: it stands for this very call and no other. */
    private static void requireSame(McpCommands.Parked call, ToolDefinition tool, JsonNode args) {
        if (!call.tool().equals(tool.name()) || !call.args().equals(args)) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "The requestState is of another call; send it with the call it was given for");
        }
    }

    /** What the person at a client of the older era said, in a message of its own; nothing is told back. */
    Future<Void> answered(
            McpCaller caller, String id, JsonNode answer, Function<String, Optional<ToolDefinition>> tools) {
        return look(id, caller, Duration.ZERO).compose(call -> {
            boolean may = tools.apply(call.tool())
                    .filter(tool -> caller.mayApprove(tool.effect()))
                    .isPresent();
            return may ? said(caller, answer, call).mapEmpty() : Future.succeededFuture();
        });
    }

    /** Waits for the end of a call, as long as a client would. */
    Future<ObjectNode> end(McpCaller caller, String id) {
        return look(id, caller, PATIENCE).map(McpApprovals::outcome);
    }

    private Future<ObjectNode> answered(McpCaller caller, Asking asking, McpCommands.Parked call) {
        return said(caller, asking.answers().path(QUESTION), call)
                .compose(decided -> decided ? end(caller, call.id()) : Future.succeededFuture(outcome(call)));
    }

    /** Whether there was something to decide, and it is. */
    private Future<Boolean> said(McpCaller caller, JsonNode answer, McpCommands.Parked call) {
        Optional<Boolean> approves =
                switch (answer.path("action").asText()) {
                    case "accept" ->
                        Optional.of(answer.at("/content/" + APPROVE).asBoolean(false));
                    case "decline" -> Optional.of(false);
                    default -> Optional.empty(); // put off: it waits on in the inbox
                };
        if (call.state() != McpCommands.State.WAITING) {
            return Future.succeededFuture(false);
        }
        if (approves.isEmpty()) {
            return bus.requestAt(place, new McpCommands.PutOff(call.id())).map(false);
        }
        return bus.request(new ApprovalCommands.Decide(
                        call.id(), approves.get(), Optional.empty(), caller.actor(), caller.address()))
                .map(true)
                .recover(cause -> Bus.refusal(cause).code() == ErrorCode.ALREADY_ANSWERED
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(cause));
    }

    private Future<McpCommands.Parked> look(String id, McpCaller caller, Duration patience) {
        return bus.requestAt(place, new McpCommands.Look(id, caller.holder(), patience), patience.plus(ON_THE_WAY));
    }

    /** Has the client ask its person, and come back with the answer. */
    private static ObjectNode question(McpCommands.Parked call) {
        String args = FrameCodec.text(call.args());
        ObjectNode result = FrameCodec.object().put("resultType", "input_required");
        ObjectNode asked = result.putObject("inputRequests").putObject(QUESTION);
        asked.put("method", "elicitation/create");
        ObjectNode params = asked.putObject("params");
        params.put("mode", "form")
                .put("message", "Approve " + call.tool() + " with " + VisibleText.cut(args, SHOWN_ARGS) + "?");
        ObjectNode schema = params.putObject("requestedSchema").put("type", "object");
        schema.putObject("properties")
                .putObject(APPROVE)
                .put("type", "boolean")
                .put("title", "Approve")
                .put("description", "Whether it is to be done");
        schema.putArray("required").add(APPROVE);
        return result.put("requestState", call.id());
    }

    /** What a call is answered by now. */
    static ObjectNode outcome(McpCommands.Parked call) {
        return switch (call.state()) {
            case DONE, FAILED ->
                call.result()
                        .orElseGet(() -> ToolResult.failed("Its result is not kept; look at what it was to change"));
            case WAITING ->
                ToolResult.of(
                        "This waits for a person's approval: nothing was done yet. It is approval " + call.id()
                                + ", shown in the gateway's inbox of approvals; ask get_approval with that approval_id"
                                + " what became of it, and do not make the call again.",
                        state(call));
            case RUNNING ->
                ToolResult.of(
                        "It was approved and is under way; get_approval with approval_id " + call.id()
                                + " tells its result.",
                        state(call));
            case DENIED -> call.result().orElseGet(() -> ToolResult.failed("A person denied it: nothing was done."));
            case EXPIRED ->
                call.result().orElseGet(() -> ToolResult.failed("Nobody approved it in time: nothing was done."));
            case DOUBTED ->
                ToolResult.of(
                        "The gateway stopped in the middle of it: it may have been done. A person is asked whether it is"
                                + " made again, as approval " + call.id() + "; get_approval tells what became of it.",
                        state(call));
        };
    }

    private static ObjectNode state(McpCommands.Parked call) {
        ObjectNode state = FrameCodec.object()
                .put("approval_id", call.id())
                .put("tool", call.tool())
                .put("status", call.state().wire());
        call.expiresAt().ifPresent(expiry -> state.set("expires_at", FrameCodec.toTree(expiry)));
        return state;
    }
}
