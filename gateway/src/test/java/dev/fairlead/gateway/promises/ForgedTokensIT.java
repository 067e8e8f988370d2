package dev.fairlead.gateway.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens nobody issued, over every door there is. */
@Tag("attack")
class ForgedTokensIT {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final byte[] OTHER_KEY = "fedcba9876543210fedcba9876543210".getBytes(UTF_8);
    private static final String HS256 = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";
    private static final long FAR = 4_000_000_000L;

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    /** Of a token that the gateway gave: an operator's id says for which password it was given. */
    private static String jti;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "auth.signing_key=" + Base64.getEncoder().encodeToString(KEY),
                "auth.login_per_minute=1000",
                "auth.login_per_minute_total=1000");
        String given = gateway.post("/api/login", "{\"password\":\"" + RunningGateway.PASSWORD + "\"}")
                .body()
                .get("token")
                .asText();
        byte[] payload = Base64.getUrlDecoder().decode(given.substring(given.indexOf('.') + 1, given.lastIndexOf('.')));
        jti = FrameCodec.tree(new String(payload, UTF_8)).get("jti").asText();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static Stream<String> forged() {
        String good = claims(Map.of());
        return Stream.of(
                        sign("{\"typ\":\"JWT\",\"alg\":\"none\"}", good, KEY),
                        unsigned("{\"typ\":\"JWT\",\"alg\":\"none\"}", good),
                        unsigned("{\"typ\":\"JWT\",\"alg\":\"NONE\"}", good),
                        unsigned(HS256, good),
                        sign(HS256, good, OTHER_KEY),
                        sign("{\"typ\":\"JWT\",\"alg\":\"HS512\"}", good, KEY),
                        sign("{\"typ\":\"JWT\",\"alg\":\"RS256\"}", good, KEY),
                        sign("{\"typ\":\"JWT\",\"alg\":\"hs256\"}", good, KEY),
                        sign("{\"typ\":\"JWT\"}", good, KEY),
                        sign("{\"typ\":\"JWT\",\"alg\":\"HS256\",\"crit\":[\"x\"]}", good, KEY),
                        sign("{\"typ\":\"JWT\",\"alg\":\"HS256\",\"alg\":\"none\"}", good, KEY),
                        sign(HS256, claims(Map.of("iss", "\"someone\"")), KEY),
                        sign(HS256, claims(Map.of("iss", "")), KEY),
                        sign(HS256, claims(Map.of("aud", "\"admin\"")), KEY),
                        sign(HS256, claims(Map.of("aud", "")), KEY),
                        sign(HS256, claims(Map.of("sub", "\"root\"")), KEY),
                        sign(HS256, claims(Map.of("sub", "")), KEY),
                        sign(HS256, claims(Map.of("jti", "")), KEY),
                        sign(HS256, claims(Map.of("jti", "7")), KEY),
                        sign(HS256, claims(Map.of("iat", "")), KEY),
                        sign(HS256, claims(Map.of("exp", "")), KEY),
                        sign(HS256, claims(Map.of("exp", "1")), KEY),
                        sign(HS256, claims(Map.of("exp", "\"" + FAR + "\"")), KEY),
                        sign(HS256, claims(Map.of("nbf", Long.toString(FAR))), KEY),
                        // An agent nobody registered, a registration nobody granted.
                        sign(HS256, claims(Map.of("aud", "\"agent\"", "sub", "\"ghost\"")), KEY),
                        sign(HS256, claims(Map.of("aud", "\"register\"", "sub", "\"ghost\"")), KEY),
                        sign(HS256, good, KEY) + "=",
                        sign(HS256, good, KEY) + ".x",
                        sign(HS256, good, KEY).substring(2),
                        sign(HS256, good + " ", KEY).replace('-', '+') + "x",
                        sign(HS256, claims(Map.of("pad", "\"" + "x".repeat(5000) + "\"")), KEY))
                .distinct();
    }

    @Test
    void the_good_token_they_are_made_from_passes() {
        String good = sign(HS256, claims(Map.of()), KEY);

        assertThat(gateway.get("/api/agents", "Authorization", "Bearer " + good).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("forged")
    void a_forged_token_opens_no_door(String token) {
        String header = "Bearer " + token;
        assertThat(gateway.get("/api/agents", "Authorization", header).status()).isEqualTo(401);
        assertThat(gateway.post("/api/admin/tokens", "{\"agent_name\":\"a\"}", "Authorization", header)
                        .status())
                .isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/agents"), "Authorization", header))
                .isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/agent"), "Authorization", header))
                .isEqualTo(401);
        assertThat(WsClient.refusal(gateway.ws("/ws/chat"), "Authorization", header))
                .isEqualTo(401);
        WsClient agent = WsClient.connect(gateway.ws("/ws/agent"));
        agent.send("{\"subject\":\"agent.register\",\"data\":{\"token\":\"" + token + "\"}}");
        assertThat(agent.next().path("data").path("error").path("code").asText())
                .isEqualTo("unauthorized");
        assertThat(agent.closed().code()).isEqualTo(4401);
    }

    /** The claims of a good operator's token, some replaced; an empty text leaves one out. */
    private static String claims(Map<String, String> changed) {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", "\"fairlead\"");
        claims.put("aud", "\"operator\"");
        claims.put("sub", "\"operator\"");
        claims.put("jti", '"' + jti + '"');
        claims.put("iat", Long.toString(Instant.now().getEpochSecond()));
        claims.put("exp", Long.toString(FAR));
        claims.putAll(changed);
        StringBuilder json = new StringBuilder();
        claims.forEach((name, value) -> {
            if (!value.isEmpty()) {
                json.append(json.isEmpty() ? "{" : ",")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(value);
            }
        });
        return json.append('}').toString();
    }

    private static String unsigned(String header, String claims) {
        return base64(header.getBytes(UTF_8)) + '.' + base64(claims.getBytes(UTF_8)) + '.';
    }

    private static String sign(String header, String claims, byte[] key) {
        String signed = base64(header.getBytes(UTF_8)) + '.' + base64(claims.getBytes(UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return signed + '.' + base64(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
