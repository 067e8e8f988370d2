package dev.fairlead.gateway.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * What an order is to be replaced by; while the order is {@code replacing}, the upstream is told. Before that it waits
 * for a person.
 *
 * @param id what the upstream is told to know the order by from then on, where it makes another of it
 * @param notional as it was judged
 */
record Replacement(UUID id, Terms terms, BigDecimal notional) {
    /** When it was asked for, as its id tells (version 7 of RFC 9562). */
    Instant askedAt() {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }
}
