package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.gateway.testing.RequestProbe;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever the target of a request, with the path that a proxy adds or without it the same place is meant. */
class RequestTargetFuzzTest {
    private static final RequestProbe PROBE = new RequestProbe();
    private static final String BASE = "/fairlead";

    @FuzzTest(maxDuration = "6s")
    void paths(byte[] bytes) {
        String written = "/" + new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\r\n ]", "");

        PROBE.ask(head(written), request -> seen(request, "/")).ifPresent(plain -> {
            PROBE.ask(head(BASE + written), request -> seen(request, BASE))
                    .ifPresent(below -> assertThat(below).as(written).isEqualTo(plain));
            // What only begins alike is another place.
            PROBE.ask(head(BASE + "x" + written), request -> seen(request, BASE))
                    .ifPresent(other -> assertThat(other.get(0)).startsWith(BASE + "x"));
        });
    }

    private static String head(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static List<String> seen(HttpServerRequest request, String base) {
        HttpServerRequest stripped = BasePath.strip(request, base);
        boolean whole = RequestSyntax.escapesAreWhole(stripped.uri());
        return List.of(String.valueOf(stripped.path()), stripped.uri(), String.valueOf(stripped.query()), "" + whole);
    }
}
