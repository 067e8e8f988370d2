package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamControl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Follows a stream: the state first, then each change, in order, over any number of reconnects. After a reconnect it
 * goes on where it was, as long as the server still has what was missed; else the server sends the state anew.
 *
 * <pre>{@code
 * StreamClient stream = StreamClient.create(vertx, StreamClientOptions.of("ws://localhost:18800/ws/instances"));
 * stream.onFrame(frame -> System.out.println(frame.text()));
 * stream.start();
 * }</pre>
 *
 * <p>It stops by itself, in state {@link ConnectionState.Stopped}, where another attempt would be no use: a bad query
 * (400, 4400), no right to be there (401, 403, 4401, 4403), nothing there (404, 4404).
 *
 * <p>Set listeners before {@link #start}. What a client asked for on a connection ({@code subscribe} and the like) ends
 * with it: send it again on each {@link ConnectionState.Ready}.
 */
public final class StreamClient {
    private final ReconnectingLink link;
    private final Session session;

    private volatile Consumer<ConnectionState> stateListener = state -> {};
    private volatile Consumer<ReceivedFrame> frameListener = frame -> {};

    private StreamClient(Vertx vertx, StreamClientOptions options) {
        session = new Session(vertx, options);
        link = new ReconnectingLink(
                vertx,
                options.silence(),
                new Reconnection(options.backoff().get(), Set.of()),
                session,
                state -> stateListener.accept(state));
    }

    /** A client that does nothing yet. It lives on the Vert.x context this is called on, or on one of its own. */
    public static StreamClient create(Vertx vertx, StreamClientOptions options) {
        return new StreamClient(vertx, options);
    }

    /** Hears each frame but pongs, in order. */
    public StreamClient onFrame(Consumer<ReceivedFrame> listener) {
        frameListener = listener;
        return this;
    }

    /** Hears each change of the connection. */
    public StreamClient onState(Consumer<ConnectionState> listener) {
        stateListener = listener;
        return this;
    }

    /** Begins. Completes at the first frame; fails, with the reason, when there will never be one. */
    public Future<Void> start() {
        return link.start();
    }

    public ConnectionState state() {
        return link.state();
    }

    /** Sends a frame on the connection as it is; lost where there is none. */
    public void send(StreamControl.FromClient frame) {
        byte[] json = FrameCodec.encode(frame);
        link.context().runOnContext(go -> session.open.ifPresent(open -> open.send(json)));
    }

    /** Says good-bye (close 1000) and ends. May be called at any time, more than once. */
    public Future<Void> close() {
        return link.close();
    }

    /** The stream on its link. On the link's context only. */
    private final class Session implements ReconnectingLink.Session {
        private static final String SINCE = "since";

        private final Vertx vertx;
        private final StreamClientOptions options;
        private final ResumePoint resume = new ResumePoint();
        private Optional<Link> open = Optional.empty();
        private boolean proven;
        private long ping = -1;

        Session(Vertx vertx, StreamClientOptions options) {
            this.vertx = vertx;
            this.options = options;
        }

        @Override
        public Future<WebSocketConnectOptions> prepare() {
            Endpoint stream = Endpoint.parse(options.url());
            return Future.succeededFuture(resume.since()
                    .map(point -> stream.with(SINCE, point))
                    .orElse(stream)
                    .attempt(options.token(), options.timeout()));
        }

        @Override
        public void opened(Link opened) {
            open = Optional.of(opened);
            byte[] json = FrameCodec.encode(new StreamControl.Ping());
            ping = vertx.setPeriodic(options.pingInterval().toMillis(), due -> opened.send(json));
        }

        @Override
        public void message(Link source, String text) {
            JsonNode json;
            try {
                json = FrameCodec.tree(text);
            } catch (FairleadException e) {
                source.abandon(
                        CloseCode.INVALID_FRAME,
                        new LinkEnd.Garbled("The gateway sent what is no frame: " + e.getMessage()));
                return;
            }
            ReceivedFrame.Kind kind = kindOf(json.path("type").asText());
            if (kind != ReceivedFrame.Kind.ERROR && !proven) {
                proven = true;
                link.ready();
            }
            resume.received(json);
            if (!json.path("type").asText().equals("pong")) {
                frameListener.accept(new ReceivedFrame(kind, json, text));
            }
        }

        @Override
        public boolean ended(LinkEnd end) {
            vertx.cancelTimer(ping);
            open = Optional.empty();
            proven = false;
            return false;
        }

        private static ReceivedFrame.Kind kindOf(String type) {
            return switch (type) {
                case "snapshot", "backlog" -> ReceivedFrame.Kind.SNAPSHOT;
                case "resumed" -> ReceivedFrame.Kind.RESUMED;
                case "error" -> ReceivedFrame.Kind.ERROR;
                default -> ReceivedFrame.Kind.DELTA;
            };
        }
    }
}
