package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.client.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The connection of a chat, made anew whenever it is lost. It gives up where it never stood, and where another attempt
 * would be told the same. All on one event loop.
 */
final class ChatLink {
    /** Who is told what comes over it. */
    interface Listener {
        /** A connection stands; nothing has come over it yet. */
        void opened();

        void heard(JsonNode frame);

        /** It is lost; the next attempt comes by itself. */
        void lost(Optional<CloseCode> how, String why, Duration retryIn);

        /** There will be no other. */
        void over(ExitStatus status, String why);
    }

    private static final int MOST_MESSAGE_BYTES = 16 << 20;
    private static final int MOST_FRAME_CHARACTERS = 16 << 10; // three bytes each at most
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CLOSING = 503;

    private final Context context;
    private final WebSocketClient client; // without a strong reference its sockets close when it is collected
    private final GatewayOptions options;
    private final URI gateway;
    private final Supplier<String> query;
    private final Listener listener;
    private final Backoff backoff = Backoff.streams(new SplittableRandom());
    private Optional<Secret> given = Optional.empty();
    private Optional<Secret> token = Optional.empty();
    private Optional<WebSocket> socket = Optional.empty();
    private boolean stood;
    private boolean renewed; // the token, since a connection stood
    private boolean closed;

    /**
     * A link that is not open.
     *
     * @param query of the address, asked for before each attempt
     */
    ChatLink(Vertx vertx, Context context, GatewayOptions options, Supplier<String> query, Listener listener) {
        this.context = context;
        this.options = options;
        this.gateway = options.url();
        this.query = query;
        this.listener = listener;
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxFrameSize(MOST_MESSAGE_BYTES)
                .setMaxMessageSize(MOST_MESSAGE_BYTES)
                .setTryUsePerMessageCompression(false));
    }

    /** Begins, with what the user gave to prove who asks. */
    void open(Optional<Secret> credential) {
        given = credential;
        context.runOnContext(turn -> {
            if (given.isPresent()) {
                login().compose(ready -> attempt()).onFailure(this::refused);
            } else {
                connect();
            }
        });
    }

    void send(ChatCommand command) {
        socket.filter(open -> !open.isClosed()).ifPresent(open -> send(open, FrameCodec.text(command)));
    }

    /** In frames that any gateway takes, whose messages may be larger than its frames. */
    private static void send(WebSocket open, String text) {
        for (int from = 0, to; from < text.length(); from = to) {
            to = Math.min(from + MOST_FRAME_CHARACTERS, text.length());
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            String part = text.substring(from, to);
            boolean last = to == text.length();
            open.writeFrame(
                    from == 0
                            ? WebSocketFrame.textFrame(part, last)
                            : WebSocketFrame.continuationFrame(Buffer.buffer(part), last));
        }
    }

    /** Says good-bye; may be called from any thread. */
    Future<Void> close() {
        Promise<Void> gone = Promise.promise();
        context.runOnContext(turn -> {
            closed = true;
            socket.map(open -> open.close((short) CloseCode.NORMAL.code(), ""))
                    .orElseGet(Future::succeededFuture)
                    .transform(done -> client.close())
                    .onComplete(gone);
        });
        return gone.future();
    }

    private void connect() {
        if (!closed) {
            attempt().onFailure(this::refused);
        }
    }

    private Future<WebSocket> attempt() {
        return client.connect(handshake()).recover(this::asOwner).onSuccess(this::opened);
    }

    /** A password is changed for another token once; where none was given, the one the gateway made may be at hand. */
    private Future<WebSocket> asOwner(Throwable refusal) {
        boolean unauthorized =
                refusal instanceof UpgradeRejectedException rejected && rejected.getStatus() == UNAUTHORIZED;
        if (!unauthorized || renewed || given.filter(GatewayLogin::isToken).isPresent()) {
            return Future.failedFuture(refusal);
        }
        renewed = true;
        return login().compose(ready -> token.isPresent() ? client.connect(handshake()) : Future.failedFuture(refusal));
    }

    /** A password opens no socket: it is changed for a token first, with whoever proves to be the gateway. */
    private Future<Void> login() {
        GatewayLogin login = new GatewayLogin(options);
        return context.executeBlocking(() -> login.given().or(login::kept)).map(found -> {
            token = found;
            return null;
        });
    }

    private WebSocketConnectOptions handshake() {
        boolean tls = gateway.getScheme().equals("https");
        WebSocketConnectOptions handshake = new WebSocketConnectOptions()
                .setHost(gateway.getHost())
                .setPort(gateway.getPort() < 0 ? (tls ? 443 : 80) : gateway.getPort())
                .setSsl(tls)
                .setURI(Optional.ofNullable(gateway.getRawPath()).orElse("") + "/ws/chat" + query.get())
                .setAllowOriginHeader(false)
                .addSubProtocol("fairlead.v1");
        handshake.setTimeout(CONNECT_TIMEOUT_MS);
        token.ifPresent(secret -> handshake.putHeader("Authorization", "Bearer " + secret.reveal()));
        return handshake;
    }

    private void opened(WebSocket fresh) {
        socket = Optional.of(fresh);
        fresh.textMessageHandler(this::heard);
        fresh.exceptionHandler(ignored -> {}); // the close follows
        fresh.closeHandler(gone -> closed(fresh));
        listener.opened();
    }

    private void heard(String text) {
        JsonNode frame;
        try {
            frame = FrameCodec.tree(text);
        } catch (FairleadException notJson) {
            return;
        }
        stood = true;
        renewed = false;
        backoff.reset();
        listener.heard(frame);
    }

    private void closed(WebSocket gone) {
        if (closed || socket.filter(gone::equals).isEmpty()) {
            return;
        }
        socket = Optional.empty();
        Optional<CloseCode> how =
                Optional.ofNullable(gone.closeStatusCode()).flatMap(code -> CloseCode.of(code.intValue()));
        boolean last = how.filter(
                        code -> code.terminal() || code == CloseCode.NORMAL || code == CloseCode.CHAT_AGENT_FAILED)
                .isPresent();
        boolean another = how.equals(Optional.of(CloseCode.UNAUTHORIZED))
                && given.filter(GatewayLogin::isToken).isEmpty();
        if (last && !another) {
            over(WsSession.status(how.get()), "closed with " + how.get().code() + ": " + gone.closeReason());
        } else {
            again(how, another ? "the token has expired" : "the connection is lost");
        }
    }

    private void refused(Throwable failure) {
        if (failure instanceof CommandFailure login && (!stood || login.status() != ExitStatus.UNREACHABLE)) {
            over(login.status(), login.getMessage());
        } else if (failure instanceof UpgradeRejectedException rejected && rejected.getStatus() != CLOSING) {
            int status = rejected.getStatus();
            String body = Optional.ofNullable(rejected.getBody())
                    .map(said -> ": " + said)
                    .orElse("");
            over(
                    status == UNAUTHORIZED || status == FORBIDDEN ? ExitStatus.UNAUTHORIZED : ExitStatus.FAILED,
                    "the gateway refused with " + status + body);
        } else if (stood) {
            again(Optional.empty(), "the gateway is not there");
        } else {
            over(ExitStatus.UNREACHABLE, GatewayAway.words(gateway, failure));
        }
    }

    private void over(ExitStatus status, String why) {
        closed = true;
        listener.over(status, why);
    }

    private void again(Optional<CloseCode> how, String why) {
        Duration wait = backoff.next();
        listener.lost(how, why, wait);
        context.owner().setTimer(Math.max(1, wait.toMillis()), due -> connect());
    }
}
