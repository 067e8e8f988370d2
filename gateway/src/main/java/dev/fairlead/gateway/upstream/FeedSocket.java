package dev.fairlead.gateway.upstream;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One WebSocket to a provider: whole text messages, bounded in size, and one word on how it ended. After its end
 * nothing is sent, heard or failed. Used on one event loop.
 */
public final class FeedSocket {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_FRAME_BYTES = 1 << 20;
    private static final int MOST_MESSAGE_BYTES = 4 << 20;

    /** What happens on a socket. */
    public interface Events {
        void opened();

        void received(byte[] message);

        /** It is gone, or never came; {@code why} is for people. */
        void closed(String why);
    }

    private final Events events;
    private WebSocket socket; // null until it is open
    private Buffer message = Buffer.buffer();
    private boolean over;

    private FeedSocket(Events events) {
        this.events = events;
    }

    /** What sockets are opened with; kept by its owner, who closes it. */
    public static WebSocketClient client(Vertx vertx) {
        return vertx.createWebSocketClient(new WebSocketClientOptions()
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setMaxFrameSize(MOST_FRAME_BYTES)
                .setMaxMessageSize(MOST_MESSAGE_BYTES));
    }

    /** Begins to open a socket. */
    public static FeedSocket open(WebSocketClient client, URI url, Events events) {
        FeedSocket opening = new FeedSocket(events);
        client.connect(new WebSocketConnectOptions()
                        .setAbsoluteURI(url.toString())
                        .setTimeout(CONNECT_TIMEOUT.toMillis())
                        .putHeader("User-Agent", UpstreamHttp.USER_AGENT))
                .onComplete(done -> opening.connected(url, done));
        return opening;
    }

    /** Sends a text message. */
    public void send(byte[] text) {
        if (!over && socket != null && !socket.isClosed()) {
            Future<Void> unused = socket.writeTextMessage(new String(text, StandardCharsets.UTF_8));
        }
    }

    /** Ends it; nothing more is told. */
    public void close() {
        over = true;
        if (socket != null && !socket.isClosed()) {
            Future<Void> unused = socket.close();
        }
    }

    private void connected(URI url, AsyncResult<WebSocket> done) {
        if (done.failed()) {
            end("cannot connect to " + Unreachable.of(url, done.cause()).getMessage());
            return;
        }
        socket = done.result();
        if (over) {
            close();
            return;
        }
        socket.exceptionHandler(broken -> {}); // the close handler follows; nothing to add
        socket.closeHandler(closed -> end("the connection was closed"
                + (socket.closeStatusCode() == null ? "" : " (" + socket.closeStatusCode() + ")")));
        socket.frameHandler(this::frame);
        events.opened();
    }

    private void frame(WebSocketFrame frame) {
        if (over || !(frame.isText() || frame.isContinuation())) {
            return;
        }
        message.appendBuffer(frame.binaryData());
        if (message.length() > MOST_MESSAGE_BYTES) {
            end("a message of more than " + MOST_MESSAGE_BYTES + " bytes");
            close();
        } else if (frame.isFinal()) {
            byte[] whole = message.getBytes();
            message = Buffer.buffer();
            events.received(whole);
        }
    }

    private void end(String why) {
        if (!over) {
            over = true;
            events.closed(why);
        }
    }
}
