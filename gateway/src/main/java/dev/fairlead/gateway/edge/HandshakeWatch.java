package dev.fairlead.gateway.edge;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Ends HTTP connections that dawdle: no whole request head in time, a body that trickles, an answer of which nothing is
 * taken, a kept-alive connection nobody uses. One sweep for all, on the edge's event loop.
 */
final class HandshakeWatch {
    private static final Duration SWEEP = Duration.ofMillis(500);
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

    private final TimeSource time;
    private final long handshakeNanos;
    private final Map<HttpConnection, Long> deadlines = new HashMap<>();
    private final Map<HttpConnection, Answering> answering = new HashMap<>();
    private final Scheduler.Cancellable sweeper;

    /** An answer on its way, and how much of it had left at the last look. */
    private record Answering(HttpServerResponse response, long written) {}

    HandshakeWatch(Scheduler scheduler, TimeSource time, Duration handshake) {
        this.time = time;
        this.handshakeNanos = handshake.toNanos();
        this.sweeper = scheduler.every(SWEEP, this::sweep);
    }

    void opened(HttpConnection connection) {
        deadlines.put(connection, time.nanos() + handshakeNanos);
        connection.closeHandler(ignored -> upgraded(connection));
    }

    int open() {
        return deadlines.size();
    }

    /** A request's head is whole: from now on its body and the answer count. */
    void began(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        deadlines.put(connection, time.nanos() + REQUEST.toNanos());
        answering.put(connection, new Answering(request.response(), 0));
        request.response().endHandler(ignored -> {
            answering.remove(connection);
            deadlines.computeIfPresent(connection, (same, before) -> time.nanos() + KEEP_ALIVE.toNanos());
        });
    }

    /** The connection became a WebSocket, which is looked after elsewhere. */
    void upgraded(HttpConnection connection) {
        deadlines.remove(connection);
        answering.remove(connection);
    }

    void stop() {
        sweeper.cancel();
    }

    /** Whether more of a long answer has been taken since the last look. */
    private boolean moves(HttpConnection connection) {
        Answering now = answering.get(connection);
        if (now == null || now.response.bytesWritten() <= now.written) {
            return false;
        }
        answering.put(connection, new Answering(now.response, now.response.bytesWritten()));
        return true;
    }

    private void sweep() {
        long now = time.nanos();
        for (Iterator<Map.Entry<HttpConnection, Long>> all =
                        deadlines.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<HttpConnection, Long> one = all.next();
            if (now - one.getValue() > 0 && moves(one.getKey())) {
                one.setValue(now + REQUEST.toNanos());
            } else if (now - one.getValue() > 0) {
                all.remove();
                answering.remove(one.getKey());
                one.getKey().close();
            }
        }
    }
}
