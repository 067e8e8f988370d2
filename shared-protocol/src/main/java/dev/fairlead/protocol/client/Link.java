package dev.fairlead.protocol.client;

import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorBody;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.VisibleText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One connection, from the attempt to its end, which is reported exactly once. Notices a link that is dead without
 * having been closed. To be used on one context only.
 */
final class Link {
    /** Silence is looked for that many times within the time allowed, so it is noticed at most a ninth late. */
    private static final int LOOKS = 9;

    private static final int MAX_MESSAGE_CHARS = 300;

    /** Told what comes; never again after {@link #ended}. */
    interface Listener {
        void opened(Link link);

        void message(Link link, String text);

        void ended(Link link, LinkEnd end);
    }

    private final Vertx vertx;
    private final ClientWebSocket socket;
    private final Listener listener;
    private final Duration silence;
    private boolean open;
    private boolean over;
    private int silentLooks;
    private long watch = -1;

    private Link(Vertx vertx, ClientWebSocket socket, Duration silence, Listener listener) {
        this.vertx = vertx;
        this.socket = socket;
        this.silence = silence;
        this.listener = listener;
    }

    static Link connect(
            Vertx vertx, WebSocketClient client, WebSocketConnectOptions options, Duration silence, Listener listener) {
        Link link = new Link(vertx, client.webSocket(), silence, listener);
        link.open(options);
        return link;
    }

    private void open(WebSocketConnectOptions options) {
        // Handlers first: what comes with the upgrade's answer must not be lost.
        socket.frameHandler(frame -> silentLooks = 0);
        socket.textMessageHandler(text -> {
            if (!over) {
                listener.message(this, text);
            }
        });
        socket.binaryMessageHandler(
                binary -> abandon(CloseCode.INVALID_FRAME, new LinkEnd.Garbled("The gateway sent a binary message")));
        socket.exceptionHandler(failure -> {
            // A message over the limit leaves the socket open; of a broken connection the close tells.
            if (open && !socket.isClosed() && !(failure instanceof IOException)) {
                abandon(CloseCode.TOO_BIG, new LinkEnd.Garbled("The gateway sent what cannot be read"));
            }
        });
        socket.closeHandler(closed -> end(new LinkEnd.Closed(
                Optional.ofNullable(socket.closeStatusCode())
                        .map(Short::intValue)
                        .orElse(1006),
                shortened(Optional.ofNullable(socket.closeReason()).orElse("")))));
        socket.connect(options).onComplete(connected -> opened(), failure -> end(refusal(failure)));
    }

    private void opened() {
        if (over) {
            socket.close(); // abandoned while it connected
            return;
        }
        open = true;
        watch = vertx.setPeriodic(Math.max(1, silence.toMillis() / LOOKS), id -> {
            if (++silentLooks > LOOKS) {
                abandon(CloseCode.GOING_AWAY, new LinkEnd.HalfOpen(silence));
            }
        });
        listener.opened(this);
    }

    /** Sends one text message. What fails to be sent is seen by the end of the link. */
    void send(byte[] json) {
        if (open && !over) {
            socket.writeTextMessage(new String(json, StandardCharsets.UTF_8));
        }
    }

    /** Ends the link from this side; its end is reported at once, whatever the peer does. */
    void abandon(CloseCode code, LinkEnd end) {
        if (!over) {
            end(end);
            close(code);
        }
    }

    /** Ends the link without a report. Completes when the peer has answered the close, or did not in time. */
    Future<Void> close(CloseCode code) {
        stopWatching();
        over = true;
        if (!open || socket.isClosed()) {
            return Future.succeededFuture();
        }
        return socket.close((short) code.code(), "").otherwiseEmpty();
    }

    private void end(LinkEnd end) {
        stopWatching();
        if (!over) {
            over = true;
            listener.ended(this, end);
        }
    }

    private void stopWatching() {
        if (watch >= 0) {
            vertx.cancelTimer(watch);
            watch = -1;
        }
    }

    private static LinkEnd refusal(Throwable failure) {
        if (failure instanceof UpgradeRejectedException rejected) {
            return new LinkEnd.Refused(rejected.getStatus(), refusalMessage(rejected), retryAfter(rejected));
        }
        return new LinkEnd.Unreachable("Cannot connect: "
                + shortened(Optional.ofNullable(failure.getMessage())
                        .orElse(failure.getClass().getSimpleName())));
    }

    /** What the body says, where it is ours; a proxy's page helps nobody. */
    private static String refusalMessage(UpgradeRejectedException rejected) {
        if (rejected.getBody() == null) {
            return "";
        }
        try {
            byte[] body = rejected.getBody().getBytes();
            return shortened(FrameCodec.fromTree(FrameCodec.tree(body), ErrorBody.class)
                    .error()
                    .message());
        } catch (FairleadException e) {
            return "";
        }
    }

    private static Duration retryAfter(UpgradeRejectedException rejected) {
        try {
            return Optional.ofNullable(rejected.getHeaders().get("Retry-After"))
                    .map(seconds -> Duration.ofSeconds(Math.max(0, Integer.parseInt(seconds.strip()))))
                    .orElse(Duration.ZERO);
        } catch (NumberFormatException e) { // a date: the backoff will do
            return Duration.ZERO;
        }
    }

    private static String shortened(String text) {
        return VisibleText.cut(text, MAX_MESSAGE_CHARS);
    }
}
