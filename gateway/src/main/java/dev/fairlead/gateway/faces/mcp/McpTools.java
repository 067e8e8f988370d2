package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.tools.Tool;
import dev.fairlead.gateway.chat.tools.ToolCaller;
import dev.fairlead.gateway.chat.tools.ToolDefinition;
import dev.fairlead.gateway.chat.tools.ToolRegistry;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's tools, told and called as MCP has it. What goes wrong in a call is told to the model, in a result. */
final class McpTools {
    private static final Logger log = LoggerFactory.getLogger(McpTools.class);

    /** Of a result's text, in characters; clients read events of 1 MiB, and it stands in one twice. */
    private static final int MOST_TEXT = 200_000;

    private static final int AUDITED_ARGS = 300;
    private static final String SESSION = "mcp";

    private final ToolRegistry registry;
    private final Bus bus;
    private final TimeSource time;
    private final Map<Era, Map<Boolean, byte[]>> lists;

    McpTools(ToolRegistry registry, Bus bus, TimeSource time, Answers answers) {
        this.registry = registry;
        this.bus = bus;
        this.time = time;
        this.lists = new EnumMap<>(Era.class);
        for (Era era : Era.values()) {
            lists.put(era, Map.of(true, listed(answers, era, true), false, listed(answers, era, false)));
        }
    }

    /** What may be called with these credentials, as a result. It is asked for often, and put together once. */
    byte[] list(Era era, McpCaller caller) {
        return lists.get(era)
                .get(caller.permission(ToolDefinition.Effect.IRREVERSIBLE) != McpCaller.Permission.REFUSED);
    }

    /** Calls one; the result says what came of it, good or bad. */
    Future<ObjectNode> call(McpCaller caller, String name, JsonNode arguments) {
        JsonNode args = arguments.isMissingNode() || arguments.isNull() ? FrameCodec.object() : arguments;
        try {
            Tool tool = registry.find(name)
                    .orElseThrow(() -> new FairleadException(
                            ErrorCode.NOT_FOUND,
                            "There is no tool named " + Names.shown(name) + "; tools/list names those there are"));
            tool.definition().parameters().check(args);
            return permitted(caller, tool, args);
        } catch (FairleadException refusal) {
            return Future.succeededFuture(refused(refusal));
        }
    }

    private Future<ObjectNode> permitted(McpCaller caller, Tool tool, JsonNode args) {
        ToolDefinition definition = tool.definition();
        return switch (caller.permission(definition.effect())) {
            case GRANTED -> run(caller, tool, args);
            case ASKS ->
                throw new FairleadException(
                        ErrorCode.FORBIDDEN,
                        "The tool " + definition.name()
                                + " changes something; that takes a key with the scope operate");
            case REFUSED ->
                throw new FairleadException(
                        ErrorCode.FORBIDDEN,
                        "The tool " + definition.name() + " does what cannot be taken back, which takes a key with the"
                                + " scope trade; this one has " + scopes(caller));
        };
    }

    private Future<ObjectNode> run(McpCaller caller, Tool tool, JsonNode args) {
        Future<String> output;
        try {
            output = tool.call(args, new ToolCaller(caller.actor(), caller.address(), SESSION, ""));
        } catch (RuntimeException e) {
            output = Future.failedFuture(e);
        }
        return output.onComplete(done -> audit(caller, tool.definition(), args, done.succeeded()))
                .map(McpTools::result)
                .recover(cause -> Future.succeededFuture(failed(tool, cause)));
    }

    private static ObjectNode failed(Tool tool, Throwable cause) {
        if (!(cause instanceof FairleadException)) {
            log.error("The tool {} failed", tool.definition().name(), cause);
        }
        return refused(Bus.refusal(cause));
    }

    /** A result of a tool: its JSON as text for those who read, and as it is. */
    static ObjectNode result(String json) {
        ObjectNode result = FrameCodec.object();
        boolean whole = json.length() <= MOST_TEXT;
        text(result, whole ? json : json.substring(0, MOST_TEXT) + "… (cut: the result is longer; ask for less)");
        if (whole) {
            JsonNode tree = FrameCodec.tree(json);
            result.set(
                    "structuredContent",
                    tree.isObject() ? tree : FrameCodec.object().set("result", tree));
        }
        return result;
    }

    /** A result that says why nothing was done, for the model to read. */
    static ObjectNode refused(FairleadException refusal) {
        ObjectNode result = FrameCodec.object();
        text(result, refusal.getMessage());
        return result.put("isError", true);
    }

    private static void text(ObjectNode result, String text) {
        result.putArray("content").addObject().put("type", "text").put("text", text);
    }

    private byte[] listed(Answers answers, Era era, boolean irreversible) {
        ObjectNode result = FrameCodec.object();
        ArrayNode tools = result.putArray("tools");
        registry.definitions().stream()
                .filter(tool -> irreversible || tool.effect() != ToolDefinition.Effect.IRREVERSIBLE)
                .forEach(tool -> tools.add(described(tool)));
        return answers.result(era, Answers.cacheable(era, result, 0, "private"));
    }

    private static ObjectNode described(ToolDefinition tool) {
        ObjectNode described = FrameCodec.object()
                .put("name", tool.name())
                .put("title", title(tool.name()))
                .put("description", tool.description());
        described.set("inputSchema", tool.parameters().schema());
        described
                .putObject("annotations")
                .put("title", title(tool.name()))
                .put("readOnlyHint", tool.effect() == ToolDefinition.Effect.READ)
                .put("destructiveHint", tool.destructive())
                .put("idempotentHint", tool.idempotent())
                .put("openWorldHint", false);
        return described;
    }

    private static String title(String name) {
        String words = name.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String scopes(McpCaller caller) {
        return caller.scopes().stream()
                .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Who only looks leaves no trace, here as in REST. */
    private void audit(McpCaller caller, ToolDefinition tool, JsonNode args, boolean succeeded) {
        if (tool.effect() == ToolDefinition.Effect.READ) {
            return;
        }
        String shown = tool.parameters().shown(args).toString();
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        caller.actor(),
                        "mcp.tool",
                        tool.name(),
                        caller.address(),
                        succeeded ? AuditEvents.OK : AuditEvents.FAILED,
                        shown.length() <= AUDITED_ARGS ? shown : shown.substring(0, AUDITED_ARGS) + "…"));
    }
}
