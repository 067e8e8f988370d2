package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionReaderTest {
    private final Heard heard = new Heard();
    private final CompletionReader reader = new CompletionReader(new ProviderErrors(Optional.empty()), heard);

    @Test
    void text_is_told_as_it_comes_and_is_whole_at_the_end() {
        read(reader, ModelReplies.delta(delta -> delta.put("role", "assistant").put("content", "")));
        assertThat(reader.hasBegun()).isFalse();
        read(reader, ModelReplies.content("Hi "));
        read(reader, ModelReplies.content("there"));
        read(reader, "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
        read(reader, "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}");
        assertThat(heard.content).containsExactly("Hi ", "there");
        assertThat(reader.isFinished()).isTrue();
        Completion whole = reader.completion();
        assertThat(whole.content()).isEqualTo("Hi there");
        assertThat(whole.usage()).contains(new ChatFrame.Usage(3, 2));
        assertThat(whole.end()).isEqualTo(Completion.End.STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning_content", "reasoning"})
    void what_it_says_to_itself_is_no_part_of_the_answer(String field) {
        read(reader, ModelReplies.delta(delta -> delta.put(field, "Hm.").putNull("content")));
        read(reader, ModelReplies.content("Yes."));
        assertThat(heard.thinking).containsExactly("Hm.");
        assertThat(reader.completion().content()).isEqualTo("Yes.");
    }

    @Test
    void typed_parts_are_read_too() {
        read(
                reader,
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":"
                        + "[{\"type\":\"text\",\"text\":\"Hm.\"}]},{\"type\":\"text\",\"text\":\"Yes.\"}]}}]}");
        assertThat(heard.thinking).containsExactly("Hm.");
        assertThat(heard.content).containsExactly("Yes.");
    }

    @Test
    void a_refusal_is_what_it_answers() {
        read(reader, ModelReplies.delta(delta -> delta.put("refusal", "I can't.")));
        assertThat(reader.completion().content()).isEqualTo("I can't.");
    }

    @Test
    void other_choices_than_the_first_are_passed_over() {
        read(reader, "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}");
        assertThat(reader.hasBegun()).isFalse();
    }

    @Test
    void calls_in_mixed_pieces_are_put_together_by_index() {
        read(reader, ModelReplies.call(0, "a", "first", ""));
        read(reader, ModelReplies.call(1, "b", "second", "{\"n\""));
        read(reader, ModelReplies.arguments(0, "{\"x\":"));
        read(reader, ModelReplies.arguments(1, ":2}"));
        read(reader, ModelReplies.arguments(0, "1}"));
        assertThat(reader.hasBegun()).isTrue();
        assertThat(reader.completion().calls())
                .containsExactly(
                        new FunctionCall("a", "first", "{\"x\":1}"), new FunctionCall("b", "second", "{\"n\":2}"));
    }

    @Test
    void calls_without_index_or_all_with_the_same_are_told_apart_by_id() {
        String call = "{\"id\":\"%s\",%s\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
        String chunk = "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[%s]}}]}";
        read(reader, chunk.formatted(call.formatted("a", "")));
        read(reader, chunk.formatted(call.formatted("b", "")));
        CompletionReader other = new CompletionReader(new ProviderErrors(Optional.empty()), heard);
        read(other, chunk.formatted(call.formatted("a", "\"index\":0,")));
        read(other, chunk.formatted(call.formatted("b", "\"index\":0,")));
        for (CompletionReader each : new CompletionReader[] {reader, other}) {
            assertThat(each.completion().calls())
                    .containsExactly(new FunctionCall("a", "f", "{}"), new FunctionCall("b", "f", "{}"));
        }
    }

    @Test
    void calls_without_id_are_given_one_each() {
        String call = "{\"index\":%d,\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}";
        read(
                reader,
                "{\"choices\":[{\"index\":0,\"message\":{\"tool_calls\":[" + call.formatted(0) + "," + call.formatted(1)
                        + "]}}]}");
        assertThat(reader.completion().calls()).extracting(FunctionCall::id).doesNotHaveDuplicates();
        assertThat(reader.completion().calls())
                .extracting(FunctionCall::arguments)
                .containsOnly("{\"x\":1}");
    }

    @Test
    void a_call_of_nothing_is_refused() {
        read(reader, ModelReplies.arguments(0, "{}"));
        assertThatExceptionOfType(ModelFailure.class).isThrownBy(reader::completion);
    }

    @Test
    void an_answer_cut_at_the_limit_says_so() {
        read(reader, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"and\"},\"finish_reason\":\"length\"}]}");
        assertThat(reader.completion().end()).isEqualTo(Completion.End.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "\"text\"",
                "{\"choices\":[{\"index\":0",
                "<html>Bad gateway</html>",
            })
    void what_is_no_object_is_refused(String garbage) {
        assertThatExceptionOfType(ModelFailure.class)
                .isThrownBy(() -> read(reader, garbage))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.PROTOCOL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"choices\":null}",
                "{\"choices\":{}}",
                "{\"choices\":[1]}",
                "{\"choices\":[{\"index\":\"x\",\"delta\":7}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":7,\"tool_calls\":{}}}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"tool_calls\":null},\"finish_reason\":null}]}",
                "{\"usage\":7}",
                "{\"error\":null}",
            })
    void fields_of_another_kind_say_nothing(String odd) {
        read(reader, odd);
        assertThat(reader.hasBegun()).isFalse();
        assertThat(reader.isFinished()).isFalse();
    }

    @Test
    void an_error_within_the_stream_is_one() {
        assertThatExceptionOfType(ModelFailure.class)
                .isThrownBy(
                        () -> read(reader, "{\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}"))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.OVERLOADED));
        assertThatExceptionOfType(ModelFailure.class)
                .isThrownBy(() -> read(reader, "{\"error\":\"slow down\",\"code\":429}"))
                .withMessageContaining("slow down");
    }

    @Test
    void an_endless_answer_is_cut_off() {
        String piece = ModelReplies.content("x".repeat(100_000));
        assertThatExceptionOfType(ModelFailure.class).isThrownBy(() -> {
            for (int i = 0; i < 20; i++) {
                read(reader, piece);
            }
        });
    }

    @Test
    void endless_arguments_and_endless_calls_are_cut_off() {
        assertThatExceptionOfType(ModelFailure.class).isThrownBy(() -> {
            for (int i = 0; i < 20; i++) {
                read(reader, ModelReplies.arguments(0, "x".repeat(100_000)));
            }
        });
        assertThatExceptionOfType(ModelFailure.class).isThrownBy(() -> {
            for (int i = 0; i < 1_000; i++) {
                read(reader, ModelReplies.call(i, "id-" + i, "f", "{}"));
            }
        });
    }

    @Test
    void a_question_is_written_as_openai_documents_it() {
        FunctionSpec function = new FunctionSpec("look", "Looks.", FrameCodec.tree("{\"type\":\"object\"}"));
        CompletionRequest question = new CompletionRequest(
                java.util.List.of(
                        new ModelMessage.Instruction("Be brief."),
                        new ModelMessage.User("Look!"),
                        new ModelMessage.Assistant("", java.util.List.of(new FunctionCall("a", "look", "{}"))),
                        new ModelMessage.Output("a", "42")),
                new Functions(java.util.List.of(function)),
                true);
        assertThat(FrameCodec.tree(question.body("m", true))).isEqualTo(FrameCodec.tree("""
                                {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[
                                {"role":"system","content":"Be brief."},{"role":"user","content":"Look!"},
                                {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function",
                                "function":{"name":"look","arguments":"{}"}}]},
                                {"role":"tool","tool_call_id":"a","content":"42"}],
                                "tools":[{"type":"function","function":{"name":"look","description":"Looks.",
                                "parameters":{"type":"object"}}}],"tool_choice":"auto"}"""));
        assertThat(question.characters()).isEqualTo(question.body("", false).length);
    }

    private static void read(CompletionReader reader, String json) {
        reader.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
