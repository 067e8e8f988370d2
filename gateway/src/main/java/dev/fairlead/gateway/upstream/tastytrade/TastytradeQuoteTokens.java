package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.FeedTicket;
import dev.fairlead.gateway.upstream.QuoteRefusal;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Tickets for tastytrade's feed, by {@code GET /api-quote-tokens}. */
public final class TastytradeQuoteTokens {
    private static final String PATH = "/api-quote-tokens";

    /** As documented; the answer does not say. */
    private static final Duration LIFE = Duration.ofHours(24);

    private final UpstreamHttp http;
    private final URI uri;

    /** @param baseUrl in place of tastytrade's own for the environment of the credentials */
    public TastytradeQuoteTokens(UpstreamHttp http, UpstreamCredentials.Tastytrade credentials, Optional<URI> baseUrl) {
        this.http = http;
        this.uri = TastytradeAddress.of(credentials, baseUrl, PATH);
    }

    /** Fetches one, without any retry; fails with a {@link QuoteRefusal} alone. */
    public Future<FeedTicket> fetch(Secret accessToken) {
        return TastytradeAnswers.of(http.get(uri, Map.of("Authorization", "Bearer " + accessToken.reveal())))
                .compose(answer -> ticket(answer)
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(QuoteRefusal.passing(
                                "tastytrade answered without a quote token and an address to use it at",
                                Optional.empty()))));
    }

    /** The address is always the one that came with the token, and no less private than the call. */
    private Optional<FeedTicket> ticket(UpstreamAnswer answer) {
        JsonNode granted = answer.json().path("data");
        String token = granted.path("token").asText();
        String address = granted.path("dxlink-url").asText();
        boolean secure = address.startsWith("wss://");
        boolean plain = address.startsWith("ws://") && "http".equals(uri.getScheme());
        if (token.isEmpty() || !(secure || plain)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FeedTicket(URI.create(address), Optional.of(Secret.of(token)), Optional.of(LIFE)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
