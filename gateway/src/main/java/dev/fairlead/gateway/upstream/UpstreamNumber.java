package dev.fairlead.gateway.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** Decimals as upstreams write them: as numbers or as strings, now and then not at all. */
public final class UpstreamNumber {
    /** No price and no quantity needs more; a number of one line may stand for a billion digits. */
    private static final int MOST_DIGITS = 40;

    private UpstreamNumber() {}

    /** The number without trailing zeros and exponent; 0 where there is none. */
    public static BigDecimal of(JsonNode field) {
        try {
            return plain(new BigDecimal(field.asText()));
        } catch (NumberFormatException e) {
            return BigDecimal.ZERO;
        }
    }

    /** The same number without trailing zeros and exponent; 0 where it is absurdly large or small. */
    public static BigDecimal plain(BigDecimal number) {
        return Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS
                ? BigDecimal.ZERO
                : new BigDecimal(number.stripTrailingZeros().toPlainString());
    }
}
