package dev.fairlead.gateway.upstream.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.TokenGrant;
import dev.fairlead.gateway.upstream.TokenRefusal;
import dev.fairlead.gateway.upstream.TokenSource;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tokens for the private socket by {@code GetWebSocketsToken}, as Kraken's API reference has it. */
public final class KrakenTokens implements TokenSource {
    private static final String BASE = "https://api.kraken.com";
    private static final String PATH = "/0/private/GetWebSocketsToken";
    private static final String INVALID_NONCE = "EAPI:Invalid nonce";
    private static final Set<String> TERMINAL = Set.of(
            "EAPI:Invalid key", "EAPI:Invalid signature", "EGeneral:Permission denied", "EGeneral:Temporary lockout");
    private static final List<String> PASSING =
            List.of("EAPI:Rate limit exceeded", "EService:Unavailable", "EService:Throttled", INVALID_NONCE);

    private final UpstreamHttp http;
    private final TimeSource time;
    private final URI uri;
    private final Secret key;
    private final Secret secret;
    private long lastNonce;

    /**
     * With these credentials.
     *
     * @param baseUrl in place of Kraken's own
     */
    public KrakenTokens(
            UpstreamHttp http, TimeSource time, UpstreamCredentials.Kraken credentials, Optional<URI> baseUrl) {
        this.http = http;
        this.time = time;
        this.key = credentials.apiKey();
        this.secret = credentials.apiSecret();
        String base = baseUrl.map(URI::toString).orElse(BASE);
        this.uri = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH);
    }

    /** A refused nonce is followed by one more try with a higher one: another program may share the key. */
    @Override
    public Future<TokenGrant> fetch() {
        return once().compose(
                        answer -> error(answer).filter(INVALID_NONCE::equals).isPresent()
                                ? once()
                                : Future.succeededFuture(answer))
                .compose(answer -> granted(answer)
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(refusal(answer))));
    }

    private Future<UpstreamAnswer> once() {
        String nonce = Long.toUnsignedString(nextNonce());
        String body = "nonce=" + nonce;
        Map<String, String> headers =
                Map.of("API-Key", key.reveal(), "API-Sign", KrakenSignature.of(secret.reveal(), PATH, nonce, body));
        return http.post(uri, "application/x-www-form-urlencoded", headers, Buffer.buffer(body))
                .recover(failure -> Future.failedFuture(TokenRefusal.passing(
                        "Kraken does not answer: " + failure.getClass().getSimpleName())));
    }

    /** Microseconds of the wall clock, and more than the last one whatever that clock does. */
    private long nextNonce() {
        lastNonce = Math.max(lastNonce + 1, time.millis() * 1000);
        return lastNonce;
    }

    private static Optional<TokenGrant> granted(UpstreamAnswer answer) {
        JsonNode result = answer.json().path("result");
        String token = result.path("token").asText();
        if (answer.status() != 200 || token.isEmpty()) {
            return Optional.empty();
        }
        long seconds = result.path("expires").asLong();
        return Optional.of(new TokenGrant(
                Secret.of(token), seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty()));
    }

    /** Kraken's refusals have status 200. */
    private static Optional<String> error(UpstreamAnswer answer) {
        return Optional.of(answer.json().path("error").path(0).asText()).filter(text -> !text.isEmpty());
    }

    private static TokenRefusal refusal(UpstreamAnswer answer) {
        if (answer.status() == 429 || answer.status() >= 500) {
            return TokenRefusal.passing("Kraken answered " + answer.status(), answer.retryAfter());
        }
        String error = error(answer).orElse("");
        if (TERMINAL.contains(error)) {
            return TokenRefusal.terminal("Kraken refuses KRAKEN_API_KEY or KRAKEN_API_SECRET: " + error);
        }
        Optional<String> passing = PASSING.stream().filter(error::startsWith).findFirst();
        if (passing.isPresent()) {
            return TokenRefusal.passing("Kraken answered " + passing.get());
        }
        return TokenRefusal.terminal(
                answer.isHtml()
                        ? "Something in front of Kraken answered " + answer.status() + " with a page of HTML"
                        : "Kraken refuses the token call with status " + answer.status());
    }
}
