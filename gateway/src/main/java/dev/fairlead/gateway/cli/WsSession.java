package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One WebSocket between stdin and stdout. */
final class WsSession {

    /** The largest message taken; a snapshot of a large fleet is some MiB. */
    private static final int MOST_MESSAGE_BYTES = 64 << 20;

    private static final int CONNECT_TIMEOUT_MS = 5_000;
    /** What a socket says of itself where no close came (RFC 6455, 7.4.1). */
    private static final int BROKEN = 1006;

    private final Console console;
    private final URI gateway;
    private final String target;
    private final Supplier<Optional<Secret>> kept;
    private final List<String> headers;
    private final List<String> subProtocols;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private Optional<Secret> bearer;

    WsSession(Console console, String target, GatewayOptions gateway, List<String> headers, List<String> subProtocols) {
        this.console = console;
        this.gateway = gateway.url();
        this.target = target;
        GatewayLogin login = new GatewayLogin(gateway);
        this.bearer = login.given();
        this.kept = login::kept;
        this.headers = headers;
        this.subProtocols = subProtocols;
    }

    /** Runs until the socket ends; {@code exitOnEof} ends it with stdin. */
    ExitStatus run(boolean exitOnEof) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        // Used again at the end: a client that the garbage collector takes closes its sockets.
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxFrameSize(MOST_MESSAGE_BYTES)
                .setMaxMessageSize(MOST_MESSAGE_BYTES)
                .setTryUsePerMessageCompression(false));
        try {
            client.connect(handshake())
                    .recover(refusal -> asOwner(client, refusal))
                    .onSuccess(socket -> open(socket, exitOnEof))
                    .onFailure(refusal -> ended.complete(refused(refusal)));
            return ended.join();
        } finally {
            client.close().onComplete(closed -> vertx.close());
        }
    }

    /** A gateway that wants to know who asks is told the password it made, where nothing else was given. */
    private Future<WebSocket> asOwner(WebSocketClient client, Throwable refusal) {
        if (refusal instanceof UpgradeRejectedException rejected && rejected.getStatus() == 401 && bearer.isEmpty()) {
            bearer = kept.get();
            return bearer.isPresent() ? client.connect(handshake()) : Future.failedFuture(refusal);
        }
        return Future.failedFuture(refusal);
    }

    private WebSocketConnectOptions handshake() {
        boolean tls = gateway.getScheme().equals("https");
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(gateway.getHost())
                .setPort(gateway.getPort() < 0 ? (tls ? 443 : 80) : gateway.getPort())
                .setSsl(tls)
                .setURI(Optional.ofNullable(gateway.getRawPath()).orElse("") + target)
                .setAllowOriginHeader(false)
                .setSubProtocols(subProtocols);
        options.setTimeout(CONNECT_TIMEOUT_MS);
        bearer.ifPresent(secret -> options.putHeader("Authorization", "Bearer " + secret.reveal()));
        for (String header : headers) {
            int colon = header.indexOf(':');
            options.putHeader(
                    header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return options;
    }

    private void open(WebSocket socket, boolean exitOnEof) {
        socket.textMessageHandler(this::print);
        socket.binaryMessageHandler(bytes -> console.err().println("(" + bytes.length() + " bytes, binary)"));
        socket.exceptionHandler(failure -> {
            // That it broke is told at its close, in one line.
            if (!(failure instanceof HttpClosedException || failure instanceof IOException)) {
                console.err().println("fairlead: " + failure.getMessage());
            }
        });
        socket.closeHandler(closed -> ended.complete(closed(socket)));
        TerminationSignals.onFirst(() -> {
            ended.complete(ExitStatus.OK);
            socket.close((short) CloseCode.NORMAL.code(), "");
        });
        Thread typing = new Thread(() -> sendLines(socket, exitOnEof), "stdin");
        typing.setDaemon(true);
        typing.start();
    }

    private void print(String frame) {
        console.out().println(frame);
        if (console.out().checkError()) {
            // Whoever read stdout is gone: `fairlead ws … | head -1`.
            ended.complete(ExitStatus.OK);
        }
    }

    private void sendLines(WebSocket socket, boolean exitOnEof) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    // One at a time: what is typed faster than the gateway takes it waits in the pipe.
                    socket.writeTextMessage(line)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .exceptionally(lost -> null)
                            .join();
                }
            }
        } catch (IOException e) {
            console.err().println("fairlead: stdin cannot be read: " + e.getMessage());
        }
        if (exitOnEof) {
            socket.close((short) CloseCode.NORMAL.code(), "");
        }
    }

    private ExitStatus closed(WebSocket socket) {
        Optional<Short> code = Optional.ofNullable(socket.closeStatusCode());
        if (code.isEmpty() || code.get() == BROKEN) {
            console.err().println("fairlead: the connection broke: the gateway was ended, or the network between");
            return ExitStatus.UNREACHABLE;
        }
        String reason = Optional.ofNullable(socket.closeReason())
                .filter(text -> !text.isBlank())
                .map(text -> ": " + text)
                .orElse("");
        console.err().println("fairlead: closed with " + code.get() + reason);
        return CloseCode.of(code.get()).map(WsSession::status).orElse(ExitStatus.FAILED);
    }

    static ExitStatus status(CloseCode code) {
        return switch (code) {
            case NORMAL -> ExitStatus.OK;
            case UNAUTHORIZED, FORBIDDEN -> ExitStatus.UNAUTHORIZED;
            case GOING_AWAY -> ExitStatus.UNREACHABLE;
            default -> ExitStatus.FAILED;
        };
    }

    private ExitStatus refused(Throwable failure) {
        if (failure instanceof UpgradeRejectedException rejected) {
            int status = rejected.getStatus();
            String body = Optional.ofNullable(rejected.getBody())
                    .map(Buffer::toString)
                    .orElse("");
            console.err().println("fairlead: the gateway refused with " + status + ": " + body);
            return status == 401 || status == 403 ? ExitStatus.UNAUTHORIZED : ExitStatus.FAILED;
        }
        if (failure instanceof CommandFailure told) {
            console.err().println("fairlead: " + told.getMessage());
            return told.status();
        }
        console.err().println("fairlead: " + GatewayAway.words(gateway, failure));
        return ExitStatus.UNREACHABLE;
    }
}
