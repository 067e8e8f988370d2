package dev.fairlead.gateway.streams;

import java.util.Optional;

/**
 * One filter class of a stream: its state now and what each event adds to it. Called on the concern's own event loop.
 *
 * @param <E> what happens in the concern
 */
public interface StreamView<E> {
    /**
     * Names the filter, the same for equal filters; at most a few hundred characters. Empty for the unfiltered view.
     */
    String key();

    /** The state now: one compact JSON object, {@code type} first, without {@code epoch} and {@code seq}. */
    byte[] snapshot();

    /** What {@code event} adds: a frame like {@link #snapshot()}, or empty where the filter passes it over. */
    Optional<byte[]> delta(E event);

    /**
     * Whether each event has a delta, which is the same whenever it is asked for. The unfiltered view is then asked for
     * those alone that somebody gets.
     */
    default boolean isTimeless() {
        return false;
    }

    /**
     * Somebody looks at the view; it may refuse that by throwing a {@link dev.fairlead.protocol.FairleadException}. The
     * unfiltered view is never told.
     */
    default void opened() {}

    /** Nobody has looked at the view for a while: it is gone. */
    default void closed() {}
}
