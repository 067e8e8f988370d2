package dev.fairlead.gateway.bench;

import java.util.ArrayList;
import java.util.List;

/** HTTP connections that each ask the same, wait for the answer and ask again. */
final class HttpLoad extends ClosedLoop {
    private final List<HttpConnection> connections = new ArrayList<>();

    /** Connects, and comes back once each was answered for the first time. */
    HttpLoad(LoadLoop loop, int port, String request, int count) {
        super(loop);
        for (int i = 0; i < count; i++) {
            began();
            connections.add(loop.open(port, request, this::answered));
        }
        drain();
    }

    /** The bytes of an answer's body. */
    int answerBytes() {
        return connections.get(0).answerBytes();
    }

    @Override
    void begin() {
        connections.forEach(this::ask);
    }

    @Override
    public void close() {
        connections.forEach(HttpConnection::close);
    }

    private void answered(HttpConnection connection) {
        if (done(connection.sentAt)) {
            ask(connection);
        }
    }

    private void ask(HttpConnection connection) {
        began();
        connection.ask();
    }
}
