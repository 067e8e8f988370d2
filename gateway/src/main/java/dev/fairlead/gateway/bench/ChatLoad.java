package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Chats that all ask at about the same time and are answered piece by piece; how long each piece took from the model to
 * here.
 */
final class ChatLoad implements Load {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Chats do not all ask in the same millisecond. */
    private static final Duration BETWEEN = Duration.ofMillis(10);

    private static final String GATEWAY_DONE = "{\"type\":\"done\"";
    private static final String GATEWAY_ERROR = "{\"type\":\"error\"";
    private static final String GATEWAY_START = "{\"type\":\"session_start\"";

    private final LoadLoop loop;
    private final int piecesASecond;
    private final List<LoadConnection> connections = new ArrayList<>();
    private Histogram latencies = Sample.histogram();
    private long pieces;
    private int started;
    private int ended;

    ChatLoad(LoadLoop loop, int piecesASecond) {
        this.loop = loop;
        this.piecesASecond = piecesASecond;
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
    public Sample round(Duration duration) {
        latencies = Sample.histogram();
        pieces = 0;
        ended = 0;
        long wanted = duration.toMillis() * piecesASecond / 1000;
        byte[] message =
                MaskedFrames.text("{\"type\":\"message\",\"content\":\"" + wanted + " " + 1000 / piecesASecond + "\"}");
        long begin = loop.now();
        connections.forEach(connection -> {
            connection.send(message);
            loop.run(BETWEEN);
        });
        loop.runUntil(() -> ended == connections.size(), duration.plus(PATIENCE));
        if (pieces != wanted * connections.size()) {
            throw new IllegalStateException(
                    pieces + " pieces came of " + wanted * connections.size() + " that were sent");
        }
        return new Sample(pieces, loop.now() - begin, latencies);
    }

    @Override
    public void close() {
        connections.forEach(LoadConnection::close);
    }

    private void heard(LoadConnection connection, ByteBuffer payload) {
        if (AgentFleet.startsWith(payload, GATEWAY_DONE) || AgentFleet.startsWith(payload, ChatProxyVerticle.DONE)) {
            ended++;
        } else if (AgentFleet.startsWith(payload, GATEWAY_START)) {
            started++;
        } else if (AgentFleet.startsWith(payload, GATEWAY_ERROR)) {
            throw new IllegalStateException("A chat failed: " + StandardCharsets.UTF_8.decode(payload.duplicate()));
        } else {
            measure(payload);
        }
    }

    private void measure(ByteBuffer payload) {
        int last = payload.limit() - ModelServerVerticle.MARK.length();
        for (int at = payload.position(); at < last; at++) {
            if (payload.get(at) == '"' && payload.get(at + 1) == 't' && payload.get(at + 2) == '=') {
                long sent = 0;
                for (int i = at + ModelServerVerticle.MARK.length(); payload.get(i) != ' '; i++) {
                    sent = sent * 10 + payload.get(i) - '0';
                }
                pieces++;
                latencies.recordValue(Math.max(0, loop.now() - sent));
                return;
            }
        }
    }
}
