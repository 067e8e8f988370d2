package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** No spelling of a {@code Host} or {@code Origin} makes another's name one of the gateway's own. */
class HostAndOriginFuzzTest {
    private static final Settings SETTINGS = Settings.defaults();
    private static final HostPolicy POLICY =
            new HostPolicy(SETTINGS.http(), SETTINGS.auth(), new Transport(SETTINGS.http()));
    private static final Arrival ARRIVAL = new Arrival("127.0.0.1", 18_800, "http");
    private static final Pattern OWN_HOST = Pattern.compile("(?i)(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
    private static final Pattern OWN_ORIGIN =
            Pattern.compile("(?i)http://(localhost|127\\.0\\.0\\.1|\\[::1])(:0*18800)?");

    @FuzzTest(maxDuration = "6s")
    void headers(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (passes(() -> POLICY.checkHost(List.of(text), ARRIVAL))) {
            assertThat(text.trim()).matches(OWN_HOST);
        }
        if (passes(() -> POLICY.checkOrigin(List.of(text), "localhost:18800", ARRIVAL))) {
            assertThat(text.trim()).matches(OWN_ORIGIN);
        }
    }

    private static boolean passes(Runnable check) {
        try {
            check.run();
            return true;
        } catch (FairleadException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN);
            return false;
        }
    }
}
