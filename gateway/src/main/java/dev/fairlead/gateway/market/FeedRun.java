package dev.fairlead.gateway.market;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.FeedEnd;
import dev.fairlead.gateway.upstream.FeedTicket;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteFeed;
import dev.fairlead.gateway.upstream.QuoteRefusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session of the feed up, as its schedule says: the next one is begun before the one it replaces is let go.
 * What keeps it from being up is logged once, not with every attempt. Used on the concern's event loop.
 */
final class FeedRun {
    private static final Logger log = LoggerFactory.getLogger(FeedRun.class);

    /** Of what is said of a feed that goes on, each is logged once, and so many in all. */
    private static final int MOST_REMARKS = 1_000;

    private final QuoteFeed source;
    private final MarketFeed market;
    private final MarketMetrics metrics;
    private final TimeSource time;
    private final Runnable changed;
    private final FeedSchedule schedule;
    private Optional<FeedTicket> ticket = Optional.empty();
    private Optional<Running> current = Optional.empty();
    private Optional<Running> next = Optional.empty();
    private Optional<String> toldReason = Optional.empty();
    private final Set<String> toldRemarks = new HashSet<>();
    private boolean toldReady;
    private boolean over;
    private long readySince;

    /** @param changed called when quotes have come */
    FeedRun(
            QuoteFeed source,
            MarketFeed market,
            MarketMetrics metrics,
            TimeSource time,
            RandomGenerator random,
            Runnable changed) {
        this.source = source;
        this.market = market;
        this.metrics = metrics;
        this.time = time;
        this.changed = changed;
        this.schedule = new FeedSchedule(time, source.needsToken(), random);
    }

    /** Does what is due. */
    void advance(Optional<Secret> accessToken) {
        if (over) {
            return; // what was under way has ended
        }
        switch (schedule.next(accessToken)) {
            case FETCH_TICKET -> source.ticket(accessToken).onComplete(done -> ticketCame(accessToken, done));
            case OPEN -> open();
            case NOTHING -> {
                boolean stable = time.nanos() - readySince >= FeedSchedule.STABLE.toNanos();
                if (current.isPresent() && toldReason.isPresent() && stable) {
                    toldReason = Optional.empty();
                    log.info("Quotes are streamed again");
                }
            }
        }
    }

    void subscribe(Set<String> symbols) {
        current.ifPresent(running -> running.session.subscribe(symbols));
        next.ifPresent(running -> running.session.subscribe(symbols));
    }

    void unsubscribe(Set<String> symbols) {
        current.ifPresent(running -> running.session.unsubscribe(symbols));
        next.ifPresent(running -> running.session.unsubscribe(symbols));
    }

    /** Whether quotes come, or may within moments. */
    boolean mayBring() {
        return current.isPresent() || schedule.isConnecting();
    }

    /** For people. */
    String state() {
        if (current.isPresent()) {
            return "live, " + market.symbols().size() + " symbols";
        }
        return "not streaming: " + schedule.reason().orElse("it is connecting");
    }

    Future<Void> close() {
        over = true;
        current.ifPresent(running -> running.session.close());
        next.ifPresent(running -> running.session.close());
        return source.close();
    }

    private void ticketCame(Optional<Secret> accessToken, AsyncResult<FeedTicket> done) {
        if (done.succeeded()) {
            ticket = Optional.of(done.result());
            schedule.ticketFetched(done.result().life());
            advance(accessToken);
            return;
        }
        if (done.cause() instanceof QuoteRefusal refusal) {
            schedule.ticketFailed(refusal.getMessage(), refusal.isTerminal(), refusal.retryAfter());
        } else {
            log.error("Fetching a ticket for the feed failed", done.cause());
            schedule.ticketFailed("internal error; the gateway's log has the details", false, Optional.empty());
        }
        tell();
    }

    private void open() {
        Running running = new Running();
        next = Optional.of(running);
        running.session = source.open(ticket.orElseThrow(), Set.copyOf(market.symbols()), running);
    }

    private void tell() {
        Optional<String> reason = schedule.reason();
        if (current.isEmpty() && reason.isPresent() && !reason.equals(toldReason)) {
            toldReason = reason;
            log.warn(
                    "No quotes are streamed: {}; {}",
                    reason.get(),
                    schedule.isStopped() ? "tried again with the next upstream token" : "it is tried again");
        }
    }

    private final class Running implements QuoteFeed.Listener {
        private QuoteFeed.Session session; // set as soon as it is begun, before it tells anything

        @Override
        public void ready() {
            current.ifPresent(old -> old.session.close());
            current = Optional.of(this);
            next = Optional.empty();
            schedule.ready();
            market.sessionBegan();
            metrics.sessionReady();
            readySince = time.nanos();
            if (!toldReady) {
                toldReady = true;
                toldReason = Optional.empty();
                log.info("Quotes are streamed");
            }
        }

        @Override
        public void quotes(List<MarketQuote> quotes) {
            metrics.streamed(quotes.size());
            market.streamed(quotes);
            changed.run();
        }

        @Override
        public void unknown(String symbol, String why) {
            market.unknown(symbol, why);
            remarked("there are no quotes of " + symbol + ": " + why);
            changed.run();
        }

        @Override
        public void remarked(String what) {
            if (toldRemarks.size() < MOST_REMARKS && toldRemarks.add(what)) {
                log.warn("Quotes: {}", what);
            }
        }

        @Override
        public void ended(FeedEnd end) {
            if (current.filter(this::equals).isPresent()) {
                current = Optional.empty();
                market.sessionEnded();
                schedule.lost(end);
            } else {
                next = Optional.empty();
                schedule.openFailed(end);
            }
            metrics.sessionEnded(current.isPresent());
            tell();
        }
    }
}
