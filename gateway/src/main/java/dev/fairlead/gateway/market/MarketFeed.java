package dev.fairlead.gateway.market;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Quote;
import dev.fairlead.protocol.Symbols;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who is given which quote. A fresh one of the cache is given at once; else the symbol is put up for a single call and
 * whoever asks waits for that or for the feed, whichever is first, and not for long. Plain state on injected time: it
 * is told what came, and says what to call ({@link #takeCall}), what changed ({@link #takeChanged}) and what the feed
 * is to send ({@link #takeAdded}, {@link #takeRemoved}).
 */
@StateMachine
final class MarketFeed {
    /** How long somebody who asks is kept waiting. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** A symbol that the feed has said nothing of for so long is asked for by a single call: it may be none. */
    static final Duration SILENCE = Duration.ofMillis(1500);

    /** Most requests that may wait. */
    static final int MOST_WAITING = 10_000;

    /** What becomes of a request; called once. */
    interface Answer {
        void quotes(List<Quote> quotes);

        void refused(FairleadException refusal);
    }

    private static final class Waiting {
        private final Set<String> symbols;
        private final Map<String, Quote> got = new HashMap<>();
        private final Set<String> open = new LinkedHashSet<>();
        private final Answer answer;
        private final long until;
        private Optional<RestFallback.Refusal> refusal = Optional.empty();

        Waiting(Set<String> symbols, Answer answer, long until) {
            this.symbols = symbols;
            this.answer = answer;
            this.until = until;
        }
    }

    private final TimeSource time;
    private final SymbolInterest interest;
    private final QuoteCache cache;
    private final RestFallback rest;
    private final Map<String, List<Waiting>> waiting = new HashMap<>();
    private final Set<Waiting> byDeadline = new LinkedHashSet<>(); // all have the same patience
    private final Set<String> changed = new LinkedHashSet<>();
    private final UnknownSymbols unknown = new UnknownSymbols();
    private Optional<String> noRest = Optional.of("the gateway is starting");
    private boolean feedMayCome;
    private long sessionSince;

    MarketFeed(TimeSource time, Settings.Quotes settings, RandomGenerator random) {
        this.time = time;
        this.interest = new SymbolInterest(settings.maxSymbols());
        this.cache = new QuoteCache(time, settings.freshFor(), settings.restCache());
        this.rest = new RestFallback(time, random);
        this.sessionSince = time.nanos();
        interest.pin(Symbols.of(settings.symbols(), settings.maxSymbols()), time.nanos());
    }

    /** Why single calls cannot be made, where they cannot, and whether the feed is worth waiting for. */
    void sources(Optional<String> whyNoRest, boolean feedComes) {
        noRest = whyNoRest;
        feedMayCome = feedComes;
    }

    /**
     * Answers with the newest quotes, now or within {@link #PATIENCE}.
     *
     * @throws FairleadException {@code bad_request}, {@code too_many_requests}, {@code busy}
     */
    void get(List<String> texts, Answer answer) {
        Set<String> symbols = Symbols.of(texts);
        if (symbols.isEmpty()) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "Name at least one symbol");
        }
        if (byDeadline.size() >= MOST_WAITING) {
            throw new FairleadException(ErrorCode.BUSY, "Too many requests wait for quotes; try again", PATIENCE);
        }
        long now = time.nanos();
        interest.ask(symbols, now);
        Waiting request = new Waiting(symbols, answer, now + PATIENCE.toNanos());
        for (String symbol : symbols) {
            Optional<Quote> fresh = cache.fresh(symbol);
            if (fresh.isPresent()) {
                request.got.put(symbol, fresh.get());
                continue;
            }
            Optional<RestFallback.Refusal> refusal = unknown.why(symbol)
                    .map(why -> new RestFallback.Refusal(why, Optional.empty()))
                    .or(() -> wantByRest(symbol));
            refusal.ifPresent(why -> request.refusal = Optional.of(why));
            if (refusal.isEmpty()
                    || (feedMayBring(symbol) && unknown.why(symbol).isEmpty())) {
                request.open.add(symbol);
            }
        }
        if (request.open.isEmpty()) {
            finish(request);
            return;
        }
        request.open.forEach(symbol ->
                waiting.computeIfAbsent(symbol, none -> new ArrayList<>()).add(request));
        byDeadline.add(request);
    }

    /** A holder follows these from now on; empty for one that lets go by itself. */
    void hold(String holder, Set<String> symbols, Optional<Duration> lease) {
        long now = time.nanos();
        interest.hold(holder, symbols, lease.map(life -> now + life.toNanos()), now);
        symbols.stream().filter(symbol -> !cache.knows(symbol)).forEach(symbol -> {
            unknown.asked(symbol);
            if (!cache.isLive()) {
                wantByRest(symbol);
            }
        });
    }

    void release(String holder) {
        interest.release(holder);
    }

    /** The newest quote of each, those without one included. */
    List<Quote> newest(Set<String> symbols) {
        return symbols.stream().map(cache::newest).toList();
    }

    boolean knows(String symbol) {
        return cache.knows(symbol);
    }

    /** All symbols that are followed. */
    Set<String> symbols() {
        return interest.symbols();
    }

    /** Whether a session of the feed is in order. */
    boolean isLive() {
        return cache.isLive();
    }

    void sessionBegan() {
        sessionSince = time.nanos();
        cache.sessionBegan();
    }

    void sessionEnded() {
        cache.sessionEnded();
    }

    /** The feed brought quotes. */
    void streamed(List<MarketQuote> quotes) {
        for (MarketQuote quote : quotes) {
            if (interest.contains(quote.symbol())) { // one may still come after its symbol was given up
                cache.streamed(quote);
                unknown.known(quote.symbol());
                changed.add(quote.symbol());
                resolve(quote.symbol());
            }
        }
    }

    /** The node that has the upstream has these. */
    void told(List<Quote> quotes) {
        for (Quote quote : quotes) {
            if (interest.contains(quote.symbol()) && quote.source().isPresent()) {
                cache.told(quote);
                unknown.known(quote.symbol());
                changed.add(quote.symbol());
                resolve(quote.symbol());
            }
        }
    }

    /** A call to make now; it ends with {@link #called} or {@link #callFailed}. */
    Optional<List<String>> takeCall() {
        return noRest.isEmpty() ? rest.takeCall() : Optional.empty();
    }

    void called(List<String> batch, List<MarketQuote> quotes) {
        Set<String> found = new LinkedHashSet<>();
        for (MarketQuote quote : quotes) {
            found.add(quote.symbol());
            if (interest.contains(quote.symbol())) {
                unknown.known(quote.symbol());
                if (cache.looked(quote)) {
                    changed.add(quote.symbol());
                }
                resolve(quote.symbol());
            }
        }
        rest.answered(batch, found);
        batch.stream().filter(symbol -> !found.contains(symbol)).forEach(symbol -> {
            if (interest.contains(symbol) && !cache.knows(symbol)) {
                unknown.missing(symbol);
            }
            rest.want(symbol).ifPresent(why -> giveUp(symbol, why));
        });
    }

    void callFailed(List<String> batch, String reason, Optional<Duration> retryAfter) {
        List<String> given = rest.failed(batch, reason, retryAfter);
        RestFallback.Refusal why = rest.paused().orElseGet(() -> new RestFallback.Refusal(reason, Optional.empty()));
        given.forEach(symbol -> giveUp(symbol, why));
    }

    /** The feed says that there are no quotes of a symbol, and that none will come. */
    void unknown(String symbol, String why) {
        if (interest.contains(symbol) && !cache.knows(symbol)) {
            unknown.told(symbol, why);
            List<Waiting> left = waiting.remove(symbol);
            if (left != null) {
                for (Waiting request : left) {
                    request.refusal = Optional.of(new RestFallback.Refusal(why, Optional.empty()));
                    settle(request, symbol);
                }
            }
        }
    }

    /** Of these, the ones that there are no quotes of, and why. */
    Map<String, String> unknown(Set<String> symbols) {
        return unknown.among(symbols);
    }

    boolean hasUnknown() {
        return unknown.hasNews();
    }

    /** The symbols that turned out to be unknown since the last time, and those of them that were asked for again. */
    Map<String, String> takeUnknown() {
        return unknown.take();
    }

    /** Lets time have its effect; called every so often. */
    void tick() {
        long now = time.nanos();
        interest.sweep(now);
        for (String symbol : List.copyOf(unknown.watched())) {
            long followed = now - Math.max(interest.since(symbol), sessionSince);
            if (!interest.contains(symbol) || cache.knows(symbol)) {
                unknown.known(symbol);
            } else if (unknown.isMissing(symbol) && followed >= PATIENCE.toNanos()) {
                unknown.told(symbol, "the upstream knows no such symbol");
            } else if (!unknown.isMissing(symbol) && cache.isLive() && followed >= SILENCE.toNanos()) {
                wantByRest(symbol);
            }
        }
        List<Waiting> late = byDeadline.stream()
                .takeWhile(request -> now - request.until >= 0)
                .toList();
        for (Waiting request : late) {
            request.open.forEach(symbol -> forget(symbol, request));
            finish(request);
        }
    }

    /** The symbols with a new quote since the last time. */
    Set<String> takeChanged() {
        Set<String> taken = new LinkedHashSet<>(changed);
        changed.clear();
        return taken;
    }

    Set<String> takeAdded() {
        return interest.takeAdded();
    }

    /** Their quotes are forgotten with them. */
    Set<String> takeRemoved() {
        Set<String> gone = interest.takeRemoved();
        gone.forEach(symbol -> {
            cache.forget(symbol);
            rest.forget(symbol);
            unknown.known(symbol);
            changed.remove(symbol);
        });
        return gone;
    }

    private Optional<RestFallback.Refusal> wantByRest(String symbol) {
        return noRest.isPresent()
                ? noRest.map(reason -> new RestFallback.Refusal(reason, Optional.empty()))
                : rest.want(symbol);
    }

    /** Whether the feed was asked for a symbol so lately that its first quote may be on its way. */
    private boolean feedMayBring(String symbol) {
        long asked = Math.max(interest.since(symbol), sessionSince);
        return feedMayCome && time.nanos() - asked < PATIENCE.toNanos();
    }

    private void resolve(String symbol) {
        List<Waiting> served = waiting.remove(symbol);
        if (served == null) {
            return;
        }
        Quote quote = cache.newest(symbol);
        for (Waiting request : served) {
            request.got.put(symbol, quote);
            settle(request, symbol);
        }
    }

    private void giveUp(String symbol, RestFallback.Refusal why) {
        if (feedMayBring(symbol)) {
            waiting.getOrDefault(symbol, List.of()).forEach(request -> request.refusal = Optional.of(why));
            return; // until their patience ends
        }
        List<Waiting> left = waiting.remove(symbol);
        if (left != null) {
            for (Waiting request : left) {
                request.refusal = Optional.of(why);
                settle(request, symbol);
            }
        }
    }

    private void settle(Waiting request, String symbol) {
        request.open.remove(symbol);
        if (request.open.isEmpty()) {
            finish(request);
        }
    }

    private void forget(String symbol, Waiting request) {
        waiting.computeIfPresent(symbol, (same, requests) -> {
            requests.remove(request);
            return requests.isEmpty() ? null : requests;
        });
    }

    private void finish(Waiting request) {
        byDeadline.remove(request);
        if (!request.got.isEmpty()) {
            request.answer.quotes(request.symbols.stream()
                    .map(symbol ->
                            Optional.ofNullable(request.got.get(symbol)).orElseGet(() -> QuoteCache.none(symbol)))
                    .toList());
            return;
        }
        String what = request.symbols.size() == 1
                ? "No quote of " + request.symbols.iterator().next()
                : "No quote of any of these symbols";
        request.answer.refused(new FairleadException(
                ErrorCode.QUOTE_UNAVAILABLE,
                what + ": "
                        + request.refusal
                                .map(RestFallback.Refusal::reason)
                                .orElse("none came within " + PATIENCE.toSeconds() + " s"),
                request.refusal.flatMap(RestFallback.Refusal::retryAfter)));
    }
}
