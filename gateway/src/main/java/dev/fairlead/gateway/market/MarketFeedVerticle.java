package dev.fairlead.gateway.market;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteLookup;
import dev.fairlead.gateway.upstream.QuoteRefusal;
import dev.fairlead.gateway.upstream.UpstreamAddress;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.gateway.upstream.tastytrade.TastytradeQuotes;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Quote;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the market's quotes: asks the upstream for those the feed does not bring, and tells who asked. */
public final class MarketFeedVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(MarketFeedVerticle.class);
    private static final String PLACE = "market";
    private static final Duration TICK = Duration.ofMillis(100);

    private final Settings settings;
    private final UpstreamCredentials credentials;
    private final UpstreamSession session;
    private final MarketFeed feed;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private UpstreamHttp http;
    private Optional<QuoteLookup> lookup = Optional.empty();
    private Scheduler.Cancellable ticks;

    /** @param session where the upstream's access token is found */
    public MarketFeedVerticle(
            Settings settings,
            UpstreamCredentials credentials,
            UpstreamSession session,
            TimeSource time,
            MeterRegistry registry,
            String node) {
        this.settings = settings;
        this.credentials = credentials;
        this.session = session;
        this.feed = new MarketFeed(time, settings.quotes(), new SplittableRandom(new SecureRandom().nextLong()));
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.on(vertx);
        http = new UpstreamHttp(vertx);
        if (credentials instanceof UpstreamCredentials.Tastytrade tastytrade) {
            lookup = Optional.of(new TastytradeQuotes(http, tastytrade, UpstreamAddress.of(settings.upstream())));
        }
        consumers.add(bus.answer(MarketCommands.GetQuotes.class, this::get));
        consumers.add(bus.answerAt(
                PLACE, HealthCommands.Check.class, check -> Future.succeededFuture(HealthCommands.Result.OK)));
        ticks = new VertxScheduler(vertx).every(TICK, this::advance);
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        if (http == null) {
            return Future.succeededFuture(); // never started
        }
        ticks.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> http.close());
    }

    private Future<MarketCommands.Quotes> get(MarketCommands.GetQuotes request) {
        feed.sources(whyNoRest(), false);
        Promise<MarketCommands.Quotes> promise = Promise.promise();
        feed.get(request.symbols(), new MarketFeed.Answer() {
            @Override
            public void quotes(List<Quote> quotes) {
                promise.complete(new MarketCommands.Quotes(quotes));
            }

            @Override
            public void refused(FairleadException refusal) {
                promise.fail(refusal);
            }
        });
        // What else is asked for in this turn goes with the same call.
        context.runOnContext(ignored -> call());
        return promise.future();
    }

    private void advance() {
        feed.sources(whyNoRest(), false);
        feed.tick();
        feed.takeRemoved();
        call();
    }

    private Optional<String> whyNoRest() {
        if (credentials instanceof UpstreamCredentials.Absent absent) {
            return Optional.of(absent.reason());
        }
        if (lookup.isEmpty()) {
            return Optional.of("this upstream's quotes come by its feed alone");
        }
        return session.token().isPresent()
                ? Optional.empty()
                : Optional.of("there is no upstream token; GET /api/token says why");
    }

    private void call() {
        Optional<Secret> token = session.token();
        if (lookup.isEmpty() || token.isEmpty()) {
            return;
        }
        for (Optional<List<String>> batch = feed.takeCall(); batch.isPresent(); batch = feed.takeCall()) {
            List<String> symbols = batch.get();
            lookup.get().fetch(token.get(), symbols).onComplete(done -> called(symbols, done));
        }
    }

    private void called(List<String> symbols, AsyncResult<List<MarketQuote>> done) {
        if (done.succeeded()) {
            feed.called(symbols, done.result());
        } else if (done.cause() instanceof QuoteRefusal refusal) {
            feed.callFailed(symbols, refusal.getMessage(), refusal.retryAfter());
        } else {
            log.error("A call for quotes failed", done.cause());
            feed.callFailed(symbols, "internal error; the gateway's log has the details", Optional.empty());
        }
        call();
    }
}
