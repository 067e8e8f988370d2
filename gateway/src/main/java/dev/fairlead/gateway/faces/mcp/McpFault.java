package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.Optional;

/** A request that is answered with an error of JSON-RPC. */
final class McpFault extends RuntimeException {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL = -32603;
    /** What clients of old are told of a resource that is not there; 2026-07-28 has {@link #INVALID_PARAMS} for it. */
    static final int LEGACY_NO_RESOURCE = -32002;

    static final int HEADER_MISMATCH = -32020;
    static final int UNSUPPORTED_VERSION = -32022;

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;
    private final transient Optional<ObjectNode> data;

    /**
     * An error.
     *
     * @param status of HTTP, in the stateless era; the older one knows 200 alone once a message was understood
     * @param code of JSON-RPC
     */
    McpFault(int status, int code, String message, Optional<ObjectNode> data) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.data = data;
    }

    McpFault(int status, int code, String message) {
        this(status, code, message, Optional.empty());
    }

    static McpFault badParams(String message) {
        return new McpFault(200, INVALID_PARAMS, message);
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    /** The member {@code error} of an answer. */
    ObjectNode body() {
        ObjectNode error = FrameCodec.object().put("code", code).put("message", getMessage());
        data.ifPresent(more -> error.set("data", more));
        return error;
    }

    /** What the gateway refuses by its own rules, as a member {@code error}; our code stands in its data. */
    static ObjectNode body(FairleadException refusal) {
        int code = refusal.code().httpStatus() >= 500 ? INTERNAL : INVALID_REQUEST;
        ObjectNode error = FrameCodec.object().put("code", code).put("message", refusal.getMessage());
        error.putObject("data")
                .put("code", refusal.code().wire())
                .put("retryable", refusal.code().retryable());
        return error;
    }
}
