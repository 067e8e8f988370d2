package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.protocol.MessageEvent;
import java.util.List;

/** What became of messages, told after it was committed; never a payload. */
public sealed interface MessageNews extends Event {
    /** What one commit brought, in the order it happened. */
    record Happened(List<MessageEvent> events) implements MessageNews {
        public Happened {
            events = List.copyOf(events);
        }
    }
}
