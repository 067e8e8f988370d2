package dev.fairlead.gateway.demo.agent;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentRequest;
import dev.fairlead.protocol.client.OutgoingMessage;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Watches quotes, answers other agents' questions about them, and has an idea to trade now and then. */
final class Scout implements SampleAgent.Work {
    /** What another agent asks, with a {@code symbol}. */
    static final String PRICE = "price";

    static final List<String> SYMBOLS = List.of("SPX", "AAPL", "MSFT", "TSLA", "SPY");

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int REPORT_EACH = 15;

    private record Heard(AgentData.AgentQuote quote, long atNanos) {}

    private final AgentClient client;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final AgentLog log;
    private final TradeIdeas ideas;
    private final Map<String, Heard> streamed = new HashMap<>();
    private int looks;

    Scout(AgentClient client, Scheduler scheduler, TimeSource time, SplittableRandom random, AgentLog log) {
        this.client = client;
        this.scheduler = scheduler;
        this.time = time;
        this.log = log;
        this.ideas = new TradeIdeas(client, random, log);
    }

    @Override
    public void prepare() {
        client.onRequest(AgentSubjects.QUOTE_UPDATE.value(), this::updated);
        client.onRequest(
                PRICE, request -> price(request.as(AgentData.QuoteRequest.class).symbol()));
        ideas.prepare();
        client.messages().onMessage(message -> {
            log.info(message.from() + " says " + message.payload());
            return Future.succeededFuture();
        });
    }

    @Override
    public void connected() {
        client.request(AgentSubjects.QUOTE_SUBSCRIBE.value(), new AgentData.QuoteSymbols(SYMBOLS), PATIENCE)
                .onSuccess(taken -> log.info("follows " + String.join(", ", SYMBOLS)))
                .onFailure(refused -> log.warn("asks for each quote: " + refused.getMessage()));
    }

    @Override
    public void begin() {
        look();
        scheduler.every(LOOK_EVERY, this::look);
    }

    @Override
    public Map<String, Object> status() {
        return Map.of("looks", looks, "orders_open", ideas.open());
    }

    private Future<?> updated(AgentRequest update) {
        AgentData.AgentQuote quote = update.as(AgentData.AgentQuote.class);
        streamed.put(quote.symbol(), new Heard(quote, time.nanos()));
        return Future.succeededFuture();
    }

    private void look() {
        String symbol = SYMBOLS.get(looks % SYMBOLS.size());
        looks++;
        price(symbol)
                .onFailure(refused -> log.warn("no quote for " + symbol + ": " + refused.getMessage()))
                .onSuccess(quote -> {
                    log.info(symbol + " " + shown(quote.bid()) + " / " + shown(quote.ask()) + " from "
                            + quote.source().map(source -> source.wire()).orElse("nowhere"));
                    ideas.consider(quote);
                    if (looks % REPORT_EACH == 0) {
                        report(quote);
                    }
                });
    }

    /** The streamed quote, or where none came of late, the one that the gateway has. */
    private Future<AgentData.AgentQuote> price(String symbol) {
        Optional<Heard> heard = Optional.ofNullable(streamed.get(symbol))
                .filter(one -> time.nanos() - one.atNanos() < PATIENCE.toNanos());
        return heard.isPresent()
                ? Future.succeededFuture(heard.get().quote())
                : client.request(AgentSubjects.QUOTE_GET.value(), new AgentData.QuoteRequest(symbol), PATIENCE)
                        .map(answer -> FrameCodec.fromTree(answer, AgentData.AgentQuote.class));
    }

    private void report(AgentData.AgentQuote quote) {
        String text = quote.symbol() + " is at " + shown(quote.mid());
        client.messages()
                .send(OutgoingMessage.of("planner", "market.note", Map.of("text", text)))
                .onFailure(refused -> log.error("not told: " + refused.getMessage()));
    }

    private static String shown(Optional<BigDecimal> price) {
        return price.map(BigDecimal::toPlainString).orElse("–");
    }
}
