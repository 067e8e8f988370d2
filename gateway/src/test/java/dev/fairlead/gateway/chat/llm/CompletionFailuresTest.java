package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.chat.llm.FakeModel.Reply;
import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is tried again, and what is told when nothing came of it. */
class CompletionFailuresTest extends CompletionsFixture {
    static Stream<Reply> passing() {
        return Stream.of(
                ModelReplies.error(429, "{\"error\":{\"message\":\"slow down\"}}"),
                ModelReplies.error(500, "{}"),
                ModelReplies.error(502, "<html>Bad gateway</html>"),
                ModelReplies.error(503, "{\"error\":{\"message\":\"Loading model\"}}"),
                ModelReplies.cut(),
                (asked, wire) -> wire.cut(),
                (asked, wire) -> wire.stream().text(": nothing but a comment\n\n"),
                (asked, wire) -> wire.stream().event("{\"error\":{\"code\":503,\"message\":\"overloaded\"}}"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void what_passes_is_tried_again(Reply failing) {
        model.then(failing).then(failing).then(ModelReplies.text("at last"));
        assertThat(answer(patient()).content()).isEqualTo("at last");
        assertThat(heard.retried).hasSize(2);
        assertThat(heard.content).containsExactly("at last");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void what_does_not_pass_is_not_tried_for_ever(Reply failing) {
        model.otherwise(failing);
        failure(patient());
        assertThat(model.asked()).hasSize(3);
    }

    @Test
    void an_endpoint_that_says_when_to_come_again_is_believed() {
        model.then(ModelReplies.error(429, "{}", "Retry-After", "1"));
        assertThat(answer(patient()).content()).isEqualTo("ok");
        assertThat(heard.delays).singleElement().satisfies(delay -> assertThat(delay)
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2)));
    }

    @Test
    void a_wait_that_nobody_would_wait_for_is_told_at_once() {
        model.then(ModelReplies.error(429, "{}", "Retry-After", "3600"));
        ModelFailure failure = failure(patient());
        assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
        assertThat(model.asked()).hasSize(1);
    }

    static Stream<Reply> final_() {
        return Stream.of(
                ModelReplies.error(401, "{\"error\":{\"message\":\"Incorrect API key: " + KEY + "\"}}"),
                ModelReplies.error(404, "{\"error\":{\"message\":\"no such model\"}}"),
                ModelReplies.error(400, "{\"error\":{\"message\":\"bad " + KEY + "\"}}"),
                ModelReplies.error(307, "", "Location", "http://example.com/"),
                (asked, wire) -> wire.head(200, "Content-Type", "text/html").text("<html>Log in</html>"),
                (asked, wire) -> wire.stream().event("this is no JSON " + KEY),
                (asked, wire) -> wire.stream().event("[1,2]"));
    }

    @ParameterizedTest
    @MethodSource("final_")
    void what_will_not_pass_is_not_tried_again(Reply failing) {
        model.then(failing);
        assertThat(failure(patient())).message().doesNotContain(KEY).isNotBlank();
        assertThat(model.asked()).hasSize(1);
    }

    @Test
    void once_something_was_said_nothing_is_tried_again() {
        model.then(ModelReplies.cut("Half an ans"));
        assertThat(failure(patient()).kind()).isEqualTo(Kind.CUT);
        assertThat(heard.content).containsExactly("Half an ans");
        assertThat(model.asked()).hasSize(1);
    }

    @Test
    void an_answer_that_ends_in_the_middle_is_no_answer() {
        model.then((asked, wire) -> wire.stream().event(ModelReplies.content("Half an ans")));
        assertThat(failure(patient()).kind()).isEqualTo(Kind.CUT);
    }

    @Test
    void an_error_in_mid_stream_ends_it() {
        model.then((asked, wire) -> wire.stream()
                .event(ModelReplies.content("Half"))
                .event("{\"error\":{\"message\":\"upstream failed\",\"code\":502}}"));
        assertThat(failure(patient())).hasMessageContaining("upstream failed");
        assertThat(model.asked()).hasSize(1);
    }

    @Test
    void a_tool_call_cut_off_is_not_made() {
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.call(0, "a", "stop_instance", "{\"name\":\"we"));
            wire.cut();
        });
        assertThat(failure(patient()).kind()).isEqualTo(Kind.CUT);
    }

    @Test
    void an_endpoint_that_is_not_there_is_told() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        URI nowhere = URI.create("http://127.0.0.1:" + port);
        ModelFailure failure = failureOf(ask(
                new ChatCompletions(vertx, TimeSource.system(), patient(), nowhere, "test-model", Optional.empty())));
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("is it running?");
        assertThat(heard.retried).hasSize(2);
    }

    @Test
    void plain_http_where_tls_is_meant_is_told() {
        URI tls = URI.create(model.baseUrl().toString().replace("http:", "https:"));
        ModelFailure failure = failureOf(ask(new ChatCompletions(
                vertx, TimeSource.system(), patient(), tls, "test-model", Optional.of(Secret.of(KEY)))));
        assertThat(failure).message().startsWith("The model's endpoint").doesNotContain(KEY);
    }
}
