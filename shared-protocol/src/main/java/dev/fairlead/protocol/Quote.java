package dev.fairlead.protocol;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * The newest prices of a symbol. A side that nobody quotes is null, never 0 and never NaN.
 *
 * @param mid between bid and ask, where both are there
 * @param source null where nothing was received yet
 * @param ageMs milliseconds since it was received
 */
public record Quote(
        String symbol,
        @JsonInclude(ALWAYS) Optional<BigDecimal> bid,
        @JsonInclude(ALWAYS) Optional<BigDecimal> ask,
        @JsonInclude(ALWAYS) Optional<BigDecimal> mid,
        @JsonInclude(ALWAYS) Optional<BigDecimal> bidSize,
        @JsonInclude(ALWAYS) Optional<BigDecimal> askSize,
        @JsonInclude(ALWAYS) Optional<Source> source,
        @JsonInclude(ALWAYS) Optional<Instant> receivedAt,
        @JsonInclude(ALWAYS) Optional<Long> ageMs) {

    /** Where a quote came from. */
    public enum Source implements WireEnum {
        /** The live feed. */
        DXLINK,
        /** A single call. */
        REST
    }
}
