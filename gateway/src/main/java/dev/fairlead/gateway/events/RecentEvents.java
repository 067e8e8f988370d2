package dev.fairlead.gateway.events;

import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.FrameCodec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The one view of the events: the latest hundred, then each as it happens. Plain state. */
final class RecentEvents implements StreamView<EventsFrame> {
    static final int KEPT = 100;

    private record Told(Instant at, EventsFrame event) {}

    private final ArrayDeque<Told> latest = new ArrayDeque<>();
    private boolean dropped;

    void add(EventsFrame event, Instant at) {
        latest.addLast(new Told(at, event));
        if (latest.size() > KEPT) {
            latest.removeFirst();
            dropped = true;
        }
    }

    /** There may be older ones than those that are added. */
    void goesFurtherBack() {
        dropped = true;
    }

    EventCommands.Happened since(Instant from) {
        List<EventsFrame> events = latest.stream()
                .filter(told -> !told.at().isBefore(from))
                .map(Told::event)
                .toList();
        return new EventCommands.Happened(from, events, !(dropped && events.size() == latest.size()));
    }

    /**
     * What happened from a moment on, by what is kept and what is remembered here: the newest of what was told last may
     * not be kept yet.
     *
     * @param kept from that moment on, oldest first, one more than is told where there is more
     */
    EventCommands.Happened since(Instant from, List<EventTable.Told> kept) {
        Set<EventsFrame> all = new LinkedHashSet<>();
        kept.forEach(told -> all.add(told.event()));
        all.addAll(since(from).events());
        return new EventCommands.Happened(
                from,
                all.stream()
                        .skip(Math.max(0, all.size() - EventCommands.MOST_TOLD))
                        .toList(),
                all.size() <= EventCommands.MOST_TOLD);
    }

    @Override
    public String key() {
        return "";
    }

    @Override
    public byte[] snapshot() {
        return FrameCodec.encode(new EventsFrame.Snapshot(
                latest.stream().map(Told::event).toList(),
                Optional.ofNullable(latest.peekFirst()).map(oldest -> EventTable.cursor(oldest.at(), oldest.event()))));
    }

    @Override
    public Optional<byte[]> delta(EventsFrame event) {
        return Optional.of(FrameCodec.encode(event));
    }
}
