package dev.fairlead.gateway.streams;

import java.util.Map;

/**
 * All that a concern states about one of its streams: which views there are of it. Sequence numbers, resume, lag and
 * fan-out are the same for every stream and none of its business.
 *
 * @param <E> what happens in the concern
 */
@FunctionalInterface
public interface StreamDefinition<E> {
    /**
     * The view a client asks for. Equal parameters, whatever their spelling, give views of one key: those share their
     * frames.
     *
     * @param parameters the query of the upgrade, without token, {@code since} and {@code ping}; the first value of
     *     each
     * @throws dev.fairlead.protocol.FairleadException {@code bad_request}, or what is asked for does not exist
     */
    StreamView<E> view(Map<String, String> parameters);
}
