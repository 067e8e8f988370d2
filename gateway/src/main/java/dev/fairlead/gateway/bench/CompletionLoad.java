package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Streams of {@code /v1/chat/completions}, on connections that stay for as long as the gateway keeps them. */
final class CompletionLoad extends PieceLoad implements StreamConnection.Listener {
    private final LoadLoop loop;
    private final int port;
    private final String token;
    private final int count;
    private final List<StreamConnection> connections = new ArrayList<>();

    /**
     * As many streams.
     *
     * @param token the operator's
     */
    CompletionLoad(LoadLoop loop, int piecesASecond, int port, String token, int count) {
        super(loop, piecesASecond);
        this.loop = loop;
        this.port = port;
        this.count = count;
        this.token = token;
    }

    @Override
    int streams() {
        return count;
    }

    @Override
    void ask(int stream, String content) {
        String body = "{\"model\":\"fairlead/llm\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                + content + "\"}]}";
        String request = HttpConnection.post(port, "/v1/chat/completions", token, "", body);
        if (stream == connections.size()) {
            connections.add(loop.open(port, request, this));
        } else if (connections.get(stream).hasEnded()) {
            connections.set(stream, loop.open(port, request, this));
        } else {
            connections.get(stream).ask(request);
        }
    }

    @Override
    public void close() {
        connections.forEach(StreamConnection::close);
    }

    @Override
    public void part(ByteBuffer payload) {
        if (AgentFleet.startsWith(payload, "data: {\"error\"")) {
            throw new IllegalStateException(
                    "A completion failed: " + StandardCharsets.UTF_8.decode(payload.duplicate()));
        }
        measure(payload);
    }

    @Override
    public void whole() {
        ended();
    }
}
