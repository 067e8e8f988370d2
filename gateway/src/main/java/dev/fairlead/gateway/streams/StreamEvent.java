package dev.fairlead.gateway.streams;

import dev.fairlead.gateway.bus.Event;
import java.util.Set;

/** What goes between the streams and the edges of one node; both are told at the node's place. */
public sealed interface StreamEvent extends Event {
    /**
     * New frames of a view.
     *
     * @param view the filter class they belong to, unique on the node
     * @param from the position before the first of them
     * @param to the position after the last
     */
    record Frames(String view, long from, long to, EncodedFrames frames) implements StreamEvent {}

    /** Nothing more will come of a view: what it showed is gone. Frames, if any, are sent before a close with 1000. */
    record Ended(String view, EncodedFrames last) implements StreamEvent {}

    /** The views an edge has sockets on, told every {@link StreamPublisher#INTEREST_PERIOD}. */
    record ViewsInUse(Set<String> views) implements StreamEvent {}
}
