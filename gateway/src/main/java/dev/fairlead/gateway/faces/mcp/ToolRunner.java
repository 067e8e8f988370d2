package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.Recovery;
import dev.fairlead.gateway.tools.Tool;
import dev.fairlead.gateway.tools.ToolCaller;
import dev.fairlead.gateway.tools.ToolDefinition;
import dev.fairlead.gateway.tools.ToolRegistry;
import dev.fairlead.gateway.traces.Content;
import dev.fairlead.gateway.traces.Span;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls tools for clients of the face: those that change something are audited in the client's name. */
final class ToolRunner {
    private static final Logger log = LoggerFactory.getLogger(ToolRunner.class);
    private static final String SESSION = "mcp";

    /** The attribute of a span that has the arguments of a call. */
    static final String ARGUMENTS = "gen_ai.tool.call.arguments";

    private final ToolRegistry registry;
    private final Bus bus;
    private final TimeSource time;
    private final Traces traces;

    ToolRunner(ToolRegistry registry, Bus bus, TimeSource time, Traces traces) {
        this.traces = traces;
        this.registry = registry;
        this.bus = bus;
        this.time = time;
    }

    List<ToolDefinition> definitions() {
        return registry.definitions();
    }

    Optional<ToolDefinition> find(String name) {
        return registry.find(name).map(Tool::definition);
    }

    /**
     * Makes a call that was kept, in the trace in which it was asked for: what told of its asking has ended long ago.
     *
     * @return what came of it, good or bad; never fails
     */
    Future<ObjectNode> run(McpCommands.Parked call) {
        Span span = traces.within("execute_tool " + call.tool(), Traces.Role.INTERNAL, call.traceparent())
                .set("gen_ai.operation.name", "execute_tool")
                .set("gen_ai.tool.name", call.tool())
                .set("gen_ai.tool.type", "function")
                .set("gen_ai.tool.call.id", call.id())
                .content(ARGUMENTS, () -> shown(call.tool(), call.args()));
        return run(caller(call).within(span.traceparent()), call.tool(), call.args())
                .onSuccess(result -> {
                    span.content("gen_ai.tool.call.result", () -> Content.cut(FrameCodec.text(result)));
                    if (result.path("isError").asBoolean()) {
                        span.fail("tool_failed");
                    } else {
                        span.end();
                    }
                });
    }

    /** The arguments as they may be told to a collector, where it is told any. */
    String shown(String tool, JsonNode args) {
        return Content.cut(FrameCodec.text(
                find(tool).map(known -> known.parameters().shown(args)).orElseGet(FrameCodec::object)));
    }

    private static ToolCaller caller(McpCommands.Parked call) {
        return new ToolCaller(call.actor(), call.address(), SESSION, "", call.id());
    }

    /**
     * Makes a call that was not kept.
     *
     * @param args checked before
     * @return what came of it, good or bad; never fails
     */
    Future<ObjectNode> run(McpCaller caller, String name, JsonNode args) {
        return run(new ToolCaller(caller.actor(), caller.address(), SESSION, "", "", caller.traceparent()), name, args);
    }

    private Future<ObjectNode> run(ToolCaller caller, String name, JsonNode args) {
        Optional<Tool> tool = registry.find(name);
        if (tool.isEmpty()) {
            return Future.succeededFuture(ToolResult.failed("There is no tool " + name + " any more"));
        }
        Future<String> output;
        try {
            output = tool.get().call(args, caller);
        } catch (RuntimeException e) {
            output = Future.failedFuture(e);
        }
        return output.onComplete(done ->
                        audit(caller.actor(), caller.address(), tool.get().definition(), args, done.succeeded()))
                .map(ToolResult::of)
                .recover(cause -> Future.succeededFuture(failed(name, cause)));
    }

    /** What is known of a kept call that was under way when the gateway ended; never fails. */
    Future<Recovery> lookUp(McpCommands.Parked call) {
        return registry.find(call.tool())
                .map(tool -> tool.lookUp(call.args(), caller(call)))
                .orElseGet(() -> Future.succeededFuture(new Recovery.Unknown()))
                .otherwise(new Recovery.Unknown()); // whom it could be asked of does not answer
    }

    private static ObjectNode failed(String name, Throwable cause) {
        if (!(cause instanceof FairleadException)) {
            log.error("The tool {} failed", name, cause);
        }
        return ToolResult.refused(Bus.refusal(cause));
    }

    /** Who only looks leaves no trace, here as in REST. */
    private void audit(String actor, String address, ToolDefinition tool, JsonNode args, boolean succeeded) {
        if (tool.effect() == ToolDefinition.Effect.READ) {
            return;
        }
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        actor,
                        "mcp.tool",
                        tool.name(),
                        address,
                        succeeded ? AuditEvents.OK : AuditEvents.FAILED,
                        tool.parameters().audited(args)));
    }
}
