package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.http.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** A protocol on its socket. After its end, whoever ended it, nothing is sent or told. Used on one event loop. */
public final class FeedSession implements QuoteFeed.Session {
    private static final Duration TICK = Duration.ofMillis(250);

    /** Makes the protocol of a session. */
    @FunctionalInterface
    public interface Protocols {
        /**
         * One protocol for one connection.
         *
         * @param wire takes what is to be sent, a text message each
         */
        FeedProtocol of(Consumer<byte[]> wire, QuoteFeed.Listener listener);
    }

    private final FeedProtocol protocol;
    private final FeedSocket socket;
    private final Scheduler.Cancellable ticks;
    private boolean over;

    private FeedSession(
            WebSocketClient client, Scheduler scheduler, URI url, Protocols protocols, QuoteFeed.Listener listener) {
        this.protocol = protocols.of(this::send, new Heard(listener));
        this.ticks = scheduler.every(TICK, protocol::tick);
        this.socket = FeedSocket.open(client, url, new Wire());
    }

    /** Begins to connect. */
    public static QuoteFeed.Session open(
            WebSocketClient client, Scheduler scheduler, URI url, Protocols protocols, QuoteFeed.Listener listener) {
        return new FeedSession(client, scheduler, url, protocols, listener);
    }

    @Override
    public void subscribe(Collection<String> symbols) {
        protocol.subscribe(symbols);
    }

    @Override
    public void unsubscribe(Collection<String> symbols) {
        protocol.unsubscribe(symbols);
    }

    @Override
    public void close() {
        over = true;
        ticks.cancel();
        socket.close();
    }

    private void send(byte[] text) {
        socket.send(text);
    }

    private final class Wire implements FeedSocket.Events {
        @Override
        public void opened() {
            protocol.opened();
        }

        @Override
        public void received(byte[] message) {
            protocol.received(message);
        }

        @Override
        public void closed(String why) {
            protocol.closed(why);
        }
    }

    private final class Heard implements QuoteFeed.Listener {
        private final QuoteFeed.Listener listener;

        Heard(QuoteFeed.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void ready() {
            if (!over) {
                listener.ready();
            }
        }

        @Override
        public void quotes(List<MarketQuote> quotes) {
            if (!over) {
                listener.quotes(quotes);
            }
        }

        @Override
        public void unknown(String symbol, String why) {
            if (!over) {
                listener.unknown(symbol, why);
            }
        }

        @Override
        public void remarked(String what) {
            if (!over) {
                listener.remarked(what);
            }
        }

        @Override
        public void ended(FeedEnd end) {
            if (!over) {
                close();
                listener.ended(end);
            }
        }
    }
}
