package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Puts results and errors into the messages that carry them. */
public final class Answers {
    private static final String NAME = "fairlead";
    private static final byte[] BEFORE_ID = "{\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE_RESULT = ",\"result\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'}'};

    private final ObjectNode server;

    Answers(String version) {
        this.server =
                FrameCodec.object().put("name", NAME).put("title", "Fairlead").put("version", version);
    }

    /** Who answers. */
    ObjectNode server() {
        return server.deepCopy();
    }

    /** The same result, as the era has it. */
    byte[] result(Era era, ObjectNode result) {
        if (era == Era.LEGACY) {
            return FrameCodec.encode(result);
        }
        ObjectNode whole = FrameCodec.object();
        whole.put("resultType", result.path("resultType").asText("complete"));
        whole.setAll(result);
        whole.withObject("/_meta").set("io.modelcontextprotocol/serverInfo", server());
        return FrameCodec.encode(whole);
    }

    /** A result that clients of the stateless era may keep; what hangs on the fleet or on a key they ask anew. */
    static ObjectNode cacheable(Era era, ObjectNode result, long ttlMillis, String scope) {
        return era == Era.LEGACY ? result : result.put("ttlMs", ttlMillis).put("cacheScope", scope);
    }

    /** An answer with a result that is bytes already: lists are long, and go from where they are kept, uncopied. */
    static McpReply ok(JsonNode id, byte[] result) {
        byte[] echoed = id.isIntegralNumber() ? id.asText().getBytes(StandardCharsets.US_ASCII) : FrameCodec.encode(id);
        byte[] before = Arrays.copyOf(BEFORE_ID, BEFORE_ID.length + echoed.length + BEFORE_RESULT.length);
        System.arraycopy(echoed, 0, before, BEFORE_ID.length, echoed.length);
        System.arraycopy(BEFORE_RESULT, 0, before, BEFORE_ID.length + echoed.length, BEFORE_RESULT.length);
        return new McpReply(200, BufferInternal.buffer(Unpooled.wrappedBuffer(before, result, END)));
    }

    /** An answer with an error. */
    static McpReply fault(Era era, Optional<JsonNode> id, McpFault fault) {
        // Clients of old take any other status than 200 for a fault of the connection, and lose the code.
        return new McpReply(era == Era.LEGACY ? 200 : fault.status(), message(id, fault.body()));
    }

    /** As {@link #fault}, for what was not even understood. */
    static McpReply malformed(Optional<JsonNode> id, McpFault fault) {
        return new McpReply(fault.status(), message(id, fault.body()));
    }

    /** What the gateway refuses before it looks at the message. */
    public static JsonNode refusal(FairleadException refusal) {
        ObjectNode answer = FrameCodec.object().put("jsonrpc", RpcMessage.VERSION);
        return answer.set("error", McpFault.body(refusal));
    }

    private static Buffer message(Optional<JsonNode> id, ObjectNode error) {
        ObjectNode answer = FrameCodec.object().put("jsonrpc", RpcMessage.VERSION);
        id.ifPresent(value -> answer.set("id", value));
        answer.set("error", error);
        return Buffer.buffer(FrameCodec.encode(answer));
    }
}
