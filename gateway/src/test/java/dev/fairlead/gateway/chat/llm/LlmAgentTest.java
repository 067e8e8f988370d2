package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.budget.Spending;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.ChatAgent.Answer;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an endpoint that does as it is told, over real sockets. */
class LlmAgentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final FakeModel model = FakeModel.start();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScriptedTurn turn = new ScriptedTurn("How are things?");

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        model.close();
    }

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

    @Test
    void who_answers_is_told_without_what_is_secret() {
        assertThat(agent().provider())
                .isEqualTo(new ChatAgent.Provider("127.0.0.1:" + model.baseUrl().getPort(), Optional.of("test-model")));
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

    private LlmAgent agent(Spending spending) {
        return agent(spending, new String[0]);
    }

    private LlmAgent agent(String... more) {
        return agent(Spending.UNBOUNDED, more);
    }

    private LlmAgent agent(Spending spending, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("llm.base_url=" + model.baseUrl(), "llm.model=test-model", "llm.api_key=sk-canary"));
        settings.addAll(Arrays.asList(more));
        return new LlmAgent(
                vertx,
                TimeSource.system(),
                Settings.of(settings.toArray(String[]::new)).llm(),
                registry,
                spending);
    }

    private Answer answer() {
        return done(run());
    }

    private Future<Answer> run(String... settings) {
        return run(agent(settings));
    }

    private Future<Answer> run(LlmAgent agent) {
        Promise<Answer> result = Promise.promise();
        loop.runOnContext(ignored -> agent.run(turn).onComplete(result));
        return result.future();
    }

    private double count(String outcome) {
        return registry.counter("fairlead.llm.turns", "outcome", outcome).count();
    }

    private static FairleadException failure(Future<?> result) {
        await().atMost(PATIENCE).until(result::isComplete);
        assertThat(result.cause()).isInstanceOf(FairleadException.class);
        return (FairleadException) result.cause();
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
