package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.edge.socket.Connection;
import dev.fairlead.gateway.edge.socket.FrameRate;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;

/**
 * Holds one agent to {@code agents.max_rate}. The first frame past it is refused and the socket not read from for a
 * while; one that goes on flooding after some of these pauses is closed. On the socket's event loop only.
 */
final class Throttle {
    /** Half of the burst comes back meanwhile. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int MOST_PAUSES = 3;

    private final Connection connection;
    private final Scheduler scheduler;
    private final int perSecond;
    private FrameRate rate;
    private int pauses;
    private boolean pausing;

    Throttle(Connection connection, Scheduler scheduler, int perSecond) {
        this.connection = connection;
        this.scheduler = scheduler;
        this.perSecond = perSecond;
        this.rate = new FrameRate(perSecond, connection.heardAt());
    }

    /** Goes on with what the agent has left; until then it is held to nothing but a rate of its own. */
    void goOnWith(FrameRate kept) {
        rate = kept;
    }

    /** Whether the frame that just came may be heard. */
    boolean admits() {
        long now = connection.heardAt();
        if (pauses > 0 && rate.isFull(now)) {
            pauses = 0; // it has calmed down
        }
        return rate.take(now);
    }

    /** Whether the socket is not to be read from for now. */
    boolean isPausing() {
        return pausing;
    }

    /** What the frame that was too many is told. */
    FairleadException refusal() {
        return new FairleadException(
                ErrorCode.RATE_LIMITED,
                "An agent sends at most " + perSecond + " frames a second; agents.max_rate bounds them",
                PAUSE);
    }

    /** Reads nothing for a while, or ends the connection where that was done often enough. */
    void hold() {
        if (++pauses > MOST_PAUSES) {
            connection.close(CloseCode.TOO_MANY, "more frames a second than agents.max_rate allows");
            return;
        }
        pausing = true;
        connection.pause();
        scheduler.after(PAUSE, () -> {
            pausing = false;
            if (!connection.isClosing() && !connection.outbox().isStalled()) {
                connection.resume();
            }
        });
    }
}
