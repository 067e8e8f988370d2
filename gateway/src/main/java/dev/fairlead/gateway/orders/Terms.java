package dev.fairlead.gateway.orders;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What of an order may be replaced while it works.
 *
 * @param quantity in all, what is filled already included
 * @param limitPrice empty at the market
 */
record Terms(BigDecimal quantity, Optional<BigDecimal> limitPrice) {
    /** Equal by value: 1.50 is 1.5. */
    boolean same(Terms other) {
        return quantity.compareTo(other.quantity) == 0
                && limitPrice.isPresent() == other.limitPrice.isPresent()
                && limitPrice
                        .map(price -> price.compareTo(other.limitPrice.orElseThrow()) == 0)
                        .orElse(true);
    }

    String inWords() {
        return quantity.toPlainString() + " "
                + limitPrice.map(price -> "at " + price.toPlainString()).orElse("at the market");
    }
}
