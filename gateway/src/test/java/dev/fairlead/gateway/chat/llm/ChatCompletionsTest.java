package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of a question that is answered. */
class ChatCompletionsTest extends CompletionsFixture {
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
            String stream = "data: " + ModelReplies.content("Grüße 🚢") + "\r\n\r\n: comment\n\ndata: "
                    + "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
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
        model.then((asked, wire) -> ModelReplies.end(wire.head(200).event(ModelReplies.content("Hi")), "stop"));
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
    void a_connection_that_breaks_after_the_end_has_lost_nothing() {
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.content("All"));
            ModelReplies.end(wire, "stop");
            wire.cut();
        });
        assertThat(answer(patient()).content()).isEqualTo("All");
    }

    @Test
    void connections_are_used_again() {
        ChatCompletions completions = completions(patient());
        done(ask(completions));
        done(ask(completions));
        assertThat(model.asked()).hasSize(2);
        assertThat(model.connections()).isEqualTo(1);
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
}
