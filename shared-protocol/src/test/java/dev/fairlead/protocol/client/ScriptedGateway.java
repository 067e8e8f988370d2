package dev.fairlead.protocol.client;

import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentEnvelope;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The other end of a client's wire: real sockets, and a script that says what happens at which attempt. */
final class ScriptedGateway {
    /** One attempt to connect. */
    record Attempt(int number, String uri, String authorization, HttpServerRequest request) {
        void refuse(int status, String body) {
            request.response().setStatusCode(status).end(body);
        }

        void accept(Consumer<ServerWebSocket> script) {
            request.pause();
            request.toWebSocket().onSuccess(script::accept);
        }
    }

    final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    final List<String> received = new CopyOnWriteArrayList<>();
    final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();
    final List<Integer> closeCodes = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    ScriptedGateway(Vertx vertx, Consumer<Attempt> script) throws Exception {
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> {
                    Attempt attempt = new Attempt(
                            attempts.size() + 1,
                            request.uri(),
                            Optional.ofNullable(request.getHeader("Authorization"))
                                    .orElse(""),
                            request);
                    attempts.add(attempt);
                    script.accept(attempt);
                });
        server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    String url(String path) {
        return "ws://127.0.0.1:" + server.actualPort() + path;
    }

    /** Notes what comes, answers nothing. */
    void listen(ServerWebSocket socket) {
        sockets.add(socket);
        socket.textMessageHandler(received::add);
        socket.closeHandler(closed -> closeCodes.add(Optional.ofNullable(socket.closeStatusCode())
                .map(Short::intValue)
                .orElse(1006)));
    }

    /** Registers the agent at once. */
    void register(ServerWebSocket socket, Optional<String> permanentToken, long heartbeatMillis) {
        listen(socket);
        send(
                socket,
                AgentEnvelope.of(
                        AgentSubjects.REGISTER_ACK,
                        new AgentData.Registered(
                                "id-1", "agent-1", permanentToken, heartbeatMillis, TokenState.VALID, 1, 1)));
    }

    static void send(ServerWebSocket socket, AgentEnvelope envelope) {
        socket.writeTextMessage(new String(envelope.encode(), StandardCharsets.UTF_8));
    }

    /** The newest socket. */
    ServerWebSocket socket() {
        return sockets.get(sockets.size() - 1);
    }
}
