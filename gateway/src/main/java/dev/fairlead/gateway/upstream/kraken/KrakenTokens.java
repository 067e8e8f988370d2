package dev.fairlead.gateway.upstream.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.TokenGrant;
import dev.fairlead.gateway.upstream.TokenRefusal;
import dev.fairlead.gateway.upstream.TokenSource;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tokens for the private socket by {@code GetWebSocketsToken}, as Kraken's API reference has it. */
public final class KrakenTokens implements TokenSource {
    private static final String PATH = "/0/private/GetWebSocketsToken";
    private static final Set<String> TERMINAL = Set.of(
            "EAPI:Invalid key", "EAPI:Invalid signature", "EGeneral:Permission denied", "EGeneral:Temporary lockout");
    private static final List<String> PASSING =
            List.of("EAPI:Rate limit exceeded", "EService:Unavailable", "EService:Throttled");

    private final KrakenRest rest;

    public KrakenTokens(KrakenRest rest) {
        this.rest = rest;
    }

    @Override
    public Future<TokenGrant> fetch() {
        return rest.call(PATH, "")
                .transform(done -> done.succeeded()
                        ? granted(done.result())
                                .map(Future::succeededFuture)
                                .orElseGet(() -> Future.failedFuture(refusal(done.result())))
                        : Future.failedFuture(TokenRefusal.passing(
                                "Kraken does not answer: " + done.cause().getMessage())));
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

    private static TokenRefusal refusal(UpstreamAnswer answer) {
        if (answer.status() == 429 || answer.status() >= 500) {
            return TokenRefusal.passing("Kraken answered " + answer.status(), answer.retryAfter());
        }
        String error = KrakenRest.error(answer).orElse("");
        if (TERMINAL.contains(error)) {
            return TokenRefusal.terminal("Kraken refuses KRAKEN_API_KEY or KRAKEN_API_SECRET: " + error);
        }
        if (error.startsWith(KrakenRest.INVALID_NONCE)) {
            return TokenRefusal.passing(KrakenRest.explained(error));
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
