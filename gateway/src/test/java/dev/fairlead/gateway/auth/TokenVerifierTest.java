package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenVerifierTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";
    /** What the clock of the tests shows, 2026-01-01T00:00:00Z. */
    private static final long NOW = 1_767_225_600L;

    private final ManualTime time = new ManualTime();
    private final SigningKey key = SigningKey.of(SECRET);
    private final TokenVerifier verifier = new TokenVerifier(key, time);
    private final TokenIssuer issuer = new TokenIssuer(key, time);

    @Test
    void each_kind_of_token_says_who_its_bearer_is() {
        assertThat(verifier.verify(issuer.operator("v1").text()))
                .returns(TokenKind.OPERATOR, VerifiedToken::kind)
                .returns("operator", VerifiedToken::subject);
        assertThat(verifier.verify(issuer.registration("a-1").text()))
                .returns(TokenKind.REGISTER, VerifiedToken::kind)
                .returns("a-1", VerifiedToken::subject);
        IssuedToken permanent = issuer.agent("a-1");
        assertThat(verifier.verify(permanent.text())).isEqualTo(permanent.claims());
    }

    @Test
    void an_operators_token_stands_on_the_password_it_was_given_for() {
        VerifiedToken token = verifier.verify(issuer.operator("v1").text());
        assertThat(token.standsOn("v1")).isTrue();
        assertThat(token.standsOn("v")).isFalse();
        assertThat(token.standsOn("v2")).isFalse();
    }

    @Test
    void the_same_claims_give_the_same_permanent_token() {
        IssuedToken first = issuer.agent("a-1");
        time.advance(Duration.ofMinutes(1));
        IssuedToken again = new TokenIssuer(SigningKey.of(SECRET), time)
                .agent("a-1", first.claims().jti(), first.claims().issuedAt());
        assertThat(again.text()).isEqualTo(first.text());
    }

    @Test
    void a_token_ends_with_its_time_and_thirty_seconds_for_differing_clocks() {
        String token = issuer.operator("v1").text();
        time.advance(TokenIssuer.OPERATOR_LIFE.plusSeconds(29));
        assertThat(verifier.verify(token).kind()).isEqualTo(TokenKind.OPERATOR);
        time.advance(Duration.ofSeconds(1));
        assertUnauthorized(token);
    }

    @Test
    void a_permanent_token_outlives_the_years() {
        String token = issuer.agent("a-1").text();
        time.advance(Duration.ofDays(3650));
        assertThat(verifier.verify(token).subject()).isEqualTo("a-1");
    }

    @Test
    void a_token_of_another_kind_is_forbidden() {
        assertThatThrownBy(() -> verifier.verify(issuer.agent("a-1").text(), TokenKind.OPERATOR))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
    }

    @Test
    void no_changed_character_passes() {
        String token = issuer.agent("a-1").text();
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            assertUnauthorized(token.substring(0, i) + other + token.substring(i + 1));
        }
    }

    @Test
    void no_shortened_token_passes() {
        String token = issuer.agent("a-1").text();
        for (int end = 0; end < token.length(); end++) {
            assertUnauthorized(token.substring(0, end));
        }
    }

    static Stream<Arguments> badTokens() throws GeneralSecurityException {
        Map<String, String> bad = new LinkedHashMap<>();
        String good = sign(HEADER, claims("iss", "\"fairlead\""));
        String[] parts = good.split("\\.", -1);
        bad.put("empty", "");
        bad.put("no dots", "token");
        bad.put("dots alone", "..");
        bad.put("alg none, no signature", encode("{\"alg\":\"none\"}") + "." + parts[1] + ".");
        bad.put("alg none, two parts", encode("{\"alg\":\"none\"}") + "." + parts[1]);
        bad.put("alg None, signed", sign("{\"alg\":\"None\"}", claims("iss", "\"fairlead\"")));
        bad.put("alg HS512 named", sign("{\"alg\":\"HS512\"}", claims("iss", "\"fairlead\"")));
        bad.put("alg HS512 done", sign("HmacSHA512", SECRET, "{\"alg\":\"HS512\"}", claims("iss", "\"fairlead\"")));
        bad.put("alg RS256 with our key", sign("{\"alg\":\"RS256\"}", claims("iss", "\"fairlead\"")));
        bad.put("alg in lower case", sign("{\"alg\":\"hs256\"}", claims("iss", "\"fairlead\"")));
        bad.put("alg missing", sign("{\"typ\":\"JWT\"}", claims("iss", "\"fairlead\"")));
        bad.put("alg a list", sign("{\"alg\":[\"HS256\"]}", claims("iss", "\"fairlead\"")));
        bad.put("alg twice", sign("{\"alg\":\"none\",\"alg\":\"HS256\"}", claims("iss", "\"fairlead\"")));
        bad.put("typ other", sign("{\"alg\":\"HS256\",\"typ\":\"JWE\"}", claims("iss", "\"fairlead\"")));
        bad.put("typ null", sign("{\"alg\":\"HS256\",\"typ\":null}", claims("iss", "\"fairlead\"")));
        bad.put("crit", sign("{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", claims("iss", "\"fairlead\"")));
        bad.put(
                "key brought along",
                sign(
                        "HmacSHA256",
                        new byte[32],
                        "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                        claims("iss", "\"fairlead\"")));
        bad.put("other key", sign("HmacSHA256", new byte[32], HEADER, claims("iss", "\"fairlead\"")));
        bad.put("empty signature", parts[0] + "." + parts[1] + ".");
        bad.put("signature of zeros", parts[0] + "." + parts[1] + "." + "A".repeat(43));
        bad.put("signature of another token", parts[0] + "." + encode(claims("sub", "\"b\"")) + "." + parts[2]);
        bad.put("signature in last bits", parts[0] + "." + parts[1] + "." + lastBitsChanged(parts[2]));
        bad.put("padded", good + "=");
        bad.put("standard alphabet", parts[0] + "." + parts[1] + "+/." + parts[2]);
        bad.put("four parts", good + "." + parts[2]);
        bad.put("five parts", "a.b.c.d.e");
        bad.put("space in front", " " + good);
        bad.put("line break behind", good + "\n");
        bad.put("unicode", good.replace('e', '\u0435'));
        bad.put("nul", good + "\0");
        bad.put("huge", good + "A".repeat(TokenVerifier.MAX_LENGTH));
        bad.put("huge claim", sign(HEADER, claims("x", "\"" + "x".repeat(TokenVerifier.MAX_LENGTH) + "\"")));
        bad.put("iss other", sign(HEADER, claims("iss", "\"other\"")));
        bad.put("aud other", sign(HEADER, claims("aud", "\"admin\"")));
        bad.put("aud in capitals", sign(HEADER, claims("aud", "\"OPERATOR\"")));
        bad.put("aud two", sign(HEADER, claims("aud", "[\"operator\",\"agent\"]")));
        bad.put("aud a list of one", sign(HEADER, claims("aud", "[\"operator\"]")));
        for (String claim : new String[] {"iss", "aud", "sub", "jti", "iat", "exp"}) {
            bad.put("no " + claim, sign(HEADER, claims(claim, "")));
            bad.put(claim + " null", sign(HEADER, claims(claim, "null")));
            bad.put(claim + " an object", sign(HEADER, claims(claim, "{\"a\":1}")));
            bad.put(
                    claim + " twice",
                    sign(HEADER, claims("iss", "\"fairlead\"").replace("{", "{\"" + claim + "\":1,")));
        }
        bad.put("register without exp", sign(HEADER, claims("aud", "\"register\"", "sub", "\"a\"", "exp", "")));
        bad.put("sub of an agent not a name", sign(HEADER, claims("aud", "\"agent\"", "sub", "\"../x\"")));
        bad.put("sub of an operator a name", sign(HEADER, claims("sub", "\"a-1\"")));
        bad.put("sub empty", sign(HEADER, claims("sub", "\"\"")));
        bad.put("jti a number", sign(HEADER, claims("jti", "7")));
        bad.put("jti long", sign(HEADER, claims("jti", "\"" + "j".repeat(257) + "\"")));
        bad.put("exp past", sign(HEADER, claims("exp", String.valueOf(NOW - 30))));
        bad.put("exp zero", sign(HEADER, claims("exp", "0")));
        bad.put("exp negative", sign(HEADER, claims("exp", "-1")));
        bad.put("exp a string", sign(HEADER, claims("exp", "\"" + (NOW + 60) + "\"")));
        bad.put("exp a fraction", sign(HEADER, claims("exp", NOW + 60 + ".5")));
        bad.put("exp an exponent", sign(HEADER, claims("exp", "1e12")));
        bad.put("exp beyond the years", sign(HEADER, claims("exp", "253402300800")));
        bad.put("exp beyond 64 bits", sign(HEADER, claims("exp", "9".repeat(40))));
        bad.put("exp past on a permanent one", sign(HEADER, claims("aud", "\"agent\"", "sub", "\"a\"", "exp", "1")));
        bad.put("nbf later", sign(HEADER, claims("nbf", String.valueOf(NOW + 31))));
        bad.put("nbf a string", sign(HEADER, claims("nbf", "\"now\"")));
        bad.put("payload a list", sign(HEADER, "[]"));
        bad.put("payload a string", sign(HEADER, "\"x\""));
        bad.put("payload empty", sign(HEADER, ""));
        bad.put("payload unfinished", sign(HEADER, claims("iss", "\"fairlead\"").replace("}", "")));
        bad.put("payload doubled", sign(HEADER, claims("iss", "\"fairlead\"") + "{}"));
        bad.put("payload deep", sign(HEADER, claims("x", "[".repeat(500) + "]".repeat(500))));
        bad.put("header a list", sign("[]", claims("iss", "\"fairlead\"")));
        return bad.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void a_bad_token_is_refused_without_being_repeated(String what, String token) {
        assertThat(what).isNotEmpty();
        assertUnauthorized(token);
    }

    @Test
    void the_matrix_starts_from_a_good_token() throws GeneralSecurityException {
        assertThat(verifier.verify(sign(HEADER, claims("iss", "\"fairlead\""))).kind())
                .isEqualTo(TokenKind.OPERATOR);
        assertThat(verifier.verify(sign("{\"alg\":\"HS256\"}", claims("nbf", String.valueOf(NOW + 30), "x", "[1,{}]")))
                        .kind())
                .isEqualTo(TokenKind.OPERATOR);
    }

    private void assertUnauthorized(String token) {
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOfSatisfying(FairleadException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            for (String part : token.split("\\.", -1)) {
                if (part.length() > 8) {
                    assertThat(e.getMessage()).doesNotContain(part);
                }
            }
        });
    }

    /**
     * The claims of a good operator token with some replaced (name, JSON value), or taken out where the value is empty.
     */
    private static String claims(String... changes) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("iss", "\"fairlead\"");
        all.put("aud", "\"operator\"");
        all.put("sub", "\"operator\"");
        all.put("jti", "\"j\"");
        all.put("iat", String.valueOf(NOW));
        all.put("exp", String.valueOf(NOW + 60));
        for (int i = 0; i < changes.length; i += 2) {
            all.put(changes[i], changes[i + 1]);
        }
        StringBuilder json = new StringBuilder("{");
        all.forEach((name, value) -> {
            if (!value.isEmpty()) {
                json.append(json.length() > 1 ? "," : "")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(value);
            }
        });
        return json.append('}').toString();
    }

    private static String sign(String header, String payload) throws GeneralSecurityException {
        return sign("HmacSHA256", SECRET, header, payload);
    }

    private static String sign(String algorithm, byte[] secret, String header, String payload)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret, algorithm));
        String signed = encode(header) + "." + encode(payload);
        return signed + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** 43 characters carry 258 bits of which 256 count: this changes one of the other two. */
    private static String lastBitsChanged(String signature) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(signature.charAt(42));
        return signature.substring(0, 42) + alphabet.charAt(last ^ 1);
    }
}
