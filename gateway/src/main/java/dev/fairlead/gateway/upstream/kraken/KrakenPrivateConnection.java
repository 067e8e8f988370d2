package dev.fairlead.gateway.upstream.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.upstream.PrivateConnection;
import dev.fairlead.gateway.upstream.Unreachable;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kraken's private socket (v2), held open by a subscription to the account's executions: while it lives, its token does
 * not expire. Orders go over it. All that happens to it happens on the event loop that opened it; calls may come from
 * any context and are answered there.
 */
public final class KrakenPrivateConnection implements PrivateConnection {
    private static final Logger log = LoggerFactory.getLogger(KrakenPrivateConnection.class);
    private static final URI ADDRESS = URI.create("wss://ws-auth.kraken.com/v2");

    /** Under a given base URL, as the simulator has it. */
    private static final String PATH = "/ws-auth/v2";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(1);
    private static final int MOST_FRAME_BYTES = 1 << 20;

    private final Vertx vertx;
    private final TimeSource time;
    private final URI uri;
    private Optional<Session> current = Optional.empty();
    private Optional<Context> owner = Optional.empty();
    private Optional<WebSocketClient> client = Optional.empty();
    private volatile Runnable executed = () -> {};

    /** One socket, from its opening to its end. */
    private record Session(WebSocket socket, KrakenDialogue dialogue, Secret token, Scheduler.Cancellable watch) {}

    /** @param baseUrl in place of Kraken's own address */
    public KrakenPrivateConnection(Vertx vertx, TimeSource time, Optional<URI> baseUrl) {
        this.vertx = vertx;
        this.time = time;
        this.uri = baseUrl.map(KrakenPrivateConnection::socketUnder).orElse(ADDRESS);
    }

    private static URI socketUnder(URI baseUrl) {
        String base = baseUrl.toString().replaceFirst("^http", "ws");
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH);
    }

    @Override
    public Future<Void> open(Secret token, Consumer<String> lost) {
        Context context = vertx.getOrCreateContext();
        synchronized (this) {
            owner = Optional.of(context);
            if (client.isEmpty()) {
                client = Optional.of(vertx.createWebSocketClient(new WebSocketClientOptions()
                        .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                        .setTryUsePerFrameCompression(false)
                        .setTryUsePerMessageCompression(false)
                        .setMaxFrameSize(MOST_FRAME_BYTES)
                        .setMaxMessageSize(MOST_FRAME_BYTES)));
            }
        }
        endQuietly("replaced");
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setAbsoluteURI(uri.toString())
                .setTimeout(CONNECT_TIMEOUT.toMillis())
                .putHeader("User-Agent", UpstreamHttp.USER_AGENT);
        return client.orElseThrow()
                .connect(options)
                .recover(failure -> Future.failedFuture("Kraken's private socket cannot be reached: "
                        + Unreachable.of(uri, failure).getMessage()))
                .compose(socket -> subscribe(socket, token, lost));
    }

    private Future<Void> subscribe(WebSocket socket, Secret token, Consumer<String> lost) {
        Promise<Void> subscribed = Promise.promise();
        KrakenDialogue dialogue = new KrakenDialogue(time, text -> {
            if (!socket.isClosed()) {
                Future<Void> unused = socket.writeTextMessage(text);
            }
        });
        Scheduler.Cancellable watch = new VertxScheduler(vertx)
                .every(WATCH_PERIOD, () -> dialogue.tick().ifPresent(this::end));
        Session session = new Session(socket, dialogue, token, watch);
        current = Optional.of(session);
        socket.textMessageHandler(text -> heard(session, text));
        socket.exceptionHandler(broken -> log.debug("Kraken's private socket broke", broken));
        socket.closeHandler(closed -> {
            if (current.filter(session::equals).isPresent()) {
                end("closed by Kraken" + code(socket));
            }
        });
        dialogue.onExecution(() -> executed.run());
        dialogue.onEnd(why -> {
            if (!subscribed.tryFail(why) && subscribed.future().succeeded()) {
                lost.accept(why);
            }
        });
        dialogue.whenReady()
                .compose(status -> {
                    log.info("Kraken's private socket is connection {}", status);
                    return dialogue.ask("subscribe", executions(token));
                })
                .onComplete(done -> {
                    if (done.succeeded()) {
                        subscribed.tryComplete();
                    } else {
                        subscribed.tryFail(refusal(done.cause()));
                        end("not subscribed");
                    }
                });
        return subscribed.future();
    }

    /** Tells of every piece of news of an order from now on, on whatever connection there is. */
    void onExecution(Runnable told) {
        executed = told;
    }

    /**
     * Asks Kraken over the connection, with its token among {@code params}.
     *
     * @return the result; fails with {@link KrakenDialogue.Refused}, with {@link KrakenDialogue.NotSent}, or, where
     *     nobody knows, with something else
     */
    Future<JsonNode> ask(String method, ObjectNode params) {
        Context caller = vertx.getOrCreateContext();
        Promise<JsonNode> answered = Promise.promise();
        Optional<Context> loop;
        synchronized (this) {
            loop = owner;
        }
        if (loop.isEmpty()) {
            return Future.failedFuture(new KrakenDialogue.NotSent("the private connection is not up"));
        }
        loop.get().runOnContext(turn -> current.filter(
                        session -> session.dialogue().isReady())
                .map(session -> session.dialogue()
                        .ask(method, params.put("token", session.token().reveal())))
                .orElseGet(() -> Future.failedFuture(new KrakenDialogue.NotSent("the private connection is not up")))
                .onComplete(done -> caller.runOnContext(back -> {
                    if (done.succeeded()) {
                        answered.complete(done.result());
                    } else {
                        answered.fail(done.cause());
                    }
                })));
        return answered.future();
    }

    @Override
    public Future<Void> close() {
        endQuietly("the gateway is shutting down");
        Optional<WebSocketClient> opened;
        synchronized (this) {
            opened = client;
            client = Optional.empty(); // it may be opened again
        }
        return opened.map(WebSocketClient::close).orElseGet(Future::succeededFuture);
    }

    private void heard(Session session, String text) {
        try {
            session.dialogue().heard(FrameCodec.tree(text.getBytes(StandardCharsets.UTF_8)));
        } catch (FairleadException e) {
            end("what Kraken sends is not JSON");
        }
    }

    private void endQuietly(String why) {
        current.ifPresent(session -> session.dialogue().onEnd(told -> {}));
        end(why);
    }

    /** Ends the connection there is, from our side or after theirs. */
    private void end(String why) {
        Optional<Session> ending = current;
        current = Optional.empty();
        ending.ifPresent(session -> {
            session.watch().cancel();
            if (!session.socket().isClosed()) {
                Future<Void> unused = session.socket().close();
            }
            session.dialogue().end(why);
        });
    }

    private static ObjectNode executions(Secret token) {
        return FrameCodec.object()
                .put("channel", "executions")
                .put("token", token.reveal())
                .put("snap_orders", true);
    }

    private static Throwable refusal(Throwable failure) {
        return failure instanceof KrakenDialogue.Refused && failure.getMessage().startsWith("ESession:")
                ? new TokenNotAccepted("Kraken does not accept the session's token: " + failure.getMessage())
                : failure;
    }

    private static String code(WebSocket socket) {
        return socket.closeStatusCode() == null ? "" : " (" + socket.closeStatusCode() + ")";
    }
}
