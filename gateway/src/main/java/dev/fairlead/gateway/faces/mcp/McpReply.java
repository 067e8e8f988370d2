package dev.fairlead.gateway.faces.mcp;

import io.vertx.core.buffer.Buffer;

/**
 * What a client is answered.
 *
 * @param status of HTTP
 * @param json one message; empty for none
 */
public record McpReply(int status, Buffer json) {
    /** A message was taken that wants no answer. */
    static final McpReply ACCEPTED = new McpReply(202, Buffer.buffer());
}
