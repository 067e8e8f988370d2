package dev.fairlead.gateway.events;

import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.FrameCodec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

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

    EventCommands.Happened since(Instant from) {
        List<EventsFrame> events = latest.stream()
                .filter(told -> !told.at().isBefore(from))
                .map(Told::event)
                .toList();
        return new EventCommands.Happened(from, events, !(dropped && events.size() == latest.size()));
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
