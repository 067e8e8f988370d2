package dev.fairlead.gateway.settings;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * When a person must confirm an order: {@code never}, {@code always} or {@code above:<notional>}.
 *
 * @param when the kind of rule
 * @param notional the amount past which a person is asked; present for {@link When#ABOVE} alone
 */
public record OrderConfirmation(When when, Optional<BigDecimal> notional) {

    /** The kinds of rule. */
    public enum When {
        NEVER,
        ABOVE,
        ALWAYS
    }

    static final String ACCEPTS = "never, always or above:<notional>";

    /** Whether an order of this notional waits for a person. */
    public boolean asksFor(BigDecimal orderNotional) {
        return when == When.ALWAYS
                || notional.map(limit -> orderNotional.compareTo(limit) > 0).orElse(false);
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException for any other form
     */
    static OrderConfirmation parse(String text) {
        if (text.equals("never")) {
            return new OrderConfirmation(When.NEVER, Optional.empty());
        }
        if (text.equals("always")) {
            return new OrderConfirmation(When.ALWAYS, Optional.empty());
        }
        if (text.matches("above:\\d{1,15}(\\.\\d{1,8})?")) {
            return new OrderConfirmation(When.ABOVE, Optional.of(new BigDecimal(text.substring("above:".length()))));
        }
        throw new IllegalArgumentException(ACCEPTS);
    }
}
