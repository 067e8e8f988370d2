package dev.fairlead.gateway.upstream.kraken;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.upstream.FeedSession;
import dev.fairlead.gateway.upstream.FeedSocket;
import dev.fairlead.gateway.upstream.FeedTicket;
import dev.fairlead.gateway.upstream.QuoteFeed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import java.net.URI;
import java.util.Collection;
import java.util.Optional;

/** Kraken's public quotes, which need no credentials. */
public final class KrakenTickers implements QuoteFeed {
    private static final URI PUBLIC = URI.create("wss://ws.kraken.com/v2");

    /** Where both sockets have one host, their own hosts' names become the first part of the path. */
    private static final String PATH = "/ws/v2";

    private final TimeSource time;
    private final Scheduler scheduler;
    private final WebSocketClient client;
    private final URI url;

    /** @param baseUrl in place of Kraken's own */
    public KrakenTickers(Vertx vertx, TimeSource time, Optional<URI> baseUrl) {
        this.time = time;
        this.scheduler = new VertxScheduler(vertx);
        this.client = FeedSocket.client(vertx);
        this.url = baseUrl.map(KrakenTickers::below).orElse(PUBLIC);
    }

    @Override
    public boolean needsToken() {
        return false;
    }

    @Override
    public Future<FeedTicket> ticket(Optional<Secret> accessToken) {
        return Future.succeededFuture(new FeedTicket(url, Optional.empty(), Optional.empty()));
    }

    @Override
    public Session open(FeedTicket ticket, Collection<String> symbols, Listener listener) {
        return FeedSession.open(
                client,
                scheduler,
                ticket.url(),
                (wire, told) -> new KrakenTickerProtocol(time, symbols, wire, told),
                listener);
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }

    private static URI below(URI base) {
        String text = base.toString().replaceFirst("^http", "ws");
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + PATH);
    }
}
