package dev.fairlead.gateway.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.net.URI;

/**
 * What one would write with Vert.x alone to bring a model's stream to a WebSocket: what is sent is asked, each event is
 * passed on as it comes. Nothing is parsed, kept, checked or bounded.
 */
final class ChatProxyVerticle extends VerticleBase {
    /** What stands for the end of an answer. */
    static final String DONE = "[DONE]";

    private static final int DATA = "data: ".length();

    private final URI model;
    private HttpClient client;
    private HttpServer server;

    ChatProxyVerticle(URI model) {
        this.model = model;
    }

    @Override
    public Future<?> start() {
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(10_000));
        server = vertx.createHttpServer(new HttpServerOptions()
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setAcceptBacklog(4096));
        return server.webSocketHandler(socket -> socket.textMessageHandler(text -> ask(socket, text)))
                .listen(0, "127.0.0.1");
    }

    int port() {
        return server.actualPort();
    }

    private void ask(ServerWebSocket socket, String message) {
        String content = new JsonObject(message).getString("content");
        client.request(new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(model + "/chat/completions"))
                .compose(request -> request.send(
                        "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}"))
                .onSuccess(response -> pass(response, socket));
    }

    private static void pass(HttpClientResponse response, ServerWebSocket socket) {
        response.handler(RecordParser.newDelimited(
                "\n\n", (Buffer event) -> socket.writeTextMessage(event.getString(DATA, event.length()))));
    }
}
