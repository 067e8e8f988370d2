package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.Optional;

/**
 * One message of JSON-RPC as a client sent it.
 *
 * @param id the very value that is echoed; empty for a notification
 * @param method empty for an answer to something we asked
 * @param params an object, empty where there were none
 * @param whole all of it
 */
record RpcMessage(Optional<JsonNode> id, Optional<String> method, ObjectNode params, ObjectNode whole) {
    static final String VERSION = "2.0";

    /**
     * Reads one.
     *
     * @throws McpFault where it is no message
     */
    static RpcMessage read(byte[] json) {
        JsonNode tree;
        try {
            tree = FrameCodec.tree(json);
        } catch (FairleadException refusal) {
            throw new McpFault(400, McpFault.PARSE_ERROR, refusal.getMessage());
        }
        if (tree.isArray()) {
            throw invalid("Batches are not spoken here; send each message in a request of its own");
        }
        if (!(tree instanceof ObjectNode message)) {
            throw invalid("A message is a JSON object");
        }
        if (!VERSION.equals(message.path("jsonrpc").textValue())) {
            throw invalid("Field 'jsonrpc' is \"" + VERSION + "\"");
        }
        JsonNode id = message.path("id");
        if (!id.isMissingNode() && !id.isTextual() && !id.isNumber()) {
            throw invalid("Field 'id' is a text or a number");
        }
        JsonNode method = message.path("method");
        boolean answers = method.isMissingNode() && (message.has("result") || message.has("error"));
        if (!method.isTextual() && !(answers && !id.isMissingNode())) {
            throw invalid("Field 'method' is missing or no text");
        }
        return new RpcMessage(
                Optional.of(id).filter(value -> !value.isMissingNode()),
                Optional.ofNullable(method.textValue()),
                message.path("params") instanceof ObjectNode params ? params : FrameCodec.object(),
                message);
    }

    /** Whether it wants an answer. */
    boolean isRequest() {
        return method.isPresent() && id.isPresent();
    }

    /** What the client says of this request and of itself; empty where it says nothing. */
    JsonNode meta() {
        return params.path("_meta");
    }

    /**
     * A text among the parameters.
     *
     * @throws McpFault where it is missing or no text
     */
    String text(String name) {
        if (!params.path(name).isTextual()) {
            throw McpFault.badParams("Parameter '" + name + "' is missing or no text");
        }
        return params.path(name).textValue();
    }

    private static McpFault invalid(String message) {
        return new McpFault(400, McpFault.INVALID_REQUEST, message);
    }
}
