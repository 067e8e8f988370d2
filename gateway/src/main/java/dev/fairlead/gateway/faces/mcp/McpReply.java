package dev.fairlead.gateway.faces.mcp;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What a client is answered.
 *
 * @param status of HTTP
 * @param json one message; empty for none
 * @param events of an answer that comes in several, in place of {@code json}
 */
public record McpReply(int status, Buffer json, Optional<Events> events) {
    /** A message was taken that wants no answer. */
    static final McpReply ACCEPTED = new McpReply(202, Buffer.buffer());

    McpReply(int status, Buffer json) {
        this(status, json, Optional.empty());
    }

    static McpReply of(Events events) {
        return new McpReply(200, Buffer.buffer(), Optional.of(events));
    }

    /** Events as they go over the wire. */
    @FunctionalInterface
    public interface Events {
        /** The next of them, an empty buffer at the end. */
        Future<Buffer> next();
    }
}
