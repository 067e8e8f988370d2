package dev.fairlead.protocol;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;

/**
 * What may be known of the upstream token: everything but the token.
 *
 * @param kind of upstream: {@code none}, {@code tastytrade}, {@code kraken}, {@code simulator}
 * @param fetchedAt when the request for it was sent
 * @param ageSeconds since then
 * @param lastUsedAt by an authenticated operation
 * @param reason why there is none, or why it is late
 */
public record TokenReport(
        TokenState state,
        String kind,
        @JsonInclude(ALWAYS) Optional<Instant> fetchedAt,
        @JsonInclude(ALWAYS) Optional<Long> ageSeconds,
        @JsonInclude(ALWAYS) Optional<Instant> warnAt,
        @JsonInclude(ALWAYS) Optional<Instant> refreshAt,
        @JsonInclude(ALWAYS) Optional<Instant> expiresAt,
        @JsonInclude(ALWAYS) Optional<Instant> lastUsedAt,
        Optional<String> reason) {}
