package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.OptionSymbols;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;

/** What the settings allow of a single order: symbols, quantity, notional, and when a person is asked. */
final class RiskGuard {
    private final Settings.Orders settings;

    private final Function<String, Optional<String>> upstreamRefuses;

    /** @param upstreamRefuses why the upstream takes no order for a symbol; empty where it does */
    RiskGuard(Settings.Orders settings, Function<String, Optional<String>> upstreamRefuses) {
        this.settings = settings;
        this.upstreamRefuses = upstreamRefuses;
    }

    /**
     * What is said to an order.
     *
     * @param notional quantity × price × multiplier; empty where it was not come to
     * @param violation what it breaks, for people; empty where it breaks nothing
     * @param confirmation why a person must confirm it; empty where nobody must
     */
    record Verdict(Optional<BigDecimal> notional, Optional<String> violation, Optional<String> confirmation) {}

    /** Whether the notional of an order is known only with a quote, not by its limit alone. */
    static boolean needsQuote(NewOrder order) {
        return order.limitPrice().isEmpty();
    }

    /** Whether a quote says more of its notional than its limit does. */
    static boolean wantsQuote(NewOrder order) {
        return needsQuote(order) || !order.side().buys();
    }

    /**
     * Judges an order.
     *
     * @param quote the price the market takes now, on the side of the order; a sale is worth that much however low its
     *     limit is
     */
    Verdict judge(NewOrder order, Optional<BigDecimal> quote) {
        Optional<String> refused = refusal(order);
        if (refused.isPresent()) {
            return violation(Optional.empty(), refused.get());
        }
        Optional<Integer> multiplier = Instrument.of(order.symbol()).multiplier();
        Optional<BigDecimal> price = price(order, quote);
        if (multiplier.isEmpty() || price.isEmpty()) {
            return violation(Optional.empty(), "its notional cannot be told");
        }
        BigDecimal notional = order.quantity()
                .multiply(price.get())
                .multiply(BigDecimal.valueOf(multiplier.get()))
                .stripTrailingZeros();
        notional = notional.scale() < 0 ? notional.setScale(0) : notional;
        if (notional.compareTo(settings.maxNotional()) > 0) {
            return violation(
                    Optional.of(notional),
                    "its notional of " + notional.toPlainString() + " is more than orders.max_notional="
                            + settings.maxNotional().toPlainString());
        }
        return new Verdict(
                Optional.of(notional),
                Optional.empty(),
                settings.confirm().asksFor(notional)
                        ? Optional.of("orders.confirm asks for a person")
                        : Optional.empty());
    }

    private Optional<String> refusal(NewOrder order) {
        if (!settings.symbols().isEmpty()
                && settings.symbols().stream()
                        .noneMatch(symbol ->
                                OptionSymbols.occ(symbol).orElse(symbol).equals(order.symbol()))) {
            return Optional.of(order.symbol() + " is not among orders.symbols");
        }
        Optional<String> upstream = upstreamRefuses.apply(order.symbol());
        if (upstream.isPresent()) {
            return upstream;
        }
        Instrument instrument = Instrument.of(order.symbol());
        if (instrument == Instrument.INDEX) {
            return Optional.of(order.symbol() + " is an index, which is not traded itself");
        }
        if (instrument.multiplier().isEmpty()) {
            return Optional.of("the notional of futures cannot be told, so that orders.max_notional cannot be kept");
        }
        if (order.quantity().compareTo(settings.maxQuantity()) > 0) {
            return Optional.of("its quantity of " + order.quantity().toPlainString() + " is more than"
                    + " orders.max_quantity=" + settings.maxQuantity().toPlainString());
        }
        return Optional.empty();
    }

    private static Optional<BigDecimal> price(NewOrder order, Optional<BigDecimal> quote) {
        if (order.limitPrice().isEmpty()) {
            return quote;
        }
        BigDecimal limit = order.limitPrice().get();
        return Optional.of(order.side().buys() ? limit : quote.map(limit::max).orElse(limit));
    }

    private static Verdict violation(Optional<BigDecimal> notional, String what) {
        return new Verdict(notional, Optional.of(what), Optional.empty());
    }
}
