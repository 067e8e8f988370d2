package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Chats over WebSockets. */
final class ChatLoad extends PieceLoad {
    private static final String GATEWAY_DONE = "{\"type\":\"done\"";
    private static final String GATEWAY_ERROR = "{\"type\":\"error\"";
    private static final String GATEWAY_START = "{\"type\":\"session_start\"";

    private final LoadLoop loop;
    private final List<LoadConnection> connections = new ArrayList<>();
    private int started;

    ChatLoad(LoadLoop loop, int piecesASecond) {
        super(loop, piecesASecond);
        this.loop = loop;
    }

    /** Opens that many chats with the gateway. */
    void openGateway(int port, int count) {
        for (int i = 0; i < count; i++) {
            connections.add(loop.opened(port, "/ws/chat?agent=llm", this::heard));
        }
        loop.runUntil(() -> started == count, PATIENCE);
    }

    /** Opens that many sockets of the bare proxy. */
    void openProxy(int port, int count) {
        for (int i = 0; i < count; i++) {
            connections.add(loop.opened(port, "/", this::heard));
        }
    }

    @Override
    int streams() {
        return connections.size();
    }

    @Override
    void ask(int stream, String content) {
        connections.get(stream).send(MaskedFrames.text("{\"type\":\"message\",\"content\":\"" + content + "\"}"));
    }

    @Override
    public void close() {
        connections.forEach(LoadConnection::close);
    }

    private void heard(LoadConnection connection, ByteBuffer payload) {
        if (AgentFleet.startsWith(payload, GATEWAY_DONE) || AgentFleet.startsWith(payload, ChatProxyVerticle.DONE)) {
            ended();
        } else if (AgentFleet.startsWith(payload, GATEWAY_START)) {
            started++;
        } else if (AgentFleet.startsWith(payload, GATEWAY_ERROR)) {
            throw new IllegalStateException("A chat failed: " + StandardCharsets.UTF_8.decode(payload.duplicate()));
        } else {
            measure(payload);
        }
    }
}
