package dev.fairlead.gateway.bus;

import dev.fairlead.protocol.EventsFrame;
import java.time.Instant;
import java.util.List;

/** What the events can be asked, at the node whose they are; here, for those who ask are among those they tell of. */
public final class EventCommands {
    private EventCommands() {}

    /** Asks what happened from a moment on. */
    public record Since(Instant from) implements Request<Happened> {}

    /**
     * What happened, oldest first.
     *
     * @param whole false where there was more than is kept
     */
    public record Happened(Instant from, List<EventsFrame> events, boolean whole) {
        public Happened {
            events = List.copyOf(events);
        }
    }
}
