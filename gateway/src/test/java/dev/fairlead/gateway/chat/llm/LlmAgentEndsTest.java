package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.budget.Spending;
import dev.fairlead.gateway.chat.turn.ChatAgent.Answer;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How turns end: used up, aborted, asked again, refused, cut. */
class LlmAgentEndsTest extends LlmAgentFixture {
    @Test
    void room_is_taken_before_a_call_and_given_back_for_what_it_used() {
        List<String> said = new ArrayList<>();
        Spending spending = (who, estimate) -> {
            said.add("reserve " + who.agent() + " " + (estimate.inputTokens() > 100));
            return said.size() > 4
                    ? Future.failedFuture(new FairleadException(ErrorCode.BUDGET_EXHAUSTED, "used up"))
                    : Future.succeededFuture(used -> {
                        said.add("settle " + used.inputTokens() + " " + used.outputTokens());
                        return Future.succeededFuture(Optional.of("so much"));
                    });
        };
        model.otherwise(ModelReplies.calls("list_instances", "{}"));
        FairleadException failure = failure(run(agent(spending)));
        assertThat(failure.code()).isEqualTo(ErrorCode.BUDGET_EXHAUSTED);
        assertThat(said)
                .containsExactly(
                        "reserve llm true", "settle 11 7", "reserve llm true", "settle 11 7", "reserve llm true");
        assertThat(model.asked()).hasSize(2);
        assertThat(turn.phases).containsExactly("budget", "budget");
    }

    @Test
    void what_an_endpoint_does_not_report_is_estimated() {
        List<ChatFrame.Usage> used = new ArrayList<>();
        Spending spending = (who, estimate) -> Future.succeededFuture(settled -> {
            used.add(settled);
            return Future.succeededFuture(Optional.empty());
        });
        model.then((asked, wire) -> wire.stream()
                .event(ModelReplies.content("z".repeat(350)))
                .event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"));
        done(run(agent(spending)));
        assertThat(used).singleElement().satisfies(one -> {
            assertThat(one.inputTokens()).isGreaterThan(100);
            assertThat(one.outputTokens()).isBetween(80L, 120L);
        });
    }

    @Test
    void aborting_ends_the_request() {
        CountDownLatch closed = new CountDownLatch(1);
        model.then(ModelReplies.stall(closed, "Half"));
        Future<Answer> result = run();
        await().atMost(PATIENCE).until(() -> turn.chunks.contains("Half"));
        loop.runOnContext(ignored -> turn.abort());
        done(result);
        await().atMost(PATIENCE).until(() -> closed.getCount() == 0);
        assertThat(count("aborted")).isEqualTo(1);
    }

    @Test
    void aborting_while_a_tool_waits_asks_no_more() {
        turn.waiting.put("stop_instance", Promise.promise());
        model.then(ModelReplies.calls("stop_instance", "{}"));
        Future<Answer> result = run();
        await().atMost(PATIENCE).until(() -> turn.called.size() == 1);
        loop.runOnContext(ignored -> {
            turn.abort();
            turn.waiting.get("stop_instance").complete("late");
        });
        done(result);
        await().during(Duration.ofMillis(300))
                .atMost(PATIENCE)
                .until(() -> model.asked().size() == 1);
    }

    @Test
    void retries_are_told() {
        model.then(ModelReplies.error(503, "{\"error\":{\"message\":\"Loading model\"}}"));
        assertThat(answer().fullResponse()).isEqualTo("ok");
        assertThat(turn.phases).containsExactly("retrying");
        assertThat(registry.counter("fairlead.llm.retries", "reason", "overloaded")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_refused_key_is_an_auth_error() {
        model.then(ModelReplies.error(401, "{\"error\":{\"message\":\"Incorrect API key: sk-canary\"}}"));
        FairleadException failure = failure(run());
        assertThat(failure.code()).isEqualTo(ErrorCode.CHAT_AUTH_ERROR);
        assertThat(failure).message().contains("llm.api_key").doesNotContain("canary");
        assertThat(count("auth")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "length", "content_filter"})
    void an_answer_of_nothing_is_an_error(String reason) {
        model.then((asked, wire) -> ModelReplies.end(wire.stream(), reason));
        assertThat(failure(run()).code()).isEqualTo(ErrorCode.CHAT_PROVIDER_ERROR);
    }

    @Test
    void an_answer_cut_at_the_models_limit_says_so() {
        model.then((asked, wire) -> ModelReplies.end(wire.stream().event(ModelReplies.content("And then")), "length"));
        assertThat(answer().fullResponse()).isEqualTo("And then");
        assertThat(turn.phases).containsExactly("cut_off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llm.model=m", "llm.base_url=http://localhost:1"})
    void without_an_endpoint_and_a_model_it_says_what_is_missing(String only) {
        LlmAgent agent =
                new LlmAgent(vertx, TimeSource.system(), Settings.of(only).llm(), registry, Spending.UNBOUNDED);
        FairleadException failure = failure(agent.prepare());
        assertThat(failure.code()).isEqualTo(ErrorCode.CHAT_AGENT_INIT_FAILED);
        assertThat(failure)
                .hasMessageContaining(only.startsWith("llm.model") ? "needs llm.base_url" : "needs llm.model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llm.first_timeout=2h", "llm.idle_timeout=2h", "llm.first_timeout=1s"})
    void a_chat_waits_for_longer_than_the_settings_let_a_model_take(String setting) {
        Settings.Llm settings = Settings.of(setting).llm();
        Duration whole =
                ModelLimits.of(settings.firstTimeout(), settings.idleTimeout()).whole();
        assertThat(whole)
                .isGreaterThan(settings.firstTimeout().plus(settings.idleTimeout()))
                .isGreaterThanOrEqualTo(Duration.ofMinutes(10));
        assertThat(agent(setting).silence()).isGreaterThan(whole);
    }
}
