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
public record AgentEndpoint(Subject subject, TracedHandler handler) {
    /** One whose requests begin nothing that goes on in a trace. */
    public AgentEndpoint(Subject subject, Handler handler) {
        this(subject, (session, data, traceparent) -> handler.answer(session, data));
    }

    /** As {@link Handler}, told in the course of which trace it was asked. */
    @FunctionalInterface
    public interface TracedHandler {
        /** As {@link Handler#answer}. */
        Future<RawJson> answer(AgentSession session, Optional<RawJson> data, Optional<String> traceparent);
    }

    /** Turns a request into the bus request of the concern it is for. */
    @FunctionalInterface
    public interface Handler {
        /** The answer's {@code data}; {@code data} of the request is empty where the frame had none. */
        Future<RawJson> answer(AgentSession session, Optional<RawJson> data);
    }
}
