package dev.fairlead.gateway.edge.stream;

import dev.fairlead.gateway.edge.socket.Connection;
import java.util.Map;
import java.util.Optional;

/** Opens streams on fresh connections. */
public final class StreamSockets {
    private final StreamFanout fanout;

    public StreamSockets(StreamFanout fanout) {
        this.fanout = fanout;
    }

    /**
     * Starts a stream; its first frame comes from the owner.
     *
     * @param parameters the filter the client asked for
     * @param since where it left off
     */
    public void open(
            Connection connection, StreamEndpoint endpoint, Map<String, String> parameters, Optional<String> since) {
        new StreamSocket(connection, endpoint, parameters, fanout).start(since);
    }
}
