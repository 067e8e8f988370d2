package dev.fairlead.gateway.edge.agent;

import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.Subject;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A subject agents may send requests to, answered by a concern.
 *
 * @param handler what answers; what it refuses goes back as an error envelope
 */
public record AgentEndpoint(Subject subject, Handler handler) {
    /** Turns a request into the bus request of the concern it is for. */
    @FunctionalInterface
    public interface Handler {
        /** The answer's {@code data}; {@code data} of the request is empty where the frame had none. */
        Future<RawJson> answer(AgentSession session, Optional<RawJson> data);
    }
}
