package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FrameCodec;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderErrorsTest {
    private static final String KEY = "canary-8c1f";

    private final ProviderErrors errors = new ProviderErrors(Optional.of(Secret.of(KEY)));
    private final ProviderText text = new ProviderText(Optional.of(Secret.of(KEY)));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    401 | {"error":{"message":"Incorrect API key provided: canary-8c1f","code":"invalid_api_key"}} | AUTH
                    403 | {"error":{"message":"Country not supported"}}                                          | AUTH
                    400 | {"error":{"message":"no","code":"invalid_api_key"}}                                    | AUTH
                    402 | {"error":{"message":"Insufficient credits"}}                                           | QUOTA
                    429 | {"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}    | QUOTA
                    429 | {"error":{"message":"Rate limit reached"}}                                             | RATE_LIMITED
                    500 | <html>oops</html>                                                                      | OVERLOADED
                    503 | {"error":{"message":"Loading model","code":503}}                                       | OVERLOADED
                    408 | {}                                                                                     | OVERLOADED
                    404 | {"error":{"message":"model 'x' not found, try pulling it first"}}                      | NOT_FOUND
                    400 | {"error":{"message":"This model's maximum context length is 8192 tokens"}}             | CONTEXT_LENGTH
                    400 | {"error":{"code":"context_length_exceeded","message":"too long"}}                      | CONTEXT_LENGTH
                    400 | {"error":{"message":"the request exceeds the available context size"}}                 | CONTEXT_LENGTH
                    400 | {"error":{"message":"registry.ollama.ai/library/x does not support tools"}}            | NO_TOOLS
                    400 | {"error":{"message":"\\"auto\\" tool choice requires --enable-auto-tool-choice"}}      | NO_TOOLS
                    500 | {"error":{"message":"tools param requires --jinja flag"}}                              | NO_TOOLS
                    422 | {"detail":"messages: field required"}                                                  | REFUSED
                    400 | [{"error":{"message":"bad argument"}}]                                                 | REFUSED
                    302 | nothing                                                                                | REFUSED
                    """)
    void each_error_is_told_from_the_others(int status, String body, Kind kind) {
        ModelFailure failure = errors.of(status, Optional.empty(), body);
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        assertThat(failure.getMessage()).contains("(" + status + ")").doesNotContain(KEY);
        assertThat(failure.code())
                .isEqualTo(kind == Kind.AUTH ? ErrorCode.CHAT_AUTH_ERROR : ErrorCode.CHAT_PROVIDER_ERROR);
    }

    @Test
    void what_the_provider_says_is_told() {
        assertThat(errors.of(404, Optional.empty(), "{\"error\":\"model 'x' not found\"}"))
                .hasMessage("The model's provider knows no such model or path (404): check llm.model and llm.base_url:"
                        + " model 'x' not found");
        assertThat(errors.of(302, Optional.empty(), "")).hasMessageContaining("redirection");
    }

    @Test
    void when_to_come_again_is_kept() {
        assertThat(errors.of(429, Optional.of(Duration.ofSeconds(7)), "").retryAfter())
                .contains(Duration.ofSeconds(7));
    }

    @Test
    void errors_within_a_stream_are_told_apart_as_well() {
        assertThat(errors.within(FrameCodec.tree("{\"code\":502,\"message\":\"upstream\"}"))
                        .kind())
                .isEqualTo(Kind.OVERLOADED);
        assertThat(errors.within(FrameCodec.tree("{\"code\":\"429\"}")).kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(errors.within(FrameCodec.tree("\"broken\"")).kind()).isEqualTo(Kind.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "your key canary-8c1f is wrong",
                "at https://me:canary-8c1f@example.com/",
                "at https://canary-secret:hunter2@example.com/",
                "Authorization: Bearer canary-8c1f",
                "authorization=Basic aGVsbG86Y2FuYXJ5",
                "Incorrect API key provided: sk-proj-aaaaaaaacanary",
                "api_key=canary-other&x=1",
                "\"token\": \"canary-other\"",
                "signature AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAcanary",
                "failed\n\tat canary.Server.run(Server.java:1)",
                "failed at canary.Server.run(Server.java:1)",
                "boom Traceback (most recent call last): File \"canary.py\", line 1",
            })
    void nothing_secret_and_no_stack_is_shown(String said) {
        assertThat(text.clean(said)).doesNotContain("canary", "hunter2", "aGVsbG8");
    }

    @Test
    void plain_words_stay_as_they_are() {
        String plain = "model 'llama3.2:1b-instruct-q4_K_M' not found, try pulling it first";
        assertThat(text.clean(plain)).isEqualTo(plain);
        assertThat(text.clean("a\u0007b\u001b[31m")).isEqualTo("a b [31m");
        assertThat(text.clean("word ".repeat(10_000))).hasSizeLessThanOrEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:11434, http://localhost:11434/v1/chat/completions",
        "http://localhost:11434/, http://localhost:11434/v1/chat/completions",
        "http://localhost:11434/v1, http://localhost:11434/v1/chat/completions",
        "http://localhost:11434/v1/, http://localhost:11434/v1/chat/completions",
        "http://[::1]:8080, http://[::1]:8080/v1/chat/completions",
        "https://openrouter.ai/api/v1, https://openrouter.ai/api/v1/chat/completions",
        "https://example.com/v1beta/openai/, https://example.com/v1beta/openai/chat/completions",
        "https://example.com/v1/chat/completions, https://example.com/v1/chat/completions",
        "https://x.example.com/openai/deployments/d?api-version=1,"
                + " https://x.example.com/openai/deployments/d/chat/completions?api-version=1",
    })
    void a_base_url_is_taken_as_people_write_it(URI given, URI whole) {
        assertThat(ModelAddress.completions(given)).isEqualTo(whole);
    }
}
