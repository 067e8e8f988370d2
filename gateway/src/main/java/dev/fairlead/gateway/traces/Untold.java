package dev.fairlead.gateway.traces;

import java.util.Optional;
import java.util.function.Supplier;

/** A span that nobody is told of: what is done in its course is done in its parent's. */
record Untold(Optional<String> traceparent) implements Span {
    @Override
    public Span set(String name, String value) {
        return this;
    }

    @Override
    public Span content(String name, Supplier<String> said) {
        return this;
    }

    @Override
    public Span set(String name, long value) {
        return this;
    }

    @Override
    public void end() {
        // nobody is told
    }

    @Override
    public void fail(String type) {
        // nobody is told
    }
}
