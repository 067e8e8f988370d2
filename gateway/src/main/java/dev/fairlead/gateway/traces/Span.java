package dev.fairlead.gateway.traces;

import java.util.Optional;
import java.util.function.Supplier;

/** Something that takes its time, in a trace. May be used from any thread. */
public interface Span {
    /**
     * Says something about it; names are those of OpenTelemetry's conventions, and nothing is anybody's words: those
     * are {@link #content}.
     */
    Span set(String name, String value);

    /**
     * Says what somebody said in it, where the settings let it ({@code otel.content}).
     *
     * @param said is not asked where they do not
     */
    Span content(String name, Supplier<String> said);

    /** Says a number about it. */
    Span set(String name, long value);

    /** It is over, well. */
    void end();

    /**
     * It is over and failed.
     *
     * @param type of the failure: a code, never a message
     */
    void fail(String type);

    /** What goes along with all that is done in its course. */
    Optional<String> traceparent();
}
