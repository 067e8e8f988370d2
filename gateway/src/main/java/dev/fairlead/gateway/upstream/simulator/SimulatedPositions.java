package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstantFormat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What the account holds, from what was filled. Used on the simulator's event loop only. */
final class SimulatedPositions {
    private static final BigDecimal FIRST_CASH = new BigDecimal("250000.0");

    /** @param quantity below zero for what was sold short */
    private record Held(BigDecimal quantity, BigDecimal price, Instant since) {}

    private final QuoteWalk quotes;
    private final TimeSource time;
    private final Map<String, Held> held = new TreeMap<>();
    private BigDecimal cash = FIRST_CASH;

    SimulatedPositions(QuoteWalk quotes, TimeSource time) {
        this.quotes = quotes;
        this.time = time;
    }

    /** @param quantity below zero for a sale */
    void filled(String symbol, BigDecimal quantity, BigDecimal price) {
        cash = cash.subtract(quantity.multiply(price).multiply(multiplier(symbol)));
        Held before = held.getOrDefault(symbol, new Held(BigDecimal.ZERO, BigDecimal.ZERO, time.instant()));
        BigDecimal after = before.quantity().add(quantity);
        if (after.signum() == 0) {
            held.remove(symbol);
            return;
        }
        boolean grows = before.quantity().signum() * quantity.signum() >= 0;
        BigDecimal average = grows
                ? before.quantity()
                        .multiply(before.price())
                        .add(quantity.multiply(price))
                        .divide(after, MathContext.DECIMAL32)
                : before.quantity().signum() == after.signum() ? before.price() : price;
        held.put(symbol, new Held(after, average, before.since()));
    }

    BigDecimal cash() {
        return cash;
    }

    BigDecimal worth() {
        BigDecimal worth = cash;
        for (Map.Entry<String, Held> one : held.entrySet()) {
            worth = worth.add(
                    one.getValue().quantity().multiply(mark(one.getKey())).multiply(multiplier(one.getKey())));
        }
        return worth;
    }

    ArrayNode list() {
        ArrayNode items = FrameCodec.object().putArray("items");
        held.forEach((symbol, one) -> items.addObject()
                .put("account-number", SimulatedAccount.ACCOUNT)
                .put("symbol", symbol)
                .put("instrument-type", Instrument.of(symbol).wire())
                .put("underlying-symbol", symbol.split(" ", 2)[0])
                .put("quantity", one.quantity().abs().toPlainString())
                .put("quantity-direction", one.quantity().signum() > 0 ? "Long" : "Short")
                .put("close-price", mark(symbol).toPlainString())
                .put("average-open-price", one.price().toPlainString())
                .put("mark-price", mark(symbol).toPlainString())
                .put("multiplier", multiplier(symbol).intValue())
                .put("cost-effect", one.quantity().signum() > 0 ? "Credit" : "Debit")
                .put("is-suppressed", false)
                .put("is-frozen", false)
                .put("restricted-quantity", "0.0")
                .put("realized-day-gain", "0.0")
                .put("realized-day-gain-effect", "None")
                .put("realized-today", "0.0")
                .put("realized-today-effect", "None")
                .put("created-at", InstantFormat.format(one.since()))
                .put("updated-at", InstantFormat.format(time.instant())));
        return items;
    }

    private BigDecimal mark(String symbol) {
        return BigDecimal.valueOf(quotes.of(symbol).bidPrice());
    }

    private static BigDecimal multiplier(String symbol) {
        return BigDecimal.valueOf(Instrument.of(symbol).multiplier().orElse(1));
    }
}
