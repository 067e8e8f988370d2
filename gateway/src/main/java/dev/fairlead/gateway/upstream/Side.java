package dev.fairlead.gateway.upstream;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which way an order goes; without more, a purchase opens a position and a sale closes one. */
public enum Side {
    BUY,
    SELL,
    BUY_TO_OPEN,
    BUY_TO_CLOSE,
    SELL_TO_OPEN,
    SELL_TO_CLOSE;

    /** As it stands in JSON. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean buys() {
        return this == BUY || this == BUY_TO_OPEN || this == BUY_TO_CLOSE;
    }

    /** The side of that name, which is case-sensitive. */
    public static Optional<Side> of(String wire) {
        return Arrays.stream(values()).filter(side -> side.wire().equals(wire)).findFirst();
    }

    /** All names there are, for a refusal. */
    public static String names() {
        return Arrays.stream(values()).map(Side::wire).collect(Collectors.joining(", "));
    }
}
