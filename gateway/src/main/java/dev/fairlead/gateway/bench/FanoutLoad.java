package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Subscribers of one stream: the next burst of events is published once everybody has the last one whole. */
final class FanoutLoad implements Load {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LoadLoop loop;
    private final ServerProcess server;
    private final int burst;
    private final int bytes;
    private final List<LoadConnection> subscribers = new ArrayList<>();
    private Histogram latencies = Sample.histogram();
    private long publishedAt;
    private long received;
    private int lastPayload;

    /**
     * Connects the subscribers.
     *
     * @param burst how many events are published at once
     * @param bytes about what an event is to weigh
     * @param greeted whether a subscriber gets a frame before the events
     */
    FanoutLoad(LoadLoop loop, ServerProcess server, String path, int count, int burst, int bytes, boolean greeted) {
        this.loop = loop;
        this.server = server;
        this.burst = burst;
        this.bytes = bytes;
        this.publishedAt = loop.now();
        for (int i = 0; i < count; i++) {
            subscribers.add(loop.opened(server.port(), path, this::event));
        }
        loop.runUntil(() -> received == (greeted ? count : 0), PATIENCE);
        publish();
    }

    /** The bytes of an event's JSON. */
    int payloadBytes() {
        return lastPayload;
    }

    @Override
    public Sample round(Duration duration) {
        latencies = Sample.histogram();
        long start = loop.now();
        long events = 0;
        while (loop.now() - start < duration.toNanos()) {
            publish();
            events += burst;
        }
        return new Sample(events * subscribers.size(), loop.now() - start, latencies);
    }

    @Override
    public void close() {
        subscribers.forEach(LoadConnection::close);
    }

    private void publish() {
        received = 0;
        publishedAt = loop.now();
        server.publish(burst, bytes);
        long all = (long) burst * subscribers.size();
        loop.runUntil(() -> received >= all, PATIENCE);
    }

    private void event(LoadConnection connection, ByteBuffer payload) {
        received++;
        lastPayload = payload.remaining();
        latencies.recordValue(loop.now() - publishedAt);
    }
}
