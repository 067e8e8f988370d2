package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.FairleadException;
import java.nio.charset.StandardCharsets;

/** No token but ours is taken, and no garbage in its place breaks anything. */
class TokenFuzzTest {
    private static final TokenVerifier VERIFIER = new TokenVerifier(SigningKey.of(new byte[48]), new ManualTime());

    @FuzzTest(maxDuration = "6s")
    void tokens(byte[] bytes) {
        try {
            VERIFIER.verify(new String(bytes, StandardCharsets.UTF_8));
        } catch (FairleadException e) {
            assertThat(e.code().wire()).isEqualTo("unauthorized");
        }
        refused(() -> TokenJson.checkHeader(bytes));
        refused(() -> TokenJson.claims(bytes));
    }

    private static void refused(Runnable parse) {
        try {
            parse.run();
        } catch (FairleadException e) {
            assertThat(e.code().wire()).isEqualTo("unauthorized");
        }
    }
}
