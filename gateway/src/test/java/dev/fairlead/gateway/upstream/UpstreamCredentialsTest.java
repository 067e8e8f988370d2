package dev.fairlead.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings.UpstreamKind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is wrong with credentials is told by name, with a guess at the cause and never a value. */
class UpstreamCredentialsTest {
    private static final String SECRET = "canary0123456789canary0123456789canary01";
    private static final String LIVE = jwt("https://api.tastyworks.com");
    private static final String SANDBOX = jwt("https://api.cert.tastyworks.com");

    private static String jwt(String issuer) {
        return part("{\"alg\":\"EdDSA\"}") + "." + part("{\"iss\":\"" + issuer + "\"}") + "."
                + part("canary canary canary canary");
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static UpstreamCredentials tastytrade(String secret, String token, String isTest) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TASTY_CLIENT_SECRET", secret);
        environment.put("TASTY_REFRESH_TOKEN", token);
        environment.put("TASTY_IS_TEST", isTest);
        return UpstreamCredentials.read(UpstreamKind.TASTYTRADE, environment);
    }

    private static String problem(UpstreamCredentials credentials) {
        assertThat(credentials).isInstanceOf(UpstreamCredentials.Absent.class);
        assertThat(credentials.toString()).doesNotContain("canary").doesNotContain("eyJh");
        return ((UpstreamCredentials.Absent) credentials).reason();
    }

    @Test
    void good_ones_are_taken_and_do_not_show() {
        assertThat(tastytrade(SECRET, LIVE, ""))
                .isInstanceOfSatisfying(
                        UpstreamCredentials.Tastytrade.class,
                        credentials -> assertThat(credentials.sandbox()).isFalse());
        assertThat(tastytrade(SECRET, SANDBOX, "1").toString())
                .doesNotContain("canary")
                .doesNotContain("eyJh");
    }

    @Test
    void all_missing_variables_are_named() {
        assertThat(problem(UpstreamCredentials.read(UpstreamKind.TASTYTRADE, Map.of())))
                .contains("TASTY_CLIENT_SECRET")
                .contains("TASTY_REFRESH_TOKEN");
        assertThat(problem(tastytrade(SECRET, " ", "")))
                .contains("TASTY_REFRESH_TOKEN")
                .doesNotContain("SECRET");
        assertThat(problem(UpstreamCredentials.read(UpstreamKind.KRAKEN, Map.of())))
                .contains("KRAKEN_API_KEY")
                .contains("KRAKEN_API_SECRET");
    }

    @Test
    void swapped_ones_are_told() {
        assertThat(problem(tastytrade(LIVE, SECRET, ""))).contains("swapped");
        String krakenSecret = Base64.getEncoder().encodeToString(new byte[64]);
        assertThat(problem(UpstreamCredentials.read(
                        UpstreamKind.KRAKEN, Map.of("KRAKEN_API_KEY", krakenSecret, "KRAKEN_API_SECRET", SECRET))))
                .contains("swapped");
    }

    @Test
    void a_truncated_one_is_told() {
        assertThat(problem(tastytrade(SECRET, LIVE.substring(0, LIVE.length() - 30), "")))
                .contains("truncated");
        assertThat(problem(UpstreamCredentials.read(
                        UpstreamKind.KRAKEN, Map.of("KRAKEN_API_KEY", SECRET, "KRAKEN_API_SECRET", "canarycanary"))))
                .contains("truncated");
    }

    @Test
    void the_wrong_environment_is_told() {
        assertThat(problem(tastytrade(SECRET, LIVE, "1"))).contains("TASTY_IS_TEST");
        assertThat(problem(tastytrade(SECRET, SANDBOX, "0"))).contains("TASTY_IS_TEST=1");
    }

    @Test
    void a_password_or_a_quoted_value_is_told() {
        assertThat(problem(tastytrade(SECRET, "canary", ""))).contains("password");
        assertThat(problem(tastytrade("'" + SECRET + "'", LIVE, ""))).contains("quotes");
    }
}
