package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.gateway.settings.Cidr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Whatever a client writes into {@code X-Forwarded-For}, only what a trusted proxy added behind it counts. */
class ForwardedForFuzzTest {
    private static final String STRANGER = "203.0.113.9";
    private static final String PROXY = "127.0.0.1";
    private static final ClientAddress PROXIED =
            new ClientAddress(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("10.0.0.0/8")));

    @FuzzTest(maxDuration = "6s")
    void lines(byte[] bytes) {
        List<String> written = List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1));

        String client = PROXIED.of(PROXY, written);

        assertThat(Cidr.address(client)).as("digits and nothing else").isPresent();
        assertThat(PROXIED.of(STRANGER, written)).isEqualTo(STRANGER);
        assertThat(PROXIED.of(PROXY, followedBy(written, STRANGER))).isEqualTo(STRANGER);
        // One more proxy changes who is seen only where nobody behind it is.
        assertThat(PROXIED.of(PROXY, followedBy(written, "10.0.0.1"))).isIn(client, "10.0.0.1");
    }

    private static List<String> followedBy(List<String> lines, String hop) {
        List<String> all = new ArrayList<>(lines);
        all.add(hop);
        return all;
    }
}
