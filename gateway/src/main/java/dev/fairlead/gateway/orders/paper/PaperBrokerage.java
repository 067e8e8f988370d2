package dev.fairlead.gateway.orders.paper;

import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.Quote;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes orders and sends them nowhere. It keeps nothing itself: an order is here from the moment it is stored as about
 * to be sent, is cancelled or replaced once that is stored, and is filled when it is looked at and the quote reaches
 * it. So a restart finds all as it was, and there is no way on which anything could get lost.
 */
public final class PaperBrokerage implements Brokerage {
    /** How often a quote is held against an order. */
    public static final Duration LOOK_PERIOD = Duration.ofSeconds(1);

    private static final String LIVE = "Live";
    private static final String CANCELLED = "Cancelled";
    private static final String FILLED = "Filled";

    private final Function<String, Future<Quote>> quotes;
    private final Function<UUID, Future<Boolean>> isCancelled;
    private final Supplier<Future<List<PaperPosition>>> positions;

    /**
     * @param quotes the newest quote of a symbol; fails where there is none
     * @param isCancelled whether the order of that key is stored as one to be cancelled
     * @param positions what is kept of the account
     */
    public PaperBrokerage(
            Function<String, Future<Quote>> quotes,
            Function<UUID, Future<Boolean>> isCancelled,
            Supplier<Future<List<PaperPosition>>> positions) {
        this.quotes = quotes;
        this.isCancelled = isCancelled;
        this.positions = positions;
    }

    @Override
    public boolean usesToken() {
        return false;
    }

    @Override
    public Duration lookPeriod() {
        return LOOK_PERIOD;
    }

    @Override
    public Future<Submission> submit(Ticket ticket) {
        return Future.succeededFuture(new Placed(name(ticket.id()), LIVE));
    }

    private static String name(UUID key) {
        return "paper-" + key;
    }

    @Override
    public Future<Optional<Submission>> find(UUID key, Instant since) {
        return isCancelled
                .apply(key)
                .map(cancelled -> Optional.of(new Placed(name(key), cancelled ? CANCELLED : LIVE)));
    }

    @Override
    public Future<Instruction> cancel(UUID key, String upstreamId) {
        return Future.succeededFuture(new Taken());
    }

    @Override
    public Future<Instruction> replace(Amendment amendment) {
        return Future.succeededFuture(new Taken());
    }

    @Override
    public Future<Optional<Successor>> successor(Amendment amendment, Instant since) {
        UUID key = amendment.next().id();
        return Future.succeededFuture(Optional.of(new Successor(key, working(name(key)))));
    }

    @Override
    public Future<List<Optional<State>>> look(List<Sought> orders) {
        return quotes(orders.stream().map(order -> order.ticket().symbol()).toList())
                .map(known -> orders.stream()
                        .map(order -> Optional.of(state(
                                order,
                                Optional.ofNullable(known.get(order.ticket().symbol())))))
                        .toList());
    }

    private static State state(Sought order, Optional<Quote> quote) {
        return quote.flatMap(now -> PaperMarket.fill(order.ticket(), now))
                .map(price -> new State(
                        order.upstreamId(),
                        FILLED,
                        Standing.FILLED,
                        order.ticket().quantity(),
                        Optional.of(price),
                        Optional.empty()))
                .orElseGet(() -> working(order.upstreamId()));
    }

    private static State working(String upstreamId) {
        return new State(upstreamId, LIVE, Standing.WORKING, BigDecimal.ZERO, Optional.empty(), Optional.empty());
    }

    /** Each asked for by itself: one that nobody quotes costs the others nothing. */
    private Future<Map<String, Quote>> quotes(List<String> symbols) {
        List<Future<Optional<Quote>>> asked = symbols.stream()
                .distinct()
                .map(symbol -> quotes.apply(symbol).map(Optional::of).otherwise(Optional.empty()))
                .toList();
        return Future.all(asked).map(all -> {
            Map<String, Quote> known = new HashMap<>();
            asked.forEach(one -> one.result().ifPresent(quote -> known.put(quote.symbol(), quote)));
            return known;
        });
    }

    @Override
    public Standing standing(String status) {
        return switch (status) {
            case CANCELLED -> Standing.CANCELLED;
            case FILLED -> Standing.FILLED;
            default -> Standing.WORKING;
        };
    }

    @Override
    public Future<List<Position>> positions() {
        return marked(PaperAccount::positions);
    }

    @Override
    public Future<List<Balance>> balances() {
        return marked(PaperAccount::balances);
    }

    private <T> Future<List<T>> marked(BiFunction<List<PaperPosition>, Map<String, BigDecimal>, List<T>> shown) {
        return positions.get().compose(all -> quotes(all.stream()
                        .filter(one -> one.quantity().signum() != 0)
                        .map(PaperPosition::symbol)
                        .toList())
                .map(known -> {
                    Map<String, BigDecimal> marks = new HashMap<>();
                    known.forEach((symbol, quote) ->
                            quote.mid().or(quote::bid).or(quote::ask).ifPresent(mid -> marks.put(symbol, mid)));
                    return shown.apply(all, marks);
                }));
    }
}
