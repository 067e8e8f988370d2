package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;

/** What is offered as sub-protocols holds a credential only where one begins as it must, and never an empty one. */
class CredentialsFuzzTest {
    private static final String PREFIX = "bearer.";

    @FuzzTest(maxDuration = "6s")
    void subProtocols(byte[] bytes) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            headers.add("Sec-WebSocket-Protocol", line);
        }

        Credentials.fromSubProtocol(headers, PREFIX).ifPresent(token -> {
            assertThat(token).isNotEmpty().doesNotContain(",").isEqualTo(token.stripTrailing());
            assertThat(headers.getAll("Sec-WebSocket-Protocol")).anyMatch(line -> line.contains(PREFIX + token));
        });
    }
}
