package dev.fairlead.gateway.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one would write with Vert.x alone: text echo, fan-out of what was encoded once, one write for each socket,
 * routing by cutting strings, and as many bytes as a GET asks for. No credentials, no checks, no limits, no bounds, no
 * metrics, and, as it comes, no parsing of JSON.
 */
final class BareServerVerticle extends VerticleBase {
    private record Asked(ServerWebSocket asker, String reply) {}

    private final Set<ServerWebSocket> subscribers = new HashSet<>();
    private final Map<String, ServerWebSocket> byName = new HashMap<>();
    private final Map<String, Asked> pending = new HashMap<>();
    private long lastInbox;
    private Context own;
    private HttpServer server;

    @Override
    public Future<?> start() {
        own = context;
        server = vertx.createHttpServer(new HttpServerOptions()
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setAcceptBacklog(4096));
        return server.webSocketHandler(this::opened)
                .requestHandler(request -> request.response()
                        .end("x".repeat(Integer.parseInt(request.path().substring(1)))))
                .listen(0, "127.0.0.1");
    }

    int port() {
        return server.actualPort();
    }

    void publish(int count, int bytes) {
        own.runOnContext(ignored -> {
            for (int i = 0; i < count; i++) {
                Buffer event = Buffer.buffer("x".repeat(bytes));
                subscribers.forEach(socket -> socket.writeBinaryMessage(event));
            }
        });
    }

    private void opened(ServerWebSocket socket) {
        String path = socket.path();
        if (path.equals("/echo")) {
            socket.textMessageHandler(socket::writeTextMessage);
        } else if (path.equals("/events")) {
            subscribers.add(socket);
            socket.closeHandler(ignored -> subscribers.remove(socket));
        } else {
            byName.put(path.substring(1), socket);
            socket.textMessageHandler(text -> routed(socket, text));
        }
    }

    /** Subject, reply and data stand in the order in which the load writes them. */
    private void routed(ServerWebSocket socket, String text) {
        int start = "{\"subject\":\"".length();
        int end = text.indexOf('"', start);
        String subject = text.substring(start, end);
        int data = text.indexOf(",\"data\":", end);
        if (subject.startsWith("inbox.")) {
            Asked asked = pending.remove(subject);
            asked.asker.writeTextMessage("{\"subject\":\"" + asked.reply + '"' + text.substring(data));
            return;
        }
        int name = subject.indexOf('.') + 1;
        int rest = subject.indexOf('.', name);
        int reply = end + "\",\"reply\":\"".length();
        String inbox = "inbox." + ++lastInbox;
        pending.put(inbox, new Asked(socket, text.substring(reply, text.indexOf('"', reply))));
        byName.get(subject.substring(name, rest))
                .writeTextMessage("{\"subject\":\"" + subject.substring(rest + 1) + "\",\"reply\":\"" + inbox + '"'
                        + text.substring(data));
    }
}
