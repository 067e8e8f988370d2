package dev.fairlead.gateway.orders.paper;

import dev.fairlead.gateway.upstream.Instrument;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/**
 * What the paper account holds of one symbol, by average cost.
 *
 * @param quantity below zero where it was sold short
 * @param averagePrice of what is held; 0 where nothing is
 * @param realizedPnl what was gained by what was closed so far, in {@link #currency}
 */
public record PaperPosition(String symbol, BigDecimal quantity, BigDecimal averagePrice, BigDecimal realizedPnl) {
    private static final int PAIR_SIGN = '/';

    static PaperPosition none(String symbol) {
        return new PaperPosition(symbol, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    /**
     * The same after a fill: what is added changes the average, what is closed is a gain or a loss, and what goes
     * beyond that opens the other way.
     *
     * @param filled below zero for a sale
     */
    PaperPosition with(BigDecimal filled, BigDecimal price) {
        BigDecimal now = quantity.add(filled);
        if (quantity.signum() == 0 || quantity.signum() == filled.signum()) {
            BigDecimal paid = quantity.multiply(averagePrice).add(filled.multiply(price));
            return new PaperPosition(symbol, now, paid.divide(now, MathContext.DECIMAL64), realizedPnl);
        }
        BigDecimal closed = filled.abs().min(quantity.abs());
        BigDecimal gain = price.subtract(averagePrice)
                .multiply(quantity.signum() > 0 ? closed : closed.negate())
                .multiply(multiplier());
        boolean stays = now.signum() == quantity.signum();
        BigDecimal average = now.signum() == 0 ? BigDecimal.ZERO : stays ? averagePrice : price;
        return new PaperPosition(symbol, now, average, realizedPnl.add(gain));
    }

    /** What closing it at a price would gain. */
    BigDecimal unrealizedPnl(BigDecimal mark) {
        return mark.subtract(averagePrice).multiply(quantity).multiply(multiplier());
    }

    /** By how much it has changed the cash. */
    BigDecimal cash() {
        return realizedPnl.subtract(averagePrice.multiply(quantity).multiply(multiplier()));
    }

    /** What it is priced in. */
    String currency() {
        return Optional.of(symbol)
                .filter(name -> Instrument.of(name) == Instrument.CRYPTOCURRENCY)
                .map(pair -> pair.substring(pair.indexOf(PAIR_SIGN) + 1))
                .orElse("USD");
    }

    private BigDecimal multiplier() {
        // Those whose multiplier differs from contract to contract are not taken.
        return BigDecimal.valueOf(Instrument.of(symbol).multiplier().orElse(1));
    }
}
