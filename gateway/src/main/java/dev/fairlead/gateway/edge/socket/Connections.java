package dev.fairlead.gateway.edge.socket;

import dev.fairlead.gateway.edge.access.LateEnds;
import dev.fairlead.gateway.time.LeapGuard;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.CloseCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The WebSockets of one edge: gives them ids, looks after them together with one timer, and sees them off. */
public final class Connections {
    /** Bounds how late an idle, expired or slow connection is noticed. */
    private static final Duration SWEEP = Duration.ofMillis(500);

    private final TimeSource time;
    private final LoopFlusher flusher;
    private final Traffic traffic;
    private final Map<Long, Connection> byId = new LinkedHashMap<>();
    private final LeapGuard leaps;
    private final Ticker sweeper;
    private final LateEnds ends = new LateEnds();

    private long lastId;
    private Promise<Void> emptied; // null until the edge stops

    /** For the event loop of {@code context}. */
    public Connections(Context context, Scheduler scheduler, TimeSource time, Traffic traffic) {
        this.time = time;
        this.traffic = traffic;
        this.flusher = new LoopFlusher(context, time);
        this.leaps = new LeapGuard(time.nanos());
        this.sweeper = new Ticker(scheduler, SWEEP, () -> !byId.isEmpty(), this::sweep);
    }

    /** Takes over a socket that was just upgraded and is still paused. */
    public Connection add(ServerWebSocket socket, ConnectionOptions options) {
        Connection connection = new Connection(++lastId, socket, options, this);
        byId.put(connection.id(), connection);
        sweeper.wake();
        return connection;
    }

    public int size() {
        return byId.size();
    }

    /** Closes what these sessions of the dashboard opened. */
    public void endLogins(Set<String> ids, String why) {
        ends.add(ids);
        for (Connection connection : new ArrayList<>(byId.values())) {
            if (connection.login().filter(ids::contains).isPresent()) {
                connection.close(CloseCode.UNAUTHORIZED, why);
            }
        }
    }

    void checkLogin(Connection connection) {
        if (connection.login().filter(ends::has).isPresent()) {
            connection.close(CloseCode.UNAUTHORIZED, "the session has ended");
        }
    }

    /** Sends every peer a close frame and waits for them to be gone; a peer that does not answer is cut. */
    public Future<Void> closeAll(CloseCode code, String reason) {
        emptied = Promise.promise();
        for (Connection connection : new ArrayList<>(byId.values())) {
            connection.close(code, reason);
        }
        if (byId.isEmpty()) {
            emptied.tryComplete();
        }
        return emptied.future().onComplete(done -> sweeper.cancel());
    }

    LoopFlusher flusher() {
        return flusher;
    }

    Traffic traffic() {
        return traffic;
    }

    long now() {
        return time.nanos();
    }

    void remove(Connection connection) {
        byId.remove(connection.id());
        if (emptied != null && byId.isEmpty()) {
            emptied.tryComplete();
        }
    }

    private void sweep() {
        long now = time.nanos();
        boolean judges = leaps.mayJudge(now);
        for (Connection connection : new ArrayList<>(byId.values())) {
            connection.sweep(now, judges);
        }
    }
}
