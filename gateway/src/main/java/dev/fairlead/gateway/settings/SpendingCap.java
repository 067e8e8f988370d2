package dev.fairlead.gateway.settings;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The most that models may cost within a day, which begins at midnight UTC; empty where there is no bound.
 *
 * @param tokens read and written together
 * @param usd by {@code llm.prices}
 */
public record SpendingCap(Optional<Long> tokens, Optional<BigDecimal> usd) {
    public static final SpendingCap NONE = new SpendingCap(Optional.empty(), Optional.empty());

    /** Whether there is a bound at all. */
    public boolean isSet() {
        return tokens.isPresent() || usd.isPresent();
    }
}
