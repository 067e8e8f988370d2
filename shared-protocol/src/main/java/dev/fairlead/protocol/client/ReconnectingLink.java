package dev.fairlead.protocol.client;

import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps one link up: attempts, waits, attempts again, until it is closed or told that it is no use. */
final class ReconnectingLink implements Link.Listener {
    /** The largest message either end accepts, in bytes. */
    private static final int MAX_MESSAGE = 256 * 1024;

    /** What differs between an agent and a stream. All is called on the link's context. */
    interface Session {
        /**
         * What to connect with; asked before each attempt. A failure ends it all, save {@code connection_lost}, which
         * ends the attempt.
         */
        Future<WebSocketConnectOptions> prepare();

        void opened(Link link);

        void message(Link link, String text);

        /** The link is gone. Answers whether to try again at once, with another credential. */
        boolean ended(LinkEnd end);

        /** What to add to the reason of an end that is final. */
        default String advice(ErrorCode code) {
            return "";
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final WebSocketClient client; // without a strong reference its sockets close when it is collected
    private final Duration silence;
    private final Reconnection reconnection;
    private final Session session;
    private final Consumer<ConnectionState> listener;
    private final Promise<Void> firstReady = Promise.promise();

    private volatile ConnectionState state = new ConnectionState.Connecting();
    private boolean started;
    private Optional<Link> link = Optional.empty();
    private long timer = -1;

    ReconnectingLink(
            Vertx vertx,
            Duration silence,
            Reconnection reconnection,
            Session session,
            Consumer<ConnectionState> listener) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setTryUsePerMessageCompression(false)
                .setTryUsePerFrameCompression(false)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE)
                .setClosingTimeout(2));
        this.silence = silence;
        this.reconnection = reconnection;
        this.session = session;
        this.listener = listener;
    }

    Context context() {
        return context;
    }

    ConnectionState state() {
        return state;
    }

    /** Begins. Completes when the link is ready for the first time, fails when it never will be. */
    Future<Void> start() {
        context.runOnContext(go -> {
            if (!started && !isStopped()) {
                started = true;
                attempt();
            }
        });
        return firstReady.future();
    }

    private void attempt() {
        become(new ConnectionState.Connecting());
        session.prepare()
                .onComplete(prepared -> context.runOnContext(go -> {
                    if (isStopped()) {
                        return;
                    }
                    if (prepared.succeeded()) {
                        link = Optional.of(Link.connect(vertx, client, prepared.result(), silence, this));
                    } else if (isLost(prepared.cause())) {
                        lost(new LinkEnd.Unreachable(prepared.cause().getMessage()));
                    } else {
                        stop(stopped(prepared.cause()));
                    }
                }));
    }

    @Override
    public void opened(Link opened) {
        session.opened(opened);
    }

    @Override
    public void message(Link source, String text) {
        session.message(source, text);
    }

    @Override
    public void ended(Link gone, LinkEnd end) {
        lost(end);
    }

    private void lost(LinkEnd end) {
        link = Optional.empty();
        if (isStopped()) {
            return;
        }
        if (session.ended(end)) {
            attempt();
            return;
        }
        ConnectionState next = reconnection.after(end);
        if (next instanceof ConnectionState.Disconnected wait) {
            become(wait);
            timer = vertx.setTimer(Math.max(1, wait.retryIn().toMillis()), due -> attempt());
        } else if (next instanceof ConnectionState.Stopped stopped) {
            String advice = stopped.code().map(session::advice).orElse("");
            stop(new ConnectionState.Stopped(stopped.code(), stopped.reason() + advice));
        }
    }

    /** The link proved good: registered, or a first frame came. */
    void ready() {
        reconnection.ready();
        become(new ConnectionState.Ready());
        firstReady.tryComplete();
    }

    /** Closes with 1000 and ends it all. Completes when the peer has answered, or did not in time. */
    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(go -> {
            Future<Void> last = link.map(l -> l.close(CloseCode.NORMAL)).orElseGet(Future::succeededFuture);
            link.ifPresent(open -> session.ended(new LinkEnd.Closed(CloseCode.NORMAL.code(), "Closed by its owner")));
            link = Optional.empty();
            stop(new ConnectionState.Stopped(Optional.empty(), "Closed by its owner"));
            last.transform(done -> client.close()).onComplete(closed);
        });
        return closed.future();
    }

    private void stop(ConnectionState.Stopped last) {
        vertx.cancelTimer(timer);
        if (!isStopped()) {
            become(last);
            firstReady.tryFail(new FairleadException(last.code().orElse(ErrorCode.CONNECTION_LOST), last.reason()));
        }
    }

    private boolean isStopped() {
        return state instanceof ConnectionState.Stopped;
    }

    private void become(ConnectionState next) {
        state = next;
        context.runOnContext(go -> listener.accept(next)); // a listener that throws must not end the attempts
    }

    private static boolean isLost(Throwable cause) {
        return cause instanceof FairleadException e && e.code() == ErrorCode.CONNECTION_LOST;
    }

    private static ConnectionState.Stopped stopped(Throwable cause) {
        return cause instanceof FairleadException e
                ? new ConnectionState.Stopped(Optional.of(e.code()), e.getMessage())
                : new ConnectionState.Stopped(Optional.of(ErrorCode.INTERNAL), "Cannot connect: " + cause.getMessage());
    }
}
