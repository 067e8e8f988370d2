package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.TokenGrant;
import dev.fairlead.gateway.upstream.TokenRefusal;
import dev.fairlead.gateway.upstream.TokenSource;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Access tokens by {@code POST /oauth/token}, as tastytrade's OAuth documentation has it. */
public final class TastytradeTokens implements TokenSource {
    /** What OAuth names by itself; nothing else the upstream says is repeated, for it may repeat what it was sent. */
    private static final Set<String> KNOWN_CODES = Set.of(
            "invalid_grant",
            "invalid_client",
            "invalid_request",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    private final UpstreamHttp http;
    private final URI uri;
    private final Secret clientSecret;
    private final boolean sandbox;
    private Secret refreshToken;

    /**
     * With these credentials.
     *
     * @param baseUrl in place of tastytrade's own for the environment of the credentials
     */
    public TastytradeTokens(UpstreamHttp http, UpstreamCredentials.Tastytrade credentials, Optional<URI> baseUrl) {
        this.http = http;
        this.sandbox = credentials.sandbox();
        this.clientSecret = credentials.clientSecret();
        this.refreshToken = credentials.refreshToken();
        this.uri = TastytradeAddress.of(credentials, baseUrl, "/oauth/token");
    }

    @Override
    public Future<TokenGrant> fetch() {
        byte[] body = FrameCodec.encode(FrameCodec.object()
                .put("grant_type", "refresh_token")
                .put("client_secret", clientSecret.reveal())
                .put("refresh_token", refreshToken.reveal()));
        return http.post(uri, "application/json", Map.of(), Buffer.buffer(body)).transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(TokenRefusal.passing(
                        "tastytrade does not answer: " + done.cause().getClass().getSimpleName()));
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
        long seconds = json.path("expires_in").asLong();
        return Optional.of(new TokenGrant(
                Secret.of(token), seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty()));
    }

    private TokenRefusal refusal(UpstreamAnswer answer) {
        int status = answer.status();
        if (status == 429) {
            return TokenRefusal.passing("tastytrade limits our rate (429)", answer.retryAfter());
        }
        if (status >= 500 || status == 408 || status == 200) {
            return TokenRefusal.passing("tastytrade answered " + status + " without a token", answer.retryAfter());
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
        if (KNOWN_CODES.contains(code)) {
            return TokenRefusal.terminal(code + ": tastytrade refuses TASTY_CLIENT_SECRET or the request");
        }
        if (answer.isHtml()) {
            return TokenRefusal.terminal("tastytrade answered " + status
                    + " with a page of HTML: what stands in front of it refuses our User-Agent or address");
        }
        return TokenRefusal.terminal("tastytrade refuses the credentials with status " + status);
    }
}
