package dev.fairlead.gateway.upstream.dxlink;

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
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/** Quotes over DXLink; whoever sells them hands out the tickets. */
public final class DxLinkFeed implements QuoteFeed {
    private final TimeSource time;
    private final Scheduler scheduler;
    private final WebSocketClient client;
    private final Function<Secret, Future<FeedTicket>> tickets;
    private final FeedNames names;

    /** @param tickets fetches a ticket with the upstream's access token; fails as {@link QuoteFeed#ticket} does */
    public DxLinkFeed(Vertx vertx, TimeSource time, Function<Secret, Future<FeedTicket>> tickets, FeedNames names) {
        this.time = time;
        this.scheduler = new VertxScheduler(vertx);
        this.client = FeedSocket.client(vertx);
        this.tickets = tickets;
        this.names = names;
    }

    @Override
    public boolean needsToken() {
        return true;
    }

    @Override
    public Future<FeedTicket> ticket(Optional<Secret> accessToken) {
        return tickets.apply(accessToken.orElseThrow());
    }

    @Override
    public Session open(FeedTicket ticket, Collection<String> symbols, Listener listener) {
        Session session = FeedSession.open(
                client,
                scheduler,
                ticket.url(),
                (wire, told) ->
                        new DxLinkProtocol(time, ticket.token().orElseThrow(), symbols, names::name, wire, told),
                listener);
        return new NamedSession(session, names, symbols, listener, scheduler);
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }
}
