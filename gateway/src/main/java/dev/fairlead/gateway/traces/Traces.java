package dev.fairlead.gateway.traces;

import dev.fairlead.protocol.TraceParent;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Begins spans. Where nobody collects them it costs nothing, and whatever trace others are in is passed on as it came.
 */
public interface Traces {
    /** Which end of a conversation a span is. */
    enum Role {
        INTERNAL,
        SERVER,
        CLIENT,
        PRODUCER
    }

    /**
     * Begins one.
     *
     * @param parent the {@code traceparent} in whose course it happens; without one it begins a trace
     */
    Span begin(String name, Role role, Optional<String> parent);

    /** As {@link #begin}, but nothing where there is no trace to be in: what happens by the thousand begins none. */
    default Span within(String name, Role role, Optional<String> parent) {
        return TraceParent.of(parent).isPresent() ? begin(name, role, parent) : new Untold(Optional.empty());
    }

    /** Sends what is left and ends; never fails. */
    Future<Void> close();

    /** Those of a gateway that tells nobody. */
    static Traces none() {
        return new Traces() {
            @Override
            public Span begin(String name, Role role, Optional<String> parent) {
                return new Untold(TraceParent.of(parent));
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        };
    }
}
