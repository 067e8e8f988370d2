package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.gateway.testing.RequestProbe;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** However a proxy's header is written, a request that has one and is taken for a request shows it. */
class ProxyHeadersFuzzTest {
    private static final RequestProbe PROBE = new RequestProbe();
    private static final List<String> NAMES = List.of(
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-real-ip",
            "via",
            "cf-connecting-ip",
            "true-client-ip");

    @FuzzTest(maxDuration = "6s")
    void lines(byte[] bytes) {
        String written = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\r\n]+", "\n");
        boolean proxied = Arrays.stream(written.split("\n", -1))
                .filter(line -> line.indexOf(':') > 0 && !line.startsWith(" ") && !line.startsWith("\t"))
                .map(line -> line.substring(0, line.indexOf(':')).strip().toLowerCase(Locale.ROOT))
                .anyMatch(NAMES::contains);

        Optional<Optional<String>> seen = PROBE.ask(
                "GET / HTTP/1.1\r\nHost: localhost\r\nX-First: x\r\n"
                        + written.strip().replace("\n", "\r\n") + "\r\n\r\n",
                request -> ProxyHeaders.first(request.headers()));

        if (proxied) {
            seen.ifPresent(header -> assertThat(header).as(written).isPresent());
        }
    }
}
