package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.FeedTicket;
import dev.fairlead.gateway.upstream.QuoteRefusal;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Tickets for tastytrade's feed, by {@code GET /api-quote-tokens}. */
public final class TastytradeQuoteTokens {
    private static final String PATH = "/api-quote-tokens";

    /** As documented; what the answer says counts before it. */
    private static final Duration LIFE = Duration.ofHours(24);

    /** Beyond these our clock is wrong, or theirs. */
    private static final Duration LEAST = Duration.ofMinutes(1);

    private static final Duration MOST = Duration.ofDays(7);

    private final TastytradeRest rest;
    private final TimeSource time;

    public TastytradeQuoteTokens(TastytradeRest rest, TimeSource time) {
        this.rest = rest;
        this.time = time;
    }

    /** Fetches one, without any retry; fails with a {@link QuoteRefusal} alone. */
    public Future<FeedTicket> fetch(Secret accessToken) {
        return TastytradeAnswers.of(rest, rest.get(PATH, accessToken)).compose(answer -> ticket(answer)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(QuoteRefusal.passing(
                        rest.name() + " answered without a quote token and an address to use it at",
                        Optional.empty()))));
    }

    /** Until the moment the answer names, by our clock, where that makes sense. */
    private Duration life(String expiresAt) {
        try {
            Duration left = Duration.between(
                    time.instant(), OffsetDateTime.parse(expiresAt).toInstant());
            return left.compareTo(LEAST) < 0 || left.compareTo(MOST) > 0 ? LIFE : left;
        } catch (DateTimeParseException e) {
            return LIFE;
        }
    }

    /** The address is always the one that came with the token, and no less private than the call. */
    private Optional<FeedTicket> ticket(UpstreamAnswer answer) {
        JsonNode granted = answer.json().path("data");
        String token = granted.path("token").asText();
        String address = granted.path("dxlink-url").asText();
        boolean secure = address.startsWith("wss://");
        boolean plain = address.startsWith("ws://") && rest.isPlain();
        if (token.isEmpty() || !(secure || plain)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FeedTicket(
                    URI.create(address),
                    Optional.of(Secret.of(token)),
                    Optional.of(life(granted.path("expires-at").asText()))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
