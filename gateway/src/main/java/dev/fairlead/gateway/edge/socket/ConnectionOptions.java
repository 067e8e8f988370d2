package dev.fairlead.gateway.edge.socket;

import dev.fairlead.gateway.settings.Settings;
import java.time.Duration;

/**
 * What bounds one connection.
 *
 * @param limits the settings {@code ws.*}
 * @param serverPing how often the server pings; zero for never
 * @param closeTimeout how long a peer may take to answer a close frame before the connection is cut
 */
public record ConnectionOptions(Settings.Ws limits, Duration serverPing, Duration closeTimeout) {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** The settings as they are. */
    public static ConnectionOptions of(Settings.Ws limits) {
        return new ConnectionOptions(limits, limits.serverPing(), CLOSE_TIMEOUT);
    }

    /** The same without pings from the server, as {@code ?ping=0} asks. */
    public ConnectionOptions withoutPing() {
        return new ConnectionOptions(limits, Duration.ZERO, closeTimeout);
    }
}
