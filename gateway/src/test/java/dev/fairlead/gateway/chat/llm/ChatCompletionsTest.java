package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.llm.FakeModel.Reply;
import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets. */
class ChatCompletionsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String KEY = "sk-canary";
    private static final CompletionRequest QUESTION =
            new CompletionRequest(List.of(new ModelMessage.User("Hello?")), List.of(), true);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final FakeModel model = FakeModel.start();
    private final Heard heard = new Heard();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        model.close();
    }

    @Test
    void an_answer_is_streamed_and_counted() {
        model.then(ModelReplies.text("Grüße, ", "世界 ", "🚢"));
        Completion whole = answer(patient());
        assertThat(heard.content).containsExactly("Grüße, ", "世界 ", "🚢");
        assertThat(whole.content()).isEqualTo("Grüße, 世界 🚢");
        assertThat(whole.usage()).contains(new ChatFrame.Usage(11, 7));
        FakeModel.Asked asked = model.asked().get(0);
        assertThat(asked.path()).isEqualTo("/v1/chat/completions");
        assertThat(asked.headers())
                .containsEntry("authorization", "Bearer " + KEY)
                .containsEntry("content-type", "application/json");
        assertThat(asked.headers().get("user-agent")).startsWith("fairlead/");
        assertThat(asked.body().path("model").asText()).isEqualTo("test-model");
    }

    @Test
    void without_a_key_none_is_sent() {
        ask(new ChatCompletions(
                vertx, TimeSource.system(), patient(), model.baseUrl(), "test-model", Optional.empty()));
        await().until(() -> !model.asked().isEmpty());
        assertThat(model.asked().get(0).headers()).doesNotContainKey("authorization");
    }

    @Test
    void a_piece_is_told_before_the_next_one_is_sent() {
        CountDownLatch told = new CountDownLatch(1);
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.content("first"));
            await().atMost(LONG).until(() -> told.getCount() == 0);
            ModelReplies.end(wire, "stop");
        });
        Future<Completion> whole = ask(completions(patient()));
        await().atMost(LONG).until(() -> heard.content.contains("first"));
        told.countDown();
        assertThat(done(whole).content()).isEqualTo("first");
    }

    @Test
    void bytes_may_be_cut_anywhere() {
        model.then((asked, wire) -> {
            wire.stream();
            String stream = "data: " + ModelReplies.content("Grüße 🚢") + "\r\n\r\n: comment\n\ndata: [DONE]\n\n";
            for (byte b : stream.getBytes(StandardCharsets.UTF_8)) {
                wire.bytes(new byte[] {b});
            }
        });
        assertThat(answer(patient()).content()).isEqualTo("Grüße 🚢");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "text/event-stream"})
    void a_server_that_does_not_stream_is_understood(String type) {
        String whole = "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
                + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";
        model.then((asked, wire) -> wire.head(200, "Content-Type", type)
                .text(type.endsWith("stream") ? "data: " + whole + "\n\n" : "\n" + whole));
        Completion answer = answer(patient());
        assertThat(answer.content()).isEqualTo("Hi");
        assertThat(answer.usage()).contains(new ChatFrame.Usage(1, 2));
        assertThat(heard.content).containsExactly("Hi");
    }

    @Test
    void a_stream_without_a_type_is_understood() {
        model.then((asked, wire) ->
                wire.head(200).event(ModelReplies.content("Hi")).event("[DONE]"));
        assertThat(answer(patient()).content()).isEqualTo("Hi");
    }

    @Test
    void a_server_that_forgets_to_end_its_answer_is_not_waited_for() {
        CountDownLatch closed = new CountDownLatch(1);
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.content("Hi"));
            ModelReplies.end(wire, "stop");
            try {
                wire.stall();
            } finally {
                closed.countDown();
            }
        });
        assertThat(answer(patient()).content()).isEqualTo("Hi");
        await().atMost(LONG).until(() -> closed.getCount() == 0);
    }

    @Test
    void connections_are_used_again() {
        ChatCompletions completions = completions(patient());
        done(ask(completions));
        done(ask(completions));
        assertThat(model.asked()).hasSize(2);
        assertThat(model.connections()).isEqualTo(1);
    }

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
    void a_connection_that_breaks_after_the_end_has_lost_nothing() {
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.content("All"));
            ModelReplies.end(wire, "stop");
            wire.cut();
        });
        assertThat(answer(patient()).content()).isEqualTo("All");
    }

    @Test
    void a_tool_call_cut_off_is_not_made() {
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.call(0, "a", "stop_instance", "{\"name\":\"we"));
            wire.cut();
        });
        assertThat(failure(patient()).kind()).isEqualTo(Kind.CUT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void an_endpoint_that_does_not_begin_is_given_up(int headFirst) {
        CountDownLatch closed = new CountDownLatch(1);
        model.then((asked, wire) -> {
            if (headFirst == 1) {
                wire.stream();
            }
            try {
                wire.stall();
            } finally {
                closed.countDown();
            }
        });
        ModelFailure failure = failure(limits(SHORT, LONG, LONG));
        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("llm.first_timeout");
        await().atMost(LONG).until(() -> closed.getCount() == 0);
        assertThat(model.asked()).hasSize(1);
    }

    @Test
    void an_endpoint_that_falls_silent_is_given_up() {
        CountDownLatch closed = new CountDownLatch(1);
        model.then(ModelReplies.stall(closed, "Half"));
        ModelFailure failure = failure(limits(LONG, SHORT, LONG));
        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("llm.idle_timeout");
        await().atMost(LONG).until(() -> closed.getCount() == 0);
    }

    @Test
    void comments_are_a_sign_of_life_but_not_for_ever() {
        model.then((asked, wire) -> {
            wire.stream();
            while (true) {
                wire.text(": still thinking\n\n");
                LockSupport.parkNanos(50_000_000);
            }
        });
        ModelFailure failure = failure(limits(LONG, Duration.ofSeconds(5), Duration.ofSeconds(1)));
        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("within 1s");
    }

    @Test
    void an_endless_answer_is_cut_off() {
        model.then((asked, wire) -> {
            wire.stream();
            while (true) {
                wire.event(ModelReplies.content("x".repeat(10_000)));
            }
        });
        assertThat(failure(patient()).kind()).isEqualTo(Kind.PROTOCOL);
    }

    @Test
    void an_endless_event_is_cut_off() {
        model.then((asked, wire) -> {
            wire.stream().text("data: ");
            while (true) {
                wire.bytes(new byte[100_000]);
            }
        });
        assertThat(failure(patient())).hasMessageContaining("bytes");
    }

    @Test
    void an_endless_error_is_cut_off() {
        model.then((asked, wire) -> {
            wire.head(400, "Content-Type", "application/json").text("{\"error\":{\"message\":\"");
            for (int i = 0; i < 100; i++) {
                wire.text("word ".repeat(10_000));
            }
        });
        assertThat(failure(patient())).message().hasSizeLessThan(500);
    }

    @Test
    void aborting_closes_the_connection_to_the_endpoint() {
        CountDownLatch closed = new CountDownLatch(1);
        model.then(ModelReplies.stall(closed, "Half"));
        List<CompletionCall> calls = new ArrayList<>();
        Future<Completion> result = ask(completions(patient()), calls);
        await().atMost(LONG).until(() -> heard.content.contains("Half"));
        loop.runOnContext(ignored -> calls.get(0).abort());
        assertThat(failureOf(result).kind()).isEqualTo(Kind.ABORTED);
        await().atMost(LONG).until(() -> closed.getCount() == 0);
    }

    @Test
    void aborting_before_a_retry_makes_none() {
        model.otherwise(ModelReplies.error(429, "{}", "Retry-After", "1"));
        List<CompletionCall> calls = new ArrayList<>();
        Future<Completion> result = ask(completions(patient()), calls);
        await().atMost(LONG).until(() -> !heard.retried.isEmpty());
        loop.runOnContext(ignored -> calls.get(0).abort());
        assertThat(failureOf(result).kind()).isEqualTo(Kind.ABORTED);
        await().during(Duration.ofMillis(1_500))
                .atMost(LONG)
                .until(() -> model.asked().size() == 1);
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

    @Test
    void many_answers_come_at_the_same_time() {
        CountDownLatch all = new CountDownLatch(100);
        model.otherwise((asked, wire) -> {
            all.countDown();
            await().atMost(LONG).until(() -> all.getCount() == 0);
            ModelReplies.text("one of many").answer(asked, wire);
        });
        ChatCompletions completions = completions(patient());
        List<Future<Completion>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(ask(completions));
        }
        assertThat(done(Future.all(results)).<Completion>list())
                .allSatisfy(answer -> assertThat(answer.content()).isEqualTo("one of many"));
    }

    private static ModelLimits patient() {
        return limits(LONG, LONG, LONG);
    }

    private static ModelLimits limits(Duration first, Duration idle, Duration whole) {
        return new ModelLimits(LONG, first, idle, whole, 3, Duration.ofMillis(5), LONG);
    }

    private ChatCompletions completions(ModelLimits limits) {
        return new ChatCompletions(
                vertx, TimeSource.system(), limits, model.baseUrl(), "test-model", Optional.of(Secret.of(KEY)));
    }

    private Completion answer(ModelLimits limits) {
        return done(ask(completions(limits)));
    }

    private ModelFailure failure(ModelLimits limits) {
        return failureOf(ask(completions(limits)));
    }

    private Future<Completion> ask(ChatCompletions completions) {
        return ask(completions, new ArrayList<>());
    }

    private Future<Completion> ask(ChatCompletions completions, List<CompletionCall> calls) {
        Promise<Completion> result = Promise.promise();
        loop.runOnContext(ignored -> {
            CompletionCall call = completions.ask(QUESTION, heard);
            calls.add(call);
            call.result().onComplete(result);
        });
        return result.future();
    }

    private static ModelFailure failureOf(Future<Completion> result) {
        try {
            return result.toCompletionStage()
                    .toCompletableFuture()
                    .handle((answer, failure) -> {
                        assertThat(failure).as("an answer: %s", answer).isInstanceOf(ModelFailure.class);
                        return (ModelFailure) failure;
                    })
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
