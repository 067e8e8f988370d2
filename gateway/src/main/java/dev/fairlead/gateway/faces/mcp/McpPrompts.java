package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;

/** Questions that people ask by name, with what is needed to answer them at hand. */
final class McpPrompts {
    private static final String WHY = "why_failing";
    private static final String NAME = "name";
    private static final int LINES = 100;

    private final Bus bus;
    private final McpResources resources;

    McpPrompts(Bus bus, McpResources resources) {
        this.bus = bus;
        this.resources = resources;
    }

    static ObjectNode list() {
        ObjectNode result = FrameCodec.object();
        ObjectNode why = result.putArray("prompts").addObject();
        why.put("name", WHY)
                .put("title", "Why is … failing")
                .put("description", "Finds out why an instance is failing, from its state and its log.");
        why.putArray("arguments")
                .addObject()
                .put("name", NAME)
                .put("description", "The instance's name")
                .put("required", true);
        return result;
    }

    /**
     * One of them.
     *
     * @return fails with an {@link McpFault} where there is none of that name or an argument does not fit
     */
    Future<ObjectNode> get(String prompt, JsonNode arguments) {
        if (!prompt.equals(WHY)) {
            throw McpFault.badParams("There is no prompt named " + Names.shown(prompt) + "; there is " + WHY);
        }
        if (!arguments.path(NAME).isTextual()) {
            throw McpFault.badParams("The prompt " + WHY + " needs the argument '" + NAME + "', an instance's name");
        }
        return why(arguments.path(NAME).textValue())
                .recover(cause -> Future.failedFuture(
                        cause instanceof FairleadException refusal
                                        && refusal.code().httpStatus() < 500
                                ? McpFault.badParams(refusal.getMessage())
                                : cause));
    }

    private Future<ObjectNode> why(String name) {
        return Future.succeededFuture(name)
                .map(asked -> Names.require(NAME, asked))
                .compose(known -> bus.request(new InstanceCommands.GetInstance(known)))
                .compose(instance -> resources.log(name, LINES).map(log -> {
                    ObjectNode result = FrameCodec.object().put("description", "Why is " + name + " failing");
                    ArrayNode messages = result.putArray("messages");
                    content(messages)
                            .put("type", "text")
                            .put(
                                    "text",
                                    "Why is the instance '" + name
                                            + "' failing? Below are its state and the end of its log."
                                            + " Look further with the tools get_instance, search_log and recent_events where"
                                            + " that is not enough. Say what happened first, what it led to, what shows it,"
                                            + " and what would mend it. Change nothing before you are told to.\n\nState: "
                                            + FrameCodec.text(FrameCodec.toTree(instance)));
                    content(messages)
                            .put("type", "resource")
                            .putObject("resource")
                            .put("uri", McpUri.of(McpResources.LOGS, name, McpResources.LOG))
                            .put("mimeType", "text/plain")
                            .put("text", log);
                    return result;
                }));
    }

    private static ObjectNode content(ArrayNode messages) {
        return messages.addObject().put("role", "user").putObject("content");
    }
}
