package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.traces.Span;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/**
 * Answers messages of MCP, in the era that each is of. It keeps nothing between two of them: there are no sessions, and
 * a client says all that a request needs in the request.
 */
public final class McpFace {
    private static final String LISTEN = "subscriptions/listen";

    private static final Set<String> LEGACY = Set.of(
            "initialize",
            "ping",
            "tools/list",
            "tools/call",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "prompts/list",
            "prompts/get");
    private static final Set<String> MODERN = Set.of(
            "server/discover",
            "tools/list",
            "tools/call",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "prompts/list",
            "prompts/get",
            "tasks/get",
            "tasks/update",
            "tasks/cancel");

    /**
     * What never changes while a gateway runs may be kept so long; one that was updated in between has more or less.
     */
    private static final long KEPT_MILLIS = 60_000;

    private static final String INSTRUCTIONS =
            "Fairlead runs a fleet of agents: instances (processes it supervises), agents (connected to it), messages"
                    + " between them, logs, quotes and orders. Look first (list_instances, list_agents, recent_events),"
                    + " then act. What changes something may wait for a person's approval: get_approval tells its end.";

    private final Answers answers;
    private final Bus bus;
    private final String place;
    private final ToolRunner runner;
    private final McpApprovals approvals;
    private final McpStreams streams;
    private final McpTasks tasks;
    private final McpTools tools;
    private final McpResources resources;
    private final McpPrompts prompts;
    private final McpSubscriptions subscriptions;
    private final Traces traces;

    /**
     * The face of one node.
     *
     * @param version of the product
     */
    public McpFace(Bus bus, TimeSource time, String node, String version, Traces traces) {
        this.traces = traces;
        this.answers = new Answers(version);
        this.bus = bus;
        this.place = McpCommands.place(node);
        this.runner = new ToolRunner(FaceTools.of(bus, time, node), bus, time, traces);
        this.approvals = new McpApprovals(bus, node);
        this.streams = new McpStreams(bus, node);
        this.tasks = new McpTasks(bus, node);
        this.tools = new McpTools(runner, approvals, answers);
        this.resources = new McpResources(bus, node);
        this.prompts = new McpPrompts(bus, resources);
        this.subscriptions = new McpSubscriptions(bus, node, resources);
    }

    /** Answers one message; never fails. */
    public Future<McpReply> answer(McpCaller caller, McpHead head, byte[] body) {
        RpcMessage message;
        Era era;
        try {
            message = RpcMessage.read(body);
        } catch (McpFault fault) {
            return Future.succeededFuture(Answers.malformed(Optional.empty(), fault));
        }
        try {
            era = Era.of(head.version());
        } catch (McpFault fault) {
            return Future.succeededFuture(Answers.malformed(message.id(), fault));
        }
        if (!message.isRequest()) {
            return told(era, caller, message);
        }
        return Future.succeededFuture(message)
                .compose(request -> reply(era, caller, head, request))
                .recover(cause -> Future.succeededFuture(fault(era, message, cause)));
    }

    /**
     * Goes on with an answer in events.
     *
     * @param lastEventId of the last event the client saw
     * @return fails with {@code not_found} where it is not kept
     */
    public Future<McpReply> resume(McpCaller caller, String lastEventId) {
        return streams.resume(caller, lastEventId);
    }

    /** A notification says nothing that matters here; an answer may be what a person said. */
    private Future<McpReply> told(Era era, McpCaller caller, RpcMessage message) {
        String id = message.id().map(JsonNode::textValue).orElse("");
        return message.method().isPresent() || era == Era.MODERN || id.isEmpty()
                ? Future.succeededFuture(McpReply.ACCEPTED)
                : approvals
                        .answered(caller, id, message.whole().path("result"), runner::find)
                        .otherwiseEmpty() // whoever waits for it is told
                        .map(done -> McpReply.ACCEPTED);
    }

    private Future<McpReply> reply(Era era, McpCaller caller, McpHead head, RpcMessage request) {
        String method = request.method().orElseThrow();
        if (era == Era.MODERN && method.equals(LISTEN)) {
            head.check(request);
            return subscriptions.listen(caller, request);
        }
        if (!method.equals("tools/call")) {
            return whole(era, caller, head, request);
        }
        Span span = traced(caller, request);
        return calling(era, caller.within(span.traceparent()), head, request)
                .onSuccess(answered -> span.end())
                .onFailure(failure -> span.fail(Bus.refusal(failure).code().wire()));
    }

    /** The client says in the message where in its trace it calls, or in the request's head; else none begins. */
    private Span traced(McpCaller caller, RpcMessage request) {
        String tool = Optional.of(request.params().path("name").asText())
                .filter(name -> runner.find(name).isPresent())
                .orElse("unknown");
        return traces.within(
                        "tools/call " + tool,
                        Traces.Role.SERVER,
                        Optional.ofNullable(request.meta().path("traceparent").textValue())
                                .or(caller::traceparent))
                .set("mcp.method.name", "tools/call")
                .set("gen_ai.operation.name", "execute_tool")
                .set("gen_ai.tool.name", tool)
                .content(
                        ToolRunner.ARGUMENTS,
                        () -> runner.shown(tool, request.params().path("arguments")));
    }

    private Future<McpReply> calling(Era era, McpCaller caller, McpHead head, RpcMessage request) {
        String name = request.params().path("name").asText();
        Optional<JsonNode> token = Optional.of(request.meta().path("progressToken"))
                .filter(value -> value.isTextual() || value.isNumber());
        if (token.isPresent() && tools.waits(name)) {
            return streams.begin(caller, token, stream -> whole(era, caller, head, request)
                    .recover(cause -> Future.succeededFuture(fault(era, request, cause))));
        }
        return era == Era.LEGACY && tools.asksPerson(caller, name)
                ? legacyCall(caller, head, request)
                : whole(era, caller, head, request);
    }

    /** Clients of the older era said in their handshake whether they ask their person. */
    private Future<McpReply> legacyCall(McpCaller caller, McpHead head, RpcMessage request) {
        return bus.requestAt(
                        place,
                        new McpCommands.AsksPerson(caller.holder(), head.agent().orElse("")))
                .compose(known -> tools.call(
                        caller,
                        new Asking(known.asks(), false, Optional.empty(), MissingNode.getInstance()),
                        request.text("name"),
                        request.params().path("arguments")))
                .compose(result -> result.path("resultType").asText().equals("input_required")
                        ? streams.begin(caller, Optional.empty(), stream -> {
                            stream.send(McpStreams.elicitation(result));
                            return approvals
                                    .end(caller, result.path("requestState").asText())
                                    .map(end -> ok(Era.LEGACY, request, end))
                                    .recover(cause -> Future.succeededFuture(fault(Era.LEGACY, request, cause)));
                        })
                        : Future.succeededFuture(ok(Era.LEGACY, request, result)));
    }

    private McpReply ok(Era era, RpcMessage request, ObjectNode result) {
        return Answers.ok(request.id().orElseThrow(), answers.result(era, result));
    }

    private Future<McpReply> whole(Era era, McpCaller caller, McpHead head, RpcMessage request) {
        return Future.succeededFuture(request)
                .compose(asked -> result(era, caller, head, asked))
                .map(result -> Answers.ok(request.id().orElseThrow(), result));
    }

    private static McpReply fault(Era era, RpcMessage request, Throwable cause) {
        return Answers.fault(era, request.id(), faultOf(era, request, cause));
    }

    private Future<byte[]> result(Era era, McpCaller caller, McpHead head, RpcMessage request) {
        String method = request.method().orElseThrow();
        if (!(era == Era.MODERN ? MODERN : LEGACY).contains(method)) {
            throw new McpFault(404, McpFault.METHOD_NOT_FOUND, "Method not found");
        }
        if (era == Era.MODERN) {
            head.check(request);
        }
        return switch (method) {
            case "tools/list" -> onePage(request).map(first -> tools.list(era, caller));
            case "tools/call" ->
                tools.call(
                                caller,
                                Asking.of(era, request),
                                request.text("name"),
                                request.params().path("arguments"))
                        .map(result -> answers.result(era, result));
            case "resources/list" ->
                onePage(request).compose(first -> resources.list(caller)).map(result -> current(era, result));
            case "resources/templates/list" -> onePage(request).map(first -> constant(era, McpResources.templates()));
            case "resources/read" -> resources.read(caller, request.text("uri")).map(result -> current(era, result));
            case "prompts/list" -> onePage(request).map(first -> constant(era, McpPrompts.list()));
            case "prompts/get" ->
                prompts.get(request.text("name"), request.params().path("arguments"))
                        .map(result -> answers.result(era, result));
            case "tasks/get", "tasks/update", "tasks/cancel" ->
                tasks.answer(caller, request).map(result -> answers.result(era, result));
            case "server/discover" -> Future.succeededFuture(constant(era, discovered()));
            case "initialize" ->
                introduced(caller, head, request).map(noted -> answers.result(era, initialized(request)));
            default -> Future.succeededFuture(answers.result(era, FrameCodec.object()));
        };
    }

    private byte[] current(Era era, ObjectNode result) {
        return answers.result(era, Answers.cacheable(era, result, 0, "private"));
    }

    private byte[] constant(Era era, ObjectNode result) {
        return answers.result(era, Answers.cacheable(era, result, KEPT_MILLIS, "public"));
    }

    /** Lists come whole; there is no other page to be asked for. */
    private static Future<Void> onePage(RpcMessage request) {
        JsonNode cursor = request.params().path("cursor");
        return cursor.isMissingNode() || cursor.isNull()
                ? Future.succeededFuture()
                : Future.failedFuture(McpFault.badParams("The cursor is none of this gateway's: its lists come whole"));
    }

    private Future<McpCommands.Noted> introduced(McpCaller caller, McpHead head, RpcMessage request) {
        return bus.requestAt(
                place,
                new McpCommands.Introduced(
                        caller.holder(),
                        head.agent().orElse(""),
                        Asking.inForms(request.params().at("/capabilities/elicitation"))));
    }

    private ObjectNode initialized(RpcMessage request) {
        ObjectNode result = FrameCodec.object()
                .put("protocolVersion", Era.negotiated(request.params().path("protocolVersion")));
        result.set("capabilities", capabilities());
        result.set("serverInfo", answers.server());
        return result.put("instructions", INSTRUCTIONS);
    }

    private static ObjectNode discovered() {
        ObjectNode result = FrameCodec.object();
        Era.SERVED.forEach(result.putArray("supportedVersions")::add);
        ObjectNode capabilities = capabilities();
        capabilities.withObject("/resources").put("subscribe", true).put("listChanged", true);
        capabilities.putObject("extensions").putObject(McpTasks.EXTENSION);
        result.set("capabilities", capabilities);
        return result.put("instructions", INSTRUCTIONS);
    }

    private static ObjectNode capabilities() {
        ObjectNode capabilities = FrameCodec.object();
        capabilities.putObject("tools");
        capabilities.putObject("resources");
        capabilities.putObject("prompts");
        return capabilities;
    }

    private static McpFault faultOf(Era era, RpcMessage request, Throwable cause) {
        if (cause instanceof McpFault fault) {
            return fault;
        }
        FairleadException refusal = Bus.refusal(cause);
        boolean absent = refusal.code().httpStatus() < 500 && refusal.code() != ErrorCode.TOO_MANY_REQUESTS;
        if (absent && request.method().filter("resources/read"::equals).isPresent()) {
            int code = era == Era.LEGACY ? McpFault.LEGACY_NO_RESOURCE : McpFault.INVALID_PARAMS;
            ObjectNode data = FrameCodec.object().put("uri", request.text("uri"));
            return new McpFault(200, code, refusal.getMessage(), Optional.of(data));
        }
        return new McpFault(200, McpFault.INTERNAL, refusal.getMessage(), Optional.of((ObjectNode)
                McpFault.body(refusal).path("data")));
    }
}
