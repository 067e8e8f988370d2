package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is waited for or listened to for ever. */
class CompletionLimitsTest extends CompletionsFixture {
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
}
