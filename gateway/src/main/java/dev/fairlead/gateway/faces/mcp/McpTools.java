package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.tools.ToolDefinition;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gateway's tools, told and called as MCP has it. What goes wrong in a call is told to the model, in a result. */
final class McpTools {
    private static final Set<String> WAITING = Set.of(FaceTools.ASK, FaceTools.ANSWER, McpApprovals.GET.name());

    private final ToolRunner runner;
    private final McpApprovals approvals;
    private final Map<Era, Map<Boolean, byte[]>> lists;

    McpTools(ToolRunner runner, McpApprovals approvals, Answers answers) {
        this.runner = runner;
        this.approvals = approvals;
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

    /** Whether a call is one that a person approves, and the one at the client may be that person. */
    boolean asksPerson(McpCaller caller, String name) {
        return runner.find(name)
                .map(ToolDefinition::effect)
                .filter(effect -> caller.permission(effect) == McpCaller.Permission.ASKS && caller.mayApprove(effect))
                .isPresent();
    }

    /** Whether a call waits for something that takes its time. */
    boolean waits(String name) {
        return WAITING.contains(name);
    }

    /** Calls one; the result says what came of it, good or bad. */
    Future<ObjectNode> call(McpCaller caller, Asking asking, String name, JsonNode arguments) {
        JsonNode args = arguments.isMissingNode() || arguments.isNull() ? FrameCodec.object() : arguments;
        try {
            if (name.equals(McpApprovals.GET.name())) {
                McpApprovals.GET.parameters().check(args);
                return told(approvals.get(caller, args));
            }
            ToolDefinition definition = runner.find(name)
                    .orElseThrow(() -> new FairleadException(
                            ErrorCode.NOT_FOUND,
                            "There is no tool named " + Names.shown(name) + "; tools/list names those there are"));
            definition.parameters().check(args);
            return told(permitted(caller, asking, definition, args));
        } catch (FairleadException refusal) {
            return Future.succeededFuture(ToolResult.refused(refusal));
        }
    }

    /** A refusal is a result as well: the model reads it, and mends its ways. */
    private static Future<ObjectNode> told(Future<ObjectNode> result) {
        return result.recover(cause -> Future.succeededFuture(ToolResult.refused(Bus.refusal(cause))));
    }

    private Future<ObjectNode> permitted(McpCaller caller, Asking asking, ToolDefinition definition, JsonNode args) {
        return switch (caller.permission(definition.effect())) {
            case GRANTED -> runner.run(caller, definition.name(), args);
            case ASKS -> approvals.call(caller, asking, definition, args);
            case REFUSED ->
                throw new FairleadException(
                        ErrorCode.FORBIDDEN,
                        "The tool " + definition.name() + " does what cannot be taken back, which takes a key with the"
                                + " scope trade; this one has " + scopes(caller));
        };
    }

    private byte[] listed(Answers answers, Era era, boolean irreversible) {
        ObjectNode result = FrameCodec.object();
        ArrayNode tools = result.putArray("tools");
        Stream.concat(runner.definitions().stream(), Stream.of(McpApprovals.GET))
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
}
