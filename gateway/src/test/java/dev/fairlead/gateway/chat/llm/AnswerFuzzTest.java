package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Optional;

/** Whatever an endpoint sends is an answer or a failure with a reason, and the same one however it is cut. */
class AnswerFuzzTest {
    @FuzzTest(maxDuration = "6s")
    void answers(byte[] bytes) {
        String whole = read(bytes, bytes.length);
        assertThat(read(bytes, 1)).isEqualTo(whole);
        assertThat(read(bytes, 7)).isEqualTo(whole);
    }

    private static String read(byte[] bytes, int step) {
        Heard heard = new Heard();
        CompletionReader reader = new CompletionReader(new ProviderErrors(Optional.empty()), heard);
        AnswerBody body = new AnswerBody(reader);
        try {
            for (int at = 0; at < bytes.length; at += step) {
                body.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
            }
            return heard.content + " " + heard.thinking + " " + body.end();
        } catch (ModelFailure failure) {
            assertThat(failure.getMessage()).isNotBlank();
            return heard.content + " " + heard.thinking + " " + failure.kind();
        }
    }
}
