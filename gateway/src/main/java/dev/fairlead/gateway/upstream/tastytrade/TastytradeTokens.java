package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.TokenGrant;
import dev.fairlead.gateway.upstream.TokenRefusal;
import dev.fairlead.gateway.upstream.TokenSource;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Access tokens by {@code POST /oauth/token}, as tastytrade's OAuth documentation has it. */
public final class TastytradeTokens implements TokenSource {
    /** It comes and goes on a healthy account: "User is not a TastyTrade customer". */
    private static final String INVALID_REQUEST = "invalid_request";

    /** What OAuth names by itself; nothing else the upstream says is repeated, for it may repeat what it was sent. */
    private static final Set<String> KNOWN_CODES = Set.of(
            "invalid_grant",
            "invalid_client",
            INVALID_REQUEST,
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    /** What comes and goes on a healthy account is asked for again no sooner. */
    private static final Duration SLOWLY = Duration.ofMinutes(1);

    private final TastytradeRest rest;
    private final Secret clientSecret;
    private final boolean sandbox;
    private Secret refreshToken;
    private boolean grantedBefore;

    public TastytradeTokens(TastytradeRest rest) {
        this.rest = rest;
        this.sandbox = rest.credentials().sandbox();
        this.clientSecret = rest.credentials().clientSecret();
        this.refreshToken = rest.credentials().refreshToken();
    }

    @Override
    public Future<TokenGrant> fetch() {
        ObjectNode body = FrameCodec.object()
                .put("grant_type", "refresh_token")
                .put("client_secret", clientSecret.reveal())
                .put("refresh_token", refreshToken.reveal());
        return rest.send(HttpMethod.POST, "/oauth/token", Optional.empty(), body)
                .transform(done -> {
                    if (done.failed()) {
                        return Future.failedFuture(TokenRefusal.passing(rest.name() + " does not answer: "
                                + done.cause().getMessage()));
                    }
                    return granted(done.result())
                            .map(Future::succeededFuture)
                            .orElseGet(() -> Future.failedFuture(refusal(done.result())));
                });
    }

    private Optional<TokenGrant> granted(UpstreamAnswer answer) {
        JsonNode json = answer.json();
        String token = json.path("access_token").asText();
        if (answer.status() != 200 || token.isEmpty()) {
            return Optional.empty();
        }
        String renewed = json.path("refresh_token").asText();
        if (!renewed.isEmpty()) {
            refreshToken = Secret.of(renewed);
        }
        grantedBefore = true;
        long seconds = json.path("expires_in").asLong();
        return Optional.of(new TokenGrant(
                Secret.of(token), seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty()));
    }

    private TokenRefusal refusal(UpstreamAnswer answer) {
        int status = answer.status();
        if (status == 429) {
            return TokenRefusal.passing(rest.name() + " limits our rate (429)", answer.retryAfter());
        }
        if (status >= 500 || status == 408 || status == 200) {
            return TokenRefusal.passing(rest.name() + " answered " + status + " without a token", answer.retryAfter());
        }
        if (status == 406) {
            return TokenRefusal.terminal(rest.versionRefused());
        }
        JsonNode json = answer.json();
        String code = json.path("error_code").asText(json.path("error").asText());
        if (code.equals("invalid_grant")) {
            return TokenRefusal.terminal(
                    json.path("error_description").asText().equals("Grant revoked")
                            ? "invalid_grant: the grant was revoked; make a new one and set TASTY_REFRESH_TOKEN"
                            : "invalid_grant: TASTY_REFRESH_TOKEN is refused; it is of the "
                                    + (sandbox ? "live environment (TASTY_IS_TEST=1 asks for the sandbox)" : "sandbox")
                                    + ", truncated, or no refresh token at all");
        }
        if (code.equals(INVALID_REQUEST) && grantedBefore) {
            return TokenRefusal.passing(code + said(json), Optional.of(SLOWLY));
        }
        if (KNOWN_CODES.contains(code)) {
            return TokenRefusal.terminal(
                    code + ": " + rest.name() + " refuses TASTY_CLIENT_SECRET or the request" + said(json));
        }
        if (answer.isHtml()) {
            return TokenRefusal.terminal(rest.name() + " answered " + status
                    + " with a page of HTML: what stands in front of it refuses our User-Agent or address");
        }
        return TokenRefusal.terminal(rest.name() + " refuses the credentials with status " + status);
    }

    /** The upstream's own description; whatever of it could be a secret sent back is left out. */
    private static String said(JsonNode json) {
        String description = RefusalText.of(json.path("error_description").asText());
        return description.isEmpty() ? "" : ": " + description;
    }
}
