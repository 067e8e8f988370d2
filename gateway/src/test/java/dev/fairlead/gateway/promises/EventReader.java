package dev.fairlead.gateway.promises;

import dev.fairlead.gateway.testing.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** A healthy client of {@code /ws/events}: reads as fast as it comes, and notes how old the events are. */
final class EventReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String DETAIL = "\"detail\":\"#";

    private final RawHttp socket;
    private volatile long last;

    EventReader(int port, Histogram latency) throws IOException {
        socket = new RawHttp(port).upgrade("/ws/events");
        Thread reader = new Thread(() -> read(latency), "event-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** Waits until the event of that number has come. */
    void await(long number) {
        org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> last >= number);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Histogram latency) {
        try {
            while (true) {
                String frame = socket.frameWith("{\"type\":\"channel_event\"");
                int at = frame.indexOf(DETAIL) + DETAIL.length();
                String[] detail = frame.substring(at, frame.indexOf('"', at)).split(" ", 3);
                latency.recordValue(Math.max(0, System.nanoTime() - Long.parseLong(detail[1])));
                last = Long.parseLong(detail[0]);
            }
        } catch (IOException closed) {
            last = Math.max(last, 0);
        }
    }
}
