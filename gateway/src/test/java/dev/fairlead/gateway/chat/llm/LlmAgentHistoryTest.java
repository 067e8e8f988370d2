package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a session a model is told again, and how it came. */
class LlmAgentHistoryTest extends LlmAgentFixture {
    @Test
    void what_came_with_a_call_goes_back_as_it_came() {
        model.then((asked, wire) -> {
                    wire.stream().event(ModelReplies.delta(delta -> delta.put("reasoning_content", "First ")));
                    wire.event(ModelReplies.delta(delta -> delta.put("reasoning_content", "look.")));
                    wire.event(
                            "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"a\",\"x_state\":\"s1\",\"reasoning_details\":["
                                    + "{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"a\"}]}}]}");
                    wire.event(
                            "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"b\",\"x_state\":\"s2\",\"reasoning_details\":["
                                    + "{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"b\",\"signature\":\"sig\"},"
                                    + "{\"type\":\"reasoning.encrypted\",\"index\":1,\"data\":\"xyz\"}]}}]}");
                    wire.event(ModelReplies.content("<think>hm</think>Looking."));
                    wire.event(
                            "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\","
                                    + "\"extra_content\":{\"google\":{\"thought_signature\":\"abc\"}},"
                                    + "\"function\":{\"name\":\"list_instances\",\"arguments\":\"{}\"}}]}}]}");
                    ModelReplies.end(wire, "tool_calls");
                })
                .then(ModelReplies.text("None."));
        assertThat(answer().fullResponse()).isEqualTo("Looking.\n\nNone.");
        assertThat(model.asked().get(1).body().path("messages").get(2)).isEqualTo(FrameCodec.tree("""
                                {"role":"assistant","content":"<think>hm</think>Looking.","tool_calls":[{"id":"a",
                                "type":"function","function":{"name":"list_instances","arguments":"{}"},
                                "extra_content":{"google":{"thought_signature":"abc"}}}],
                                "reasoning_content":"First look.","reasoning":"ab","x_state":"s2",
                                "reasoning_details":[
                                {"type":"reasoning.text","index":0,"text":"ab","signature":"sig"},
                                {"type":"reasoning.encrypted","index":1,"data":"xyz"}]}"""));
    }

    @Test
    void what_came_with_calls_of_earlier_turns_goes_back_to_who_sent_it_alone() {
        model.then((asked, wire) -> {
                    wire.stream().event(ModelReplies.delta(delta -> delta.put("reasoning_content", "Both.")));
                    wire.event(ModelReplies.call(0, "functions.a:0", "list_instances", "{}"));
                    wire.event(ModelReplies.call(1, "functions.b:1", "list_agents", "{}"));
                    ModelReplies.end(wire, "tool_calls");
                })
                .then(ModelReplies.text("None."));
        answer();
        turn.history.add(new Said.User("Before?"));
        for (int i = 0; i < 2; i++) {
            String name = i == 0 ? "list_instances" : "list_agents";
            turn.history.add(
                    new Said.ToolCalled("own-" + i, name, FrameCodec.object(), Optional.of(turn.origins.get(i))));
            turn.history.add(new Said.ToolAnswered("own-" + i, name, "out " + i));
        }
        turn.history.add(new Said.Assistant("None."));
        answer();
        JsonNode again = model.asked().get(2).body().path("messages").get(2);
        assertThat(again.path("reasoning_content").asText()).isEqualTo("Both.");
        assertThat(again.path("tool_calls").findValuesAsText("id")).containsExactly("functions.a:0", "functions.b:1");
        assertThat(model.asked().get(2).body().path("messages").findValuesAsText("tool_call_id"))
                .containsExactly("functions.a:0", "functions.b:1");
        done(run("llm.model=another"));
        JsonNode other = model.asked().get(3).body().path("messages");
        assertThat(other.findValuesAsText("tool_call_id")).containsExactly("own-0", "own-1");
        assertThat(other.findValue("reasoning_content")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\": \"web", "", "[1]", "{} {}"})
    void a_model_is_told_valid_arguments_whatever_it_wrote(String arguments) {
        model.then(ModelReplies.calls("stop_instance", arguments));
        answer();
        JsonNode messages = model.asked().get(1).body().path("messages");
        assertThat(messages.get(2).at("/tool_calls/0/function/arguments").asText())
                .isEqualTo("{}");
        if (!arguments.isEmpty()) {
            assertThat(messages.get(3).path("content").asText()).contains(arguments);
        }
    }

    @Test
    void a_session_whose_turns_came_to_nothing_is_not_stuck() {
        turn.history.add(new Said.User("One?"));
        turn.history.add(new Said.User("Two?"));
        turn.history.add(new Said.ToolCalled("x", "list_instances", FrameCodec.object()));
        turn.history.add(new Said.ToolAnswered("x", "list_instances", "[]"));
        turn.history.add(new Said.User("Three?"));
        answer();
        JsonNode messages = model.asked().get(0).body().path("messages");
        assertThat(messages.findValuesAsText("role"))
                .containsExactly("system", "user", "assistant", "tool", "assistant", "user");
        assertThat(messages.get(1).path("content").asText()).isEqualTo("One?\n\nTwo?");
        assertThat(messages.get(5).path("content").asText()).isEqualTo("Three?\n\nHow are things?");
    }

    @Test
    void a_turn_that_handed_a_call_to_its_client_before_a_restart_has_ended() {
        turn.given = new Given(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(new Given.Function("weather", "", FrameCodec.object())),
                Optional.empty(),
                Given.Trust.READER);
        turn.stored.add(new Said.ToolCalled("x", "weather", FrameCodec.object()));
        turn.stored.add(new Said.ToolAnswered("x", "weather", "(handed to the client)"));
        assertThat(answer().fullResponse()).isEmpty();
        assertThat(model.asked()).isEmpty();
    }

    @Test
    void the_latest_turns_that_fit_are_told_and_no_half_ones() {
        turn.history.add(new Said.Assistant("the end of something"));
        turn.history.add(new Said.User("long ago " + "x".repeat(2_000)));
        turn.history.add(new Said.Assistant("yes"));
        turn.history.add(new Said.User("lately"));
        turn.history.add(new Said.ToolCalled("a", "first", FrameCodec.object()));
        turn.history.add(new Said.ToolCalled("b", "second", FrameCodec.object()));
        turn.history.add(new Said.ToolAnswered("b", "second", "two"));
        turn.history.add(new Said.ToolAnswered("a", "first", "one"));
        turn.history.add(new Said.ToolCalled("c", "third", FrameCodec.object()));
        turn.history.add(new Said.ToolAnswered("c", "third", "three"));
        turn.history.add(new Said.Assistant("so"));
        done(run("llm.max_history=1KiB"));
        JsonNode messages = model.asked().get(0).body().path("messages");
        List<String> told = new ArrayList<>();
        messages.forEach(message -> told.add(message.path("role").asText() + ":"
                + (message.has("tool_calls")
                        ? message.path("tool_calls").findValuesAsText("name")
                        : message.path("content").asText())));
        assertThat(told.subList(1, told.size()))
                .containsExactly(
                        "user:lately",
                        "assistant:[first, second]",
                        "tool:one",
                        "tool:two",
                        "assistant:[third]",
                        "tool:three",
                        "assistant:so",
                        "user:How are things?");
    }

    @Test
    void outputs_are_cut_to_what_a_model_can_hold() {
        turn.waiting.put("read_log", Promise.promise());
        turn.waiting.get("read_log").complete("x".repeat(30_000));
        model.then(ModelReplies.calls("read_log", "{}"));
        done(run("llm.max_history=2KiB"));
        assertThat(model.asked().get(1).body().at("/messages/3/content").asText())
                .hasSize(2_048)
                .endsWith("(cut)");
    }

    @Test
    void a_model_is_told_no_more_than_it_holds() {
        turn.history.add(new Said.User("long ago"));
        turn.history.add(new Said.ToolCalled("a", "first", FrameCodec.object()));
        turn.history.add(new Said.ToolAnswered("a", "first", "x".repeat(1_900)));
        turn.history.add(new Said.Assistant("so"));
        turn.history.add(new Said.User("lately"));
        turn.history.add(new Said.Assistant("y".repeat(20_000)));
        done(run("llm.context_tokens=3000"));
        JsonNode messages = model.asked().get(0).body().path("messages");
        assertThat(messages.toString()).doesNotContain("xxx", "yyy").contains("How are things?");
        assertThat(turn.phases).containsExactly("trimmed");
        turn.history.remove(5);
        turn.phases.clear();
        int fits = model.asked().get(0).body().toString().length() + 1_000; // all but what first gave
        done(run("llm.context_tokens=" + fits * 8 / 7 * 10 / 35));
        JsonNode lighter = model.asked().get(1).body().path("messages");
        assertThat(lighter.toString()).doesNotContain("xxx").contains("long ago", "left out");
        assertThat(turn.phases).containsExactly("trimmed");
    }

    @Test
    void what_a_model_holds_is_learned_from_its_refusal_and_kept_to() {
        turn.history.add(new Said.User("long ago"));
        turn.history.add(new Said.Assistant("y".repeat(30_000)));
        model.otherwise((asked, wire) -> (asked.body().toString().length() > 20_000
                        ? ModelReplies.error(
                                400,
                                "{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens."
                                        + " However, your messages resulted in 9000 tokens.\"}}")
                        : ModelReplies.text("Short."))
                .answer(asked, wire));
        LlmAgent agent = agent();
        assertThat(done(run(agent)).fullResponse()).isEqualTo("Short.");
        assertThat(done(run(agent)).fullResponse()).isEqualTo("Short.");
        assertThat(model.asked()).hasSize(3);
        assertThat(turn.phases).containsExactly("trimmed", "trimmed");
    }
}
