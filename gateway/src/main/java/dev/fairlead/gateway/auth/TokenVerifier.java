package dev.fairlead.gateway.auth;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Checks tokens: one algorithm (HS256), one issuer, one audience, every required claim, strict Base64url and JSON.
 * Whatever is not exactly what {@link TokenIssuer} makes is refused, save further claims, which are ignored.
 * Synchronous, some microseconds, thread-safe: made to be called on event loops.
 */
public final class TokenVerifier {
    /** Bound on what is looked at at all; ours are below 400 characters. */
    public static final int MAX_LENGTH = 4096;

    /** How far the clocks of issuer and verifier may differ. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    private final SigningKey key;
    private final InstantSource clock;

    public TokenVerifier(SigningKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /**
     * Checks a token whoever it is for.
     *
     * @throws FairleadException {@code unauthorized}, that tells what is wrong with the token but never its text
     */
    public VerifiedToken verify(String token) {
        if (token.length() > MAX_LENGTH) {
            throw refused("it is longer than " + MAX_LENGTH + " characters");
        }
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first <= 0 || second <= first + 1 || token.indexOf('.', second + 1) >= 0) {
            throw refused("it is not a signed JWT");
        }
        boolean ours = first == TokenIssuer.HEADER.length() && token.startsWith(TokenIssuer.HEADER);
        if (!ours) {
            TokenJson.checkHeader(decode(token.substring(0, first)));
        }
        byte[] signature = decode(token.substring(second + 1));
        byte[] signed = token.substring(0, second).getBytes(StandardCharsets.US_ASCII);
        if (!key.verify(signature, signed)) {
            throw refused("its signature is not ours");
        }
        return check(TokenJson.claims(decode(token.substring(first + 1, second))));
    }

    /**
     * Checks a token that must be of one kind.
     *
     * @throws FairleadException as {@link #verify(String)}; {@code forbidden} for a good token of another kind
     */
    public VerifiedToken verify(String token, TokenKind kind) {
        VerifiedToken verified = verify(token);
        if (verified.kind() != kind) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN,
                    "This takes a token for '" + kind.audience() + "', not one for '"
                            + verified.kind().audience() + "'");
        }
        return verified;
    }

    private VerifiedToken check(TokenJson.Claims claims) {
        if (!TokenIssuer.ISSUER.equals(claims.text("iss"))) {
            throw refused("its issuer is not this gateway");
        }
        TokenKind kind =
                TokenKind.of(claims.text("aud")).orElseThrow(() -> refused("its audience is none of this gateway"));
        String subject = claims.text("sub");
        boolean known = kind == TokenKind.OPERATOR ? TokenIssuer.OPERATOR.equals(subject) : Names.isValid(subject);
        if (!known) {
            throw refused("its subject is not one of its kind");
        }
        Instant now = clock.instant();
        Optional<Instant> notBefore = claims.time("nbf");
        if (notBefore.isPresent() && now.plus(LEEWAY).isBefore(notBefore.get())) {
            throw refused("it is not valid yet; check the clock");
        }
        Optional<Instant> expiresAt = claims.time("exp");
        if (expiresAt.isEmpty() && kind.expires()) {
            throw refused("it has no exp");
        }
        if (expiresAt.isPresent() && !now.isBefore(expiresAt.get().plus(LEEWAY))) {
            throw refused("it has expired; get a new one");
        }
        Instant issuedAt = claims.time("iat").orElseThrow(() -> refused("it has no iat"));
        return new VerifiedToken(kind, subject, claims.text("jti"), issuedAt, expiresAt);
    }

    /** Unpadded Base64url in its one canonical form (RFC 7515, 2): the JDK's decoder is more lenient than that. */
    private static byte[] decode(String segment) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(segment);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(segment)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Its message quotes the token; ours is below.
        }
        throw refused("it is not Base64url");
    }

    static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.UNAUTHORIZED, "The token is refused: " + why);
    }
}
