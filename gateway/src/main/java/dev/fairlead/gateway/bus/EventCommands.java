package dev.fairlead.gateway.bus;

import dev.fairlead.protocol.EventsFrame;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the events can be asked, at the node whose they are; here, for those who ask are among those they tell of. */
public final class EventCommands {
    private EventCommands() {}

    /** Most events that are told at once; where there were more, the newest. */
    public static final int MOST_TOLD = 1_000;

    /** Asks what happened from a moment on. */
    public record Since(Instant from) implements Request<Happened> {}

    /**
     * What happened, oldest first, {@link #MOST_TOLD} at most.
     *
     * @param whole false where more happened than is told here, or than is kept
     */
    public record Happened(Instant from, List<EventsFrame> events, boolean whole) {
        public Happened {
            events = List.copyOf(events);
        }
    }

    /**
     * Asks for a page of what is kept, newest first. Refused with {@code bad_request} where the cursor is none of ours.
     *
     * @param before the cursor of a page or a snapshot; empty for the newest
     * @param limit most events
     */
    public record Page(Optional<String> before, int limit) implements Request<Kept> {}

    /**
     * Some of what is kept.
     *
     * @param cursor for the next page; empty where this was the last
     */
    public record Kept(List<EventsFrame> events, Optional<String> cursor) {
        public Kept {
            events = List.copyOf(events);
        }
    }
}
