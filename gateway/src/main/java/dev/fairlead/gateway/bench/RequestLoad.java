package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Connections that each send a request, wait for the answer and send the next: round trips as fast as they come. */
final class RequestLoad implements Load {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LoadLoop loop;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final List<byte[]> requests = new ArrayList<>();
    private Histogram latencies = Sample.histogram();
    private boolean going;
    private int outstanding;
    private long done;

    RequestLoad(LoadLoop loop) {
        this.loop = loop;
    }

    /** Hears the answers; give it to the connections that are added. */
    LoadConnection.Listener answers() {
        return this::answered;
    }

    /** Adds a connection that sends {@code request}, a masked frame, again and again. */
    void add(LoadConnection connection, byte[] request) {
        connection.attachment = connections.size();
        connections.add(connection);
        requests.add(request);
    }

    @Override
    public Sample round(Duration duration) {
        latencies = Sample.histogram();
        done = 0;
        going = true;
        long start = loop.now();
        connections.forEach(this::ask);
        loop.run(duration);
        long counted = done;
        long nanos = loop.now() - start;
        going = false;
        loop.runUntil(() -> outstanding == 0, PATIENCE);
        return new Sample(counted, nanos, latencies);
    }

    @Override
    public void close() {
        connections.forEach(LoadConnection::close);
    }

    private void answered(LoadConnection connection, ByteBuffer payload) {
        outstanding--;
        done++;
        latencies.recordValue(loop.now() - connection.sentAt);
        if (going) {
            ask(connection);
        }
    }

    private void ask(LoadConnection connection) {
        outstanding++;
        connection.sentAt = loop.now();
        connection.send(requests.get(connection.attachment));
    }
}
