package dev.fairlead.gateway.events;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.protocol.EventsFrame;

/** What came or went, for those who pass it on: told at the node's place, on each node its own. */
public sealed interface ChannelNews extends Event {
    /** A channel's event, as the stream of events has it. */
    record Told(EventsFrame.ChannelEvent event) implements ChannelNews {}
}
