package dev.fairlead.gateway.events;

import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** The one view of the events: the latest hundred, then each as it happens. Plain state. */
final class RecentEvents implements StreamView<EventsFrame> {
    static final int KEPT = 100;

    private final ArrayDeque<EventsFrame> latest = new ArrayDeque<>();

    void add(EventsFrame event) {
        latest.addLast(event);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
    }

    @Override
    public String key() {
        return "";
    }

    @Override
    public byte[] snapshot() {
        return FrameCodec.encode(new EventsFrame.Snapshot(List.copyOf(latest)));
    }

    @Override
    public Optional<byte[]> delta(EventsFrame event) {
        return Optional.of(FrameCodec.encode(event));
    }
}
