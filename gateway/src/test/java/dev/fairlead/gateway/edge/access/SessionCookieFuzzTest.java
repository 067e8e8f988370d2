package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.testing.RequestProbe;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Of whatever stands in {@code Cookie}, only the value of the very cookie counts, and none breaks a request. */
class SessionCookieFuzzTest {
    private static final RequestProbe PROBE = new RequestProbe();
    private static final SessionCookie COOKIE =
            new SessionCookie(Settings.defaults().http());
    private static final String HEAD = "GET / HTTP/1.1\r\nHost: localhost:18800\r\n";

    @FuzzTest(maxDuration = "6s")
    void header(byte[] bytes) {
        String written = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\r\n]", " ");

        Optional<Optional<String>> device = PROBE.ask(HEAD + "Cookie: " + written + "\r\n\r\n", COOKIE::deviceOf);
        device.flatMap(value -> value).ifPresent(value -> {
            assertThat(value).isNotEmpty().doesNotContain(";", ",", " ", "\"");
            assertThat(written).contains("fairlead_device_18800").contains(value);
        });

        // What a stranger's page or a neighbour's port may add does not take the place of a cookie before it.
        Optional<Optional<String>> own = PROBE.ask(
                HEAD + "Cookie: fairlead_device_18800=own; " + written.replace("fairlead_device_18800", "other")
                        + "\r\n\r\n",
                COOKIE::deviceOf);
        own.ifPresent(value -> assertThat(value).contains("own"));
    }
}
