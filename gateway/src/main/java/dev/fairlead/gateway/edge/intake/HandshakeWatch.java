package dev.fairlead.gateway.edge.intake;

import dev.fairlead.gateway.time.LeapGuard;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a {@link RequestGate} before each HTTP connection of one edge and ends those that dawdle: no whole request head
 * in time, a body that trickles, an answer of which nothing is taken, a kept-alive connection nobody uses. An upgrade
 * is watched until it has succeeded. One sweep for all, on the edge's event loop.
 */
public final class HandshakeWatch {
    private static final Duration SWEEP = Duration.ofMillis(500);

    private final TimeSource time;
    private final Duration handshake;
    private final ByteBudget unread;
    private final Map<HttpConnection, RequestGate> gates = new HashMap<>();
    private final LeapGuard leaps;
    private final Ticker sweeper;

    /**
     * For one edge.
     *
     * @param handshake how long the first head of a connection may take
     * @param unread what answers may wait for their clients, in the whole process
     */
    public HandshakeWatch(Scheduler scheduler, TimeSource time, Duration handshake, ByteBudget unread) {
        this.time = time;
        this.handshake = handshake;
        this.unread = unread;
        this.leaps = new LeapGuard(time.nanos());
        this.sweeper = new Ticker(scheduler, SWEEP, () -> !gates.isEmpty(), this::sweep);
    }

    /** Takes a connection over, before anything is read from it. */
    public void opened(HttpConnection connection) {
        String address = connection.remoteAddress() == null
                ? ""
                : connection.remoteAddress().hostAddress();
        RequestGate gate = new RequestGate(time, handshake, unread, AddressShare.of(address), this::relieve);
        ChannelHandlerContext server = ((ConnectionBase) connection).channelHandlerContext();
        server.pipeline().addBefore(server.name(), "fairlead-gate", gate);
        gates.put(connection, gate);
        sweeper.wake();
        connection.closeHandler(ignored -> upgraded(connection));
    }

    /** The connection became a WebSocket, which is looked after elsewhere. */
    public void upgraded(HttpConnection connection) {
        gates.remove(connection);
    }

    public void stop() {
        sweeper.cancel();
    }

    private void sweep() {
        long now = time.nanos();
        if (!leaps.mayJudge(now)) {
            return;
        }
        for (RequestGate gate : List.copyOf(gates.values())) {
            if (gate.isOverdue(now)) {
                gate.cut();
            }
        }
    }

    /**
     * Of those who have more than their share, or all have where there is no more, the ones that took least lately go.
     */
    private void relieve() {
        List<RequestGate> behind = gates.values().stream()
                .filter(gate -> gate.unread() > 0)
                .sorted(Comparator.comparingLong(RequestGate::movedAt))
                .toList();
        for (RequestGate gate : behind) {
            if (unread.isOver(gate.share())) {
                gate.cut();
            }
        }
    }
}
