package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.gateway.streams.StreamEvent;

/** What the node of a log tells another one that follows it, at that node's place. */
public sealed interface LogNews extends Event {
    /**
     * What is told there of a view of the log.
     *
     * @param node the one that has the log
     */
    record Told(String node, StreamEvent event) implements LogNews {}
}
