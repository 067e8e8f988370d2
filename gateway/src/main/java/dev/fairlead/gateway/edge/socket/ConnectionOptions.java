package dev.fairlead.gateway.edge.socket;

import dev.fairlead.gateway.settings.Settings;
import java.time.Duration;

/**
 * What bounds one connection.
 *
 * @param limits the settings {@code ws.*}
 * @param serverPing how often the server pings; zero for never
 * @param piecesPerSecond how many pings, pongs and fragments a peer may send, twice as many at once
 * @param closeTimeout how long a peer may take to answer a close frame before the connection is cut
 */
public record ConnectionOptions(Settings.Ws limits, Duration serverPing, int piecesPerSecond, Duration closeTimeout) {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** However few whole frames an agent may send: what a client's library sends by itself is not its fault. */
    private static final int LEAST_PIECES = 100;

    /** The settings as they are. */
    public static ConnectionOptions of(Settings settings) {
        Settings.Ws limits = settings.ws();
        int pieces = Math.max(LEAST_PIECES, settings.agents().maxRate());
        return new ConnectionOptions(limits, limits.serverPing(), pieces, CLOSE_TIMEOUT);
    }

    /** The same without pings from the server, as {@code ?ping=0} asks. */
    public ConnectionOptions withoutPing() {
        return new ConnectionOptions(limits, Duration.ZERO, piecesPerSecond, closeTimeout);
    }
}
