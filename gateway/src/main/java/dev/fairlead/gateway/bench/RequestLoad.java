package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** WebSockets that each send a request, wait for the answer and send the next. */
final class RequestLoad extends ClosedLoop {
    private final LoadLoop loop;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final List<byte[]> requests = new ArrayList<>();

    RequestLoad(LoadLoop loop) {
        super(loop);
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
    void begin() {
        connections.forEach(this::ask);
    }

    @Override
    public void close() {
        connections.forEach(LoadConnection::close);
    }

    private void answered(LoadConnection connection, ByteBuffer payload) {
        if (done(connection.sentAt)) {
            ask(connection);
        }
    }

    private void ask(LoadConnection connection) {
        began();
        connection.sentAt = loop.now();
        connection.send(requests.get(connection.attachment));
    }
}
