package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.ChatAgent.Answer;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a model answers, and calls what it is given. */
class LlmAgentTest extends LlmAgentFixture {
    @Test
    void a_plain_answer_is_streamed() {
        model.then((asked, wire) -> {
            wire.stream().event(ModelReplies.delta(delta -> delta.put("reasoning_content", "Hm.")));
            wire.event(ModelReplies.content("All "));
            wire.event(ModelReplies.content("is well."));
            ModelReplies.end(wire, "stop");
        });
        assertThat(answer()).isEqualTo(new Answer("All is well.", Optional.of(new ChatFrame.Usage(11, 7))));
        assertThat(turn.chunks).containsExactly("All ", "is well.");
        assertThat(turn.thoughts).containsExactly("Hm.");
        assertThat(count("ok")).isEqualTo(1);
        assertThat(registry.counter("fairlead.llm.tokens", "direction", "output")
                        .count())
                .isEqualTo(7);
        assertThat(registry.timer("fairlead.llm.first.piece").count()).isEqualTo(1);
    }

    @Test
    void it_is_told_who_it_is_what_it_can_do_and_where_the_user_looks() {
        turn.hint = Optional.of("The user looks at instances.");
        answer();
        JsonNode body = model.asked().get(0).body();
        assertThat(body.path("messages").get(0).path("content").asText())
                .contains("Fairlead")
                .contains("The user looks at instances.");
        assertThat(body.path("messages").get(1))
                .isEqualTo(FrameCodec.tree("{\"role\":\"user\",\"content\":\"How are things?\"}"));
        assertThat(body.path("tools").findValuesAsText("name")).contains("list_instances", "stop_instance");
        assertThat(body.at("/tools/1/function/parameters/required/0").asText()).isEqualTo("name");
    }

    @Test
    void what_it_wants_called_is_called_and_told_to_it() {
        model.then(ModelReplies.calls("list_instances", "{\"archived\":true}"))
                .then(ModelReplies.text("There are none."));
        assertThat(answer()).isEqualTo(new Answer("There are none.", Optional.of(new ChatFrame.Usage(22, 14))));
        assertThat(turn.called).containsExactly("list_instances{\"archived\":true}");
        JsonNode messages = model.asked().get(1).body().path("messages");
        assertThat(messages.get(2).at("/tool_calls/0/function/name").asText()).isEqualTo("list_instances");
        assertThat(messages.get(3))
                .isEqualTo(FrameCodec.tree(
                        "{\"role\":\"tool\",\"tool_call_id\":\"call_0\",\"content\":\"output of list_instances\"}"));
    }

    @Test
    void calls_run_together_and_are_told_in_the_order_in_which_they_were_made() {
        turn.waiting.put("first", Promise.promise());
        turn.waiting.put("second", Promise.promise());
        model.then(ModelReplies.calls("first", "{}", "second", "")).then(ModelReplies.text("Done."));
        Future<Answer> result = run();
        await().atMost(PATIENCE).until(() -> turn.called.size() == 2);
        turn.waiting.get("second").complete("two");
        turn.waiting.get("first").complete("one");
        assertThat(done(result).fullResponse()).isEqualTo("Done.");
        JsonNode messages = model.asked().get(1).body().path("messages");
        assertThat(messages.findValuesAsText("content")).endsWith("one", "two");
    }

    @Test
    void several_rounds_are_one_answer() {
        model.then((asked, wire) -> {
                    wire.stream().event(ModelReplies.content("Let me look."));
                    wire.event(ModelReplies.call(0, "a", "list_instances", "{}"));
                    ModelReplies.end(wire, "tool_calls");
                })
                .then(ModelReplies.calls("list_instances", "{}"))
                .then(ModelReplies.text("There are none."));
        assertThat(answer().fullResponse()).isEqualTo("Let me look.\n\nThere are none.");
        assertThat(turn.text()).isEqualTo("Let me look.\n\nThere are none.");
        assertThat(model.asked()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":", "[1]", "\"web\"", "name=web", "{} {}"})
    void arguments_that_are_none_are_told_to_the_model(String arguments) {
        model.then(ModelReplies.calls("stop_instance", arguments)).then(ModelReplies.text("Sorry."));
        assertThat(answer().fullResponse()).isEqualTo("Sorry.");
        assertThat(turn.called).containsExactly("stop_instance refused");
        assertThat(model.asked().get(1).body().path("messages").findValuesAsText("content"))
                .last()
                .asString()
                .contains("no JSON object");
    }

    @Test
    void a_model_that_only_calls_is_made_to_answer() {
        model.otherwise(
                (asked, wire) -> (asked.body().path("tool_choice").asText().equals("none")
                                ? ModelReplies.text("Enough.")
                                : ModelReplies.calls("list_instances", "{}"))
                        .answer(asked, wire));
        assertThat(done(run("llm.max_rounds=3")).fullResponse()).isEqualTo("Enough.");
        assertThat(turn.called).hasSize(3);
        assertThat(model.asked()).hasSize(4);
    }

    @Test
    void a_model_that_calls_even_then_is_given_up() {
        model.otherwise(ModelReplies.calls("list_instances", "{}"));
        assertThat(failure(run("llm.max_rounds=2"))).hasMessageContaining("llm.max_rounds");
        assertThat(turn.called).hasSize(2);
    }

    @Test
    void a_model_that_calls_no_functions_answers_without() {
        turn.history.add(new Said.User("Before?"));
        turn.history.add(new Said.ToolCalled("x", "list_instances", FrameCodec.object()));
        turn.history.add(new Said.ToolAnswered("x", "list_instances", "[]"));
        turn.history.add(new Said.Assistant("None."));
        model.otherwise((asked, wire) -> (asked.body().has("tools")
                        ? ModelReplies.error(400, "{\"error\":{\"message\":\"test-model does not support tools\"}}")
                        : ModelReplies.text("I cannot look."))
                .answer(asked, wire));
        LlmAgent agent = agent();
        assertThat(done(run(agent)).fullResponse()).isEqualTo("I cannot look.");
        assertThat(turn.phases).containsExactly("no_tools");
        assertThat(model.asked().get(1).body().path("messages").findValuesAsText("role"))
                .containsExactly("system", "user", "assistant", "user");
        done(run(agent));
        assertThat(model.asked()).hasSize(3);
    }

    @Test
    void who_answers_is_told_without_what_is_secret() {
        assertThat(agent().provider())
                .isEqualTo(new ChatAgent.Provider("127.0.0.1:" + model.baseUrl().getPort(), Optional.of("test-model")));
    }
}
