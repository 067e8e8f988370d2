package dev.fairlead.gateway.market;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the market's concern counts. Names: {@code fairlead.market.feed.live}, {@code fairlead.market.feed.sessions} by
 * outcome, {@code fairlead.market.quotes.received} by source, {@code fairlead.market.rest.calls} by outcome,
 * {@code fairlead.market.symbols}, {@code fairlead.market.requests} by outcome.
 */
final class MarketMetrics {
    private final AtomicInteger live = new AtomicInteger();
    private final AtomicInteger symbols = new AtomicInteger();
    private final Counter sessionsReady;
    private final Counter sessionsEnded;
    private final Counter streamed;
    private final Counter looked;
    private final Counter callsAnswered;
    private final Counter callsFailed;
    private final Counter served;
    private final Counter refused;

    MarketMetrics(MeterRegistry registry) {
        Gauge.builder("fairlead.market.feed.live", live, AtomicInteger::get)
                .description("1 while a session of the feed brings quotes")
                .register(registry);
        Gauge.builder("fairlead.market.symbols", symbols, AtomicInteger::get)
                .description("Symbols that are followed")
                .register(registry);
        String sessions = "fairlead.market.feed.sessions";
        sessionsReady = counter(registry, sessions, "Sessions of the feed by what became of them", "outcome", "ready");
        sessionsEnded = counter(registry, sessions, "Sessions of the feed by what became of them", "outcome", "ended");
        String received = "fairlead.market.quotes.received";
        streamed = counter(registry, received, "Quotes the upstream sent by how they came", "source", "feed");
        looked = counter(registry, received, "Quotes the upstream sent by how they came", "source", "rest");
        String calls = "fairlead.market.rest.calls";
        callsAnswered = counter(registry, calls, "Single calls for quotes by outcome", "outcome", "answered");
        callsFailed = counter(registry, calls, "Single calls for quotes by outcome", "outcome", "failed");
        String requests = "fairlead.market.requests";
        served = counter(registry, requests, "Requests for quotes by outcome", "outcome", "served");
        refused = counter(registry, requests, "Requests for quotes by outcome", "outcome", "refused");
    }

    void followed(int count) {
        symbols.set(count);
    }

    void sessionReady() {
        live.set(1);
        sessionsReady.increment();
    }

    void sessionEnded(boolean stillLive) {
        live.set(stillLive ? 1 : 0);
        sessionsEnded.increment();
    }

    void streamed(int quotes) {
        streamed.increment(quotes);
    }

    void called(int quotes) {
        callsAnswered.increment();
        looked.increment(quotes);
    }

    void callFailed() {
        callsFailed.increment();
    }

    void served() {
        served.increment();
    }

    void refused() {
        refused.increment();
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String tag, String value) {
        return Counter.builder(name).description(description).tag(tag, value).register(registry);
    }
}
