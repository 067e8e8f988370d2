package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.auth.LoginLimiter;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Event;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;

/** Has the tries at a password that other nodes let through count here, and those of this one there. */
public final class SharedTries {
    /**
     * A try that a node let through, or took back as it was right.
     *
     * @param source whose it is, as {@link LoginLimiter.Source} has it
     */
    public record Tried(String node, LoginLimiter.Source source, boolean right) implements Event {}

    private final String node;
    private final LoginLimiter limiter;
    private final MessageConsumer<?> consumer;

    public SharedTries(Bus bus, String node, LoginLimiter limiter) {
        this.node = node;
        this.limiter = limiter;
        this.consumer = bus.subscribe(Tried.class, this::heard);
        limiter.tell((source, right) -> bus.publish(Tried.class, new Tried(node, source, right)));
    }

    public Future<Void> close() {
        return consumer.unregister();
    }

    private void heard(Tried tried) {
        if (!tried.node().equals(node)) {
            limiter.elsewhere(tried.source(), tried.right());
        }
    }
}
