package dev.fairlead.gateway.auth;

import dev.fairlead.protocol.Names;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** Signs tokens. Thread-safe. */
public final class TokenIssuer {
    /** The {@code iss} claim of every token. */
    public static final String ISSUER = "fairlead";

    /** The {@code sub} claim of an operator's token. */
    public static final String OPERATOR = "operator";

    public static final Duration OPERATOR_LIFE = Duration.ofHours(12);
    public static final Duration REGISTRATION_LIFE = Duration.ofHours(1);

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    /** The header of every token, as it stands there. */
    static final String HEADER = encode("{\"typ\":\"JWT\",\"alg\":\"HS256\"}");

    private final SigningKey key;
    private final InstantSource clock;

    public TokenIssuer(SigningKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /**
     * A token that makes its bearer the operator, for {@link #OPERATOR_LIFE}.
     *
     * @param passwordVersion of the admin password it was given for: with another password it is good no more
     */
    public IssuedToken operator(String passwordVersion) {
        return expiring(
                TokenKind.OPERATOR,
                OPERATOR,
                passwordVersion + VerifiedToken.PASSWORD_SEPARATOR + newId(),
                OPERATOR_LIFE);
    }

    /** A token that lets its bearer register as {@code agentName}, within {@link #REGISTRATION_LIFE}. */
    public IssuedToken registration(String agentName) {
        return expiring(TokenKind.REGISTER, Names.require("Agent name", agentName), newId(), REGISTRATION_LIFE);
    }

    /** A new token without an end for an agent. */
    public IssuedToken agent(String agentName) {
        return agent(agentName, newId(), now());
    }

    /**
     * The token of an agent with just these claims. The same claims and key give the same text, so that a reply that
     * was lost can be given again although only the token's hash is kept.
     */
    public IssuedToken agent(String agentName, String jti, Instant issuedAt) {
        return sign(new VerifiedToken(
                TokenKind.AGENT,
                Names.require("Agent name", agentName),
                jti,
                issuedAt.truncatedTo(ChronoUnit.SECONDS),
                Optional.empty()));
    }

    /** A key of a face, without an end. */
    public IssuedToken face(TokenKind kind, String name) {
        if (!kind.isFace()) {
            throw new IllegalArgumentException(kind + " is no face");
        }
        return sign(new VerifiedToken(kind, Names.require("name", name), newId(), now(), Optional.empty()));
    }

    private IssuedToken expiring(TokenKind kind, String subject, String jti, Duration life) {
        Instant now = now();
        return sign(new VerifiedToken(kind, subject, jti, now, Optional.of(now.plus(life))));
    }

    private IssuedToken sign(VerifiedToken claims) {
        // JsonObject keeps the order of insertion: part of the promise that the same claims give the same text.
        JsonObject payload = new JsonObject()
                .put("iss", ISSUER)
                .put("aud", claims.kind().audience())
                .put("sub", claims.subject())
                .put("jti", claims.jti())
                .put("iat", claims.issuedAt().getEpochSecond());
        claims.expiresAt().ifPresent(end -> payload.put("exp", end.getEpochSecond()));
        String signed = HEADER + '.' + encode(payload.encode());
        byte[] signature = key.sign(signed.getBytes(StandardCharsets.US_ASCII));
        return new IssuedToken(signed + '.' + BASE64.encodeToString(signature), claims);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
