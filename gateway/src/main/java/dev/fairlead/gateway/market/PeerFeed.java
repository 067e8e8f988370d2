package dev.fairlead.gateway.market;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.upstream.FeedEnd;
import dev.fairlead.gateway.upstream.FeedTicket;
import dev.fairlead.gateway.upstream.QuoteFeed;
import dev.fairlead.protocol.Quote;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The quotes of the node that has the upstream, for as long as that is the same: another node has them of it. It is
 * told which symbols are wanted, again and again; and asked so until its feed streams.
 */
final class PeerFeed implements QuoteFeed {
    /** How often it is asked whether its feed streams, where it does not. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Duration RENEW = MarketCommands.Following.LEASE.dividedBy(3);

    private final Bus bus;
    private final String node;
    private final String holder;
    private final Scheduler scheduler;
    private final Consumer<List<Quote>> told;

    /**
     * @param node this one
     * @param holder the one that has the upstream
     * @param told given what that has, as it has it
     */
    PeerFeed(Bus bus, String node, String holder, Scheduler scheduler, Consumer<List<Quote>> told) {
        this.bus = bus;
        this.node = node;
        this.holder = holder;
        this.scheduler = scheduler;
        this.told = told;
    }

    @Override
    public boolean needsToken() {
        return false;
    }

    @Override
    public Future<FeedTicket> ticket(Optional<Secret> accessToken) {
        return Future.succeededFuture(new FeedTicket(URI.create("node:upstream"), Optional.empty(), Optional.empty()));
    }

    @Override
    public Session open(FeedTicket ticket, Collection<String> symbols, Listener listener) {
        return new Peer(symbols, listener);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private final class Peer implements Session {
        private final Listener listener;
        private final Set<String> wanted;
        private final Scheduler.Cancellable looking;
        private final Scheduler.Cancellable renewal;
        private final MessageConsumer<?> news;
        private boolean ready;
        private boolean over;
        private boolean asking;

        Peer(Collection<String> symbols, Listener listener) {
            this.listener = listener;
            this.wanted = new HashSet<>(symbols);
            this.news = bus.subscribe(MarketNews.class, this::hear);
            this.looking = scheduler.every(LOOK, this::look);
            this.renewal = scheduler.every(RENEW, this::ask);
            ask();
        }

        @Override
        public void subscribe(Collection<String> symbols) {
            wanted.addAll(symbols);
            ask();
        }

        @Override
        public void unsubscribe(Collection<String> symbols) {
            wanted.removeAll(symbols); // which the next renewal says
        }

        @Override
        public void close() {
            over = true;
            looking.cancel();
            renewal.cancel();
            news.unregister();
        }

        private void look() {
            if (!ready) {
                ask();
            }
        }

        /** All that is asked for in a turn goes together. */
        private void ask() {
            if (!asking) {
                asking = true;
                scheduler.after(Duration.ZERO, this::follow);
            }
        }

        private void follow() {
            asking = false;
            if (!over) {
                bus.requestOn(holder, new MarketCommands.Supply(node, wanted))
                        .onSuccess(this::supplied)
                        .onFailure(failure -> end(failure.getMessage()));
            }
        }

        private void supplied(MarketCommands.Supplied answer) {
            if (over) {
                return;
            }
            if (answer.live() && !ready) {
                ready = true;
                listener.ready();
            }
            take(answer.quotes());
        }

        private void hear(MarketNews said) {
            if (over || !said.node().equals(holder)) {
                return;
            }
            if (said instanceof MarketNews.Updated updated) {
                take(updated.quotes());
            } else if (said instanceof MarketNews.Unknown unknown && wanted.contains(unknown.symbol())) {
                listener.unknown(unknown.symbol(), unknown.why());
            } else if (said instanceof MarketNews.Stopped && ready) {
                end("the feed of node " + holder + ", which has the upstream, does not stream");
            }
        }

        private void take(List<Quote> quotes) {
            List<Quote> mine = quotes.stream()
                    .filter(quote -> wanted.contains(quote.symbol()))
                    .toList();
            if (!mine.isEmpty()) {
                told.accept(mine);
            }
        }

        private void end(String why) {
            if (!over) {
                close();
                listener.ended(FeedEnd.lost(why));
            }
        }
    }
}
