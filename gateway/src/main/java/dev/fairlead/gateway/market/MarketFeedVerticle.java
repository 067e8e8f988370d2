package dev.fairlead.gateway.market;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.bus.PeerEvent;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NotOwnerException;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteFeed;
import dev.fairlead.gateway.upstream.QuoteLookup;
import dev.fairlead.gateway.upstream.QuoteRefusal;
import dev.fairlead.gateway.upstream.UpstreamAddress;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.gateway.upstream.dxlink.DxLinkFeed;
import dev.fairlead.gateway.upstream.kraken.KrakenTickers;
import dev.fairlead.gateway.upstream.tastytrade.StreamerSymbols;
import dev.fairlead.gateway.upstream.tastytrade.TastytradeQuoteTokens;
import dev.fairlead.gateway.upstream.tastytrade.TastytradeQuotes;
import dev.fairlead.gateway.upstream.tastytrade.TastytradeRest;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Quote;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the market's quotes: the upstream's feed and single calls on one side, who wants quotes on the other. */
public final class MarketFeedVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(MarketFeedVerticle.class);
    private static final String PLACE = "market";
    private static final String STREAM = "quotes";
    private static final Duration TICK = Duration.ofMillis(100);

    /** How often a node that has not the upstream looks who has. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** News of one symbol is told at once, and then no more often than this; the newest counts. */
    private static final Duration TELL_PERIOD = Duration.ofMillis(50);

    private final Ownership ownership;
    private final Settings settings;
    private final UpstreamCredentials credentials;
    private final UpstreamSession session;
    private final TimeSource time;
    private final MarketMetrics metrics;
    private final String node;
    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    private final MarketFeed market;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Bus bus;
    private Scheduler scheduler;
    private UpstreamHttp http;
    private Optional<QuoteLookup> lookup = Optional.empty();
    private Optional<FeedRun> feed = Optional.empty();
    private StreamPublisher<QuoteNews> stream;
    private Ticker ticks; // null until it has started
    private boolean tellScheduled;
    private boolean toldLately;
    private boolean toldLive;
    private boolean mine; // whether this node of several has the upstream
    private Optional<String> holder = Optional.empty(); // the other node that quotes are had of
    private Scheduler.Cancellable looking = () -> {};

    /**
     * @param ownership of the upstream's lease: its holder alone has the upstream's feed, the others have theirs of it
     * @param session where the upstream's access token is found
     */
    public MarketFeedVerticle(
            Ownership ownership,
            Settings settings,
            UpstreamCredentials credentials,
            UpstreamSession session,
            TimeSource time,
            MeterRegistry registry) {
        this.ownership = ownership;
        this.settings = settings;
        this.credentials = credentials;
        this.session = session;
        this.time = time;
        this.metrics = new MarketMetrics(registry);
        this.node = ownership.node();
        this.market = new MarketFeed(time, settings.quotes(), random.split());
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        scheduler = new VertxScheduler(vertx);
        http = new UpstreamHttp(vertx);
        if (ownership.isAlone()) {
            connect();
        } else {
            joinOthers();
        }
        QuoteStream views = new QuoteStream(market);
        stream = StreamPublisher.open(vertx, time, node, QuoteStream.ring(settings.streams()), STREAM, views);
        consumers.add(bus.answer(MarketCommands.GetQuotes.class, this::get));
        consumers.add(bus.answer(MarketCommands.Follow.class, this::follow));
        consumers.add(bus.answerAt(PLACE, HealthCommands.Check.class, check -> Future.succeededFuture(health())));
        ticks = new Ticker(scheduler, TICK, () -> feed.isPresent() || lookup.isPresent(), this::advance);
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .onSuccess(ready -> advance());
    }

    private void joinOthers() {
        consumers.add(bus.answer(MarketCommands.Supply.class, this::supply));
        consumers.add(bus.subscribeAt(node, PeerEvent.class, peer -> {
            if (holder.equals(Optional.of(peer.node()))) {
                source(Optional.empty()); // some of its news is missing: from its state anew
                look();
            }
        }));
        looking = scheduler.every(LOOK, this::look);
        ownership.listen(change -> context.runOnContext(turn -> changed(change)));
        look();
    }

    /** The upstream's feed is this node's from now on, or no more. */
    private void changed(OwnershipChange change) {
        if (change.name().equals(LeaseName.UPSTREAM)) {
            mine = change instanceof OwnershipChange.Gained;
            source(Optional.empty());
            if (mine) {
                connect();
                advance();
            } else {
                look();
            }
        }
    }

    /** Where another node has the upstream, quotes are had of that one. */
    private void look() {
        Optional<String> there = mine ? Optional.empty() : ownership.owner(LeaseName.UPSTREAM);
        there = there.filter(owner -> !owner.equals(node));
        if (!there.equals(holder)) {
            source(there);
            advance();
        }
    }

    /** Ends the source of quotes there was; the other node's is the next, where there is one. */
    private void source(Optional<String> from) {
        holder = from;
        feed.ifPresent(before -> {
            Future<Void> unused = before.close();
        });
        feed = Optional.empty();
        lookup = Optional.empty();
        market.sessionEnded();
        if (settings.upstream().kind() != Settings.UpstreamKind.NONE) {
            from.ifPresent(other -> run(new PeerFeed(bus, node, other, scheduler, quotes -> {
                market.told(quotes);
                changed();
            })));
        }
    }

    @Override
    public Future<?> stop() {
        if (stream == null) {
            return Future.succeededFuture(); // never started
        }
        ticks.cancel();
        looking.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> stream.close())
                .eventually(() -> feed.map(FeedRun::close).orElseGet(Future::succeededFuture))
                .eventually(() -> http.close());
    }

    /** Degraded while an upstream is configured and its feed does not stream. */
    private HealthCommands.Result health() {
        if (settings.upstream().kind() == Settings.UpstreamKind.NONE) {
            return new HealthCommands.Result(true, "no feed");
        }
        String state = feed.map(FeedRun::state)
                .orElse(
                        ownership.isAlone() || mine
                                ? "not streaming: there are no credentials to stream with"
                                : "not streaming: no node has the upstream at the moment");
        return market.isLive() ? new HealthCommands.Result(true, state) : HealthCommands.Result.degraded(state);
    }

    private void connect() {
        Optional<URI> baseUrl = UpstreamAddress.of(settings.upstream());
        if (settings.upstream().kind() == Settings.UpstreamKind.KRAKEN) {
            run(new KrakenTickers(vertx, time, baseUrl)); // public: with credentials or without
        } else if (credentials instanceof UpstreamCredentials.Tastytrade tastytrade) {
            TastytradeRest rest = new TastytradeRest(http, tastytrade, settings.upstream());
            StreamerSymbols names = new StreamerSymbols(rest, session::token, time);
            lookup = Optional.of(new TastytradeQuotes(rest, names));
            TastytradeQuoteTokens tickets = new TastytradeQuoteTokens(rest, time);
            run(new DxLinkFeed(vertx, time, tickets::fetch, names));
        } else if (credentials instanceof UpstreamCredentials.Absent absent
                && settings.upstream().kind() != Settings.UpstreamKind.NONE) {
            log.warn("No quotes: {}", absent.reason());
        }
    }

    private void run(QuoteFeed source) {
        feed = Optional.of(new FeedRun(source, market, metrics, time, random.split(), this::changed));
    }

    private Future<MarketCommands.Quotes> get(MarketCommands.GetQuotes request) {
        sources();
        Promise<MarketCommands.Quotes> promise = Promise.promise();
        market.get(request.symbols(), new MarketFeed.Answer() {
            @Override
            public void quotes(List<Quote> quotes) {
                metrics.served();
                promise.complete(new MarketCommands.Quotes(quotes));
            }

            @Override
            public void refused(FairleadException refusal) {
                metrics.refused();
                promise.fail(refusal);
            }
        });
        settle();
        return promise.future();
    }

    private Future<MarketCommands.Following> follow(MarketCommands.Follow request) {
        return Future.succeededFuture(
                new MarketCommands.Following(follow("edge " + request.follower(), request.symbols())));
    }

    private Future<MarketCommands.Supplied> supply(MarketCommands.Supply request) {
        if (!mayTell()) {
            throw new NotOwnerException(LeaseName.UPSTREAM, holder).refusal();
        }
        return Future.succeededFuture(
                new MarketCommands.Supplied(market.isLive(), follow("node " + request.node(), request.symbols())));
    }

    private List<Quote> follow(String who, Set<String> symbols) {
        sources();
        market.hold(who, symbols, Optional.of(MarketCommands.Following.LEASE));
        settle();
        return market.newest(symbols).stream()
                .filter(quote -> quote.source().isPresent())
                .toList();
    }

    private void advance() {
        sources();
        market.tick();
        if (market.hasUnknown()) {
            changed();
        }
        Optional<Secret> token = session.token();
        feed.ifPresent(run -> run.advance(token));
        if (toldLive && !market.isLive()) {
            tellOthers(new MarketNews.Stopped(node));
        }
        toldLive = market.isLive();
        subscriptions();
        call();
    }

    /** Does what a request made due at the end of this turn, so that all requests of the turn share it. */
    private void settle() {
        context.runOnContext(ignored -> {
            subscriptions();
            call();
        });
    }

    private void sources() {
        market.sources(whyNoCalls(), feed.filter(FeedRun::mayBring).isPresent());
    }

    private Optional<String> whyNoCalls() {
        if (lookup.isPresent()) {
            return session.token().isPresent()
                    ? Optional.empty()
                    : Optional.of("there is no upstream token; GET /api/token says why");
        }
        if (feed.isPresent()) {
            return Optional.of("this upstream's quotes come by its feed alone, and it has brought none");
        }
        return credentials instanceof UpstreamCredentials.Absent absent
                ? Optional.of(absent.reason())
                : Optional.of("this upstream has no quotes");
    }

    private void subscriptions() {
        Set<String> removed = market.takeRemoved();
        Set<String> added = market.takeAdded();
        metrics.followed(market.symbols().size());
        feed.ifPresent(run -> {
            if (!removed.isEmpty()) {
                run.unsubscribe(removed);
            }
            if (!added.isEmpty()) {
                run.subscribe(added);
            }
        });
    }

    private void call() {
        Optional<Secret> token = session.token();
        if (lookup.isEmpty() || token.isEmpty()) {
            return;
        }
        for (Optional<List<String>> batch = market.takeCall(); batch.isPresent(); batch = market.takeCall()) {
            List<String> symbols = batch.get();
            lookup.get().fetch(token.get(), symbols).onComplete(done -> called(symbols, done));
        }
    }

    private void called(List<String> symbols, AsyncResult<List<MarketQuote>> done) {
        if (done.succeeded()) {
            metrics.called(done.result().size());
            market.called(symbols, done.result());
            changed();
        } else if (done.cause() instanceof QuoteRefusal refusal) {
            metrics.callFailed();
            market.callFailed(symbols, refusal.getMessage(), refusal.retryAfter());
        } else {
            metrics.callFailed();
            log.error("A call for quotes failed", done.cause());
            market.callFailed(symbols, "internal error; the gateway's log has the details", Optional.empty());
        }
        call();
    }

    /** Whether what this node has is the upstream's own, by its own clock. */
    private boolean mayTell() {
        return mine && ownership.fence(LeaseName.UPSTREAM).isPresent();
    }

    private void tellOthers(MarketNews news) {
        if (mayTell()) {
            bus.publish(MarketNews.class, news);
        }
    }

    /** The first news leaves at the end of this turn, what follows it together at the end of the period. */
    private void changed() {
        if (tellScheduled) {
            return;
        }
        tellScheduled = true;
        if (toldLately) {
            return; // the end of the period tells it
        }
        context.runOnContext(ignored -> tell());
    }

    private void tell() {
        tellScheduled = false;
        market.takeUnknown().forEach((symbol, why) -> {
            stream.publish(QuoteNews.unknown(symbol, why));
            bus.publish(MarketEvent.class, new MarketEvent.Unknown(symbol, why));
            tellOthers(new MarketNews.Unknown(node, symbol, why));
        });
        Set<String> symbols = market.takeChanged();
        if (symbols.isEmpty()) {
            return;
        }
        List<Quote> quotes = market.newest(symbols);
        quotes.forEach(quote -> stream.publish(QuoteNews.of(quote)));
        bus.publish(MarketEvent.class, new MarketEvent.Updated(quotes));
        tellOthers(new MarketNews.Updated(node, quotes));
        toldLately = true;
        scheduler.after(TELL_PERIOD, () -> {
            toldLately = false;
            if (tellScheduled) {
                tell();
            }
        });
    }
}
