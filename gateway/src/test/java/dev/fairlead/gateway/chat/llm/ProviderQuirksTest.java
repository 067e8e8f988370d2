package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.chat.llm.FakeModel.Reply;
import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers of the field send that OpenAI's does not, each as it was seen, and what it means. */
class ProviderQuirksTest extends CompletionsFixture {
    private static final String STOP = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    private static final String WHOLE = "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

    static Stream<Arguments> pieces() {
        String head = "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}";
        return Stream.of(
                Arguments.of(
                        "whole calls under index 0 and an empty id",
                        List.of(whole("\"index\":0,\"id\":\"\",", "f", 1), whole("\"index\":0,\"id\":\"\",", "f", 2)),
                        List.of("f{\"x\":1}", "f{\"x\":2}")),
                Arguments.of(
                        "whole calls without either",
                        List.of(whole("", "f", 1), whole("", "g", 2)),
                        List.of("f{\"x\":1}", "g{\"x\":2}")),
                Arguments.of(
                        "two different calls under one id",
                        List.of(whole("\"id\":\"a\",", "f", 1), whole("\"id\":\"a\",", "f", 2)),
                        List.of("f{\"x\":1}", "f{\"x\":2}")),
                Arguments.of(
                        "a call that comes again, whole",
                        List.of(whole("\"index\":0,\"id\":\"a\",", "f", 1), whole("\"index\":0,\"id\":\"a\",", "f", 1)),
                        List.of("f{\"x\":1}")),
                Arguments.of(
                        "pieces under an index of their own",
                        List.of(head, piece("\"index\":1,", "{\"x\":"), piece("\"index\":2,", "1}")),
                        List.of("f{\"x\":1}")),
                Arguments.of(
                        "head at 0 and tail at 1",
                        List.of(head, piece("\"index\":1,", "{\"x\":1}")),
                        List.of("f{\"x\":1}")),
                Arguments.of(
                        "a new id with each piece",
                        List.of(
                                head,
                                piece("\"index\":0,\"id\":\"b\",", "{\"x\":"),
                                piece("\"index\":0,\"id\":\"c\",", "1}")),
                        List.of("f{\"x\":1}")),
                Arguments.of(
                        "a new id with each piece, without an index",
                        List.of(
                                head.replace("\"index\":0,", ""),
                                piece("\"id\":\"b\",", "{\"x\":"),
                                piece("\"id\":\"c\",", "1}")),
                        List.of("f{\"x\":1}")),
                Arguments.of(
                        "the name with each piece",
                        List.of(head, head.replace("\"arguments\":\"\"", "\"arguments\":\"{}\"")),
                        List.of("f{}")),
                Arguments.of(
                        "the id before the name",
                        List.of(
                                whole("\"index\":0,\"id\":\"a\",", "f", 1),
                                "{\"index\":1,\"id\":\"b\"}",
                                "{\"index\":1,\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}"),
                        List.of("f{\"x\":1}", "g{}")),
                Arguments.of(
                        "a second call, announced and never made",
                        List.of(whole("\"index\":0,\"id\":\"a\",", "f", 1), "{\"index\":1,\"id\":\"b\"}"),
                        List.of("f{\"x\":1}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pieces")
    void calls_are_put_together_whatever_their_pieces_are_numbered_by(
            String how, List<String> pieces, List<String> calls) {
        model.then((asked, wire) -> {
            wire.stream();
            for (String piece : pieces) {
                wire.event("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + piece + "]}}]}");
            }
            wire.event(STOP).event("[DONE]");
        });
        List<FunctionCall> made = answer(patient()).calls();
        assertThat(made)
                .as(how)
                .extracting(call -> call.name() + call.arguments())
                .isEqualTo(calls);
        assertThat(made).extracting(FunctionCall::id).doesNotHaveDuplicates().doesNotContain("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "", "\r\n"})
    void the_last_event_is_taken_if_its_json_is_whole(String end) {
        model.then((asked, wire) -> wire.stream()
                .event(ModelReplies.content("Hi"))
                .text("data: " + STOP.replace("\"delta\":{}", "\"delta\":{\"content\":\"!\"}") + end));
        assertThat(answer(patient()).content()).isEqualTo("Hi!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_re", "data: [DON", "dat"})
    void half_an_event_at_the_end_is_none(String end) {
        model.then(
                (asked, wire) -> wire.stream().event(ModelReplies.content("Hi")).text(end));
        assertThat(failure(patient()).kind()).isEqualTo(Kind.CUT);
    }

    @Test
    void an_end_without_a_reason_is_a_broken_answer() {
        model.then((asked, wire) ->
                wire.stream().event(ModelReplies.content("Half")).event("[DONE]"));
        ModelFailure failure = failure(patient());
        assertThat(failure.kind()).isEqualTo(Kind.CUT);
        assertThat(failure).hasMessageContaining("finish_reason");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"detail\":[{\"loc\":[\"body\",\"stream_options\"],\"msg\":\"Extra inputs are not permitted\"}]}",
                "{\"message\":[\"property stream_options should not exist\"],\"statusCode\":422}",
                "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options\"}}",
            })
    void what_an_endpoint_does_not_take_is_left_out_from_then_on(String refusal) {
        model.otherwise((asked, wire) -> (asked.body().has("stream_options")
                        ? ModelReplies.error(422, refusal)
                        : ModelReplies.text("Hi"))
                .answer(asked, wire));
        ChatCompletions completions = completions(patient());
        assertThat(done(ask(completions)).content()).isEqualTo("Hi");
        assertThat(done(ask(completions)).content()).isEqualTo("Hi");
        assertThat(model.asked()).hasSize(3);
        assertThat(heard.retried).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"detail":[{"loc":["body","messages",0],"msg":"Field required"}]}     | body.messages.0: Field required
                    {"message":["first is wrong","second too"],"statusCode":400}          | first is wrong; second too
                    {"error":{"message":["not this"]}}                                    | not this
                    {"error":{"message":"Provider returned error","metadata":{"raw":"{\\"error\\":{\\"message\\":\\"no such tool\\"}}"}}} | Provider returned error: no such tool
                    {"object":"error","message":"The model is asleep","code":400}         | The model is asleep
                    {"errors":[{"message":"one thing"}]}                                  | one thing
                    {"fault":{"faultstring":"Quota table missing"}}                       | Quota table missing
                    {"error":"bare words"}                                                | bare words
                    {"error":{"error":{"message":"deep"}}}                                | deep
                    just words                                                            | just words
                    """)
    void the_reason_is_read_whatever_its_shape(String body, String reason) {
        model.then(ModelReplies.error(400, body));
        assertThat(failure(patient())).hasMessageEndingWith(": " + reason);
        assertThat(model.asked()).hasSize(1);
    }

    static Stream<Reply> errorsWithin() {
        return Stream.of(
                (asked, wire) -> wire.stream().text("{\"error\":{\"message\":\"It is asleep\"}}"),
                (asked, wire) -> wire.stream().text("[{\"error\":{\"message\":\"It is asleep\"}}]"),
                (asked, wire) ->
                        wire.stream().text("{\n  \"object\": \"error\",\n  \"message\": \"It is asleep\"\n}\n"),
                (asked, wire) -> wire.stream().event("{\"object\":\"error\",\"message\":\"It is asleep\"}"),
                (asked, wire) -> wire.stream().event("{\"detail\":\"It is asleep\"}"),
                (asked, wire) -> wire.stream().text("event: error\ndata: {\"message\":\"It is asleep\"}\n\n"),
                (asked, wire) -> wire.stream().text("event: error\ndata: It is asleep\n\n"),
                (asked, wire) -> wire.stream().text("event: error\ndata: {\"error\":{\"message\":\"It is asleep\"}}"),
                (asked, wire) -> wire.stream()
                        .event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\","
                                + "\"error\":{\"message\":\"It is asleep\"}}]}"),
                (asked, wire) -> wire.head(200, "Content-Type", "application/json")
                        .text("{\"error\":{\"message\":\"It is asleep\"}}"));
    }

    @ParameterizedTest
    @MethodSource("errorsWithin")
    void an_error_under_a_good_status_is_told_once_in_the_providers_words(Reply reply) {
        model.otherwise(reply);
        assertThat(failure(patient())).hasMessage("The model's provider refuses the request: It is asleep");
        assertThat(model.asked()).hasSize(1);
    }

    @Test
    void an_answer_that_ends_with_an_error_is_not_done() {
        model.then((asked, wire) -> wire.stream()
                .event(ModelReplies.content("Half"))
                .event(STOP.replace("stop", "error"))
                .event("[DONE]"));
        assertThat(failure(patient())).hasMessage("The model's provider ended its answer with an error");
    }

    @Test
    void a_whole_answer_is_one_whatever_it_is_called() {
        List<Reply> replies = List.of(
                (asked, wire) -> wire.stream().text(WHOLE),
                (asked, wire) ->
                        wire.stream().text("\r\n" + FrameCodec.tree(WHOLE).toPrettyString()),
                (asked, wire) -> wire.stream().event(WHOLE));
        List<String> answers = new ArrayList<>();
        for (Reply reply : replies) {
            model.then(reply);
            answers.add(answer(patient()).content());
        }
        assertThat(answers).containsOnly("Hi");
        assertThat(model.asked()).hasSize(replies.size());
    }

    @Test
    void what_is_no_chunk_is_shown_with_how_much_came_before_it() {
        model.then((asked, wire) ->
                wire.stream().event(ModelReplies.content("Twelve chars")).event("upstream timed out " + KEY));
        assertThat(failure(patient()))
                .hasMessageContaining("after 12 characters")
                .hasMessageContaining("upstream timed out")
                .message()
                .doesNotContain("OpenAI-compatible", KEY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    <think>Hm.</think>Yes.                | Hm.    | Yes.
                    <think>Hm.</think>~~Yes. It <b>is</b> | Hm.    | Yes. It <b>is</b>
                    ~<think>~Hm.~</think>~~Yes.           | ~Hm.~  | ~Yes.
                    Wait.<think>a < b</think> So.         | a < b  | Wait. So.
                    The tag `<think>` is quoted.          | ''     | The tag `<think>` is quoted.
                    1 <thin 2 <                           | ''     | 1 <thin 2 <
                    <think>a</think><think>b</think>c     | ab     | c
                    """)
    void what_it_thinks_aloud_is_a_thought_however_it_is_cut(String text, String thought, String said) {
        String whole = text.replace('~', '\n');
        for (int size = 1; size <= whole.length(); size++) {
            Heard each = new Heard();
            ThinkTags tags = new ThinkTags(each.thinking::add, each.content::add);
            for (int at = 0; at < whole.length(); at += size) {
                tags.take(whole.substring(at, Math.min(whole.length(), at + size)));
            }
            tags.end();
            assertThat(String.join("", each.thinking)).as("by %d", size).isEqualTo(thought.replace('~', '\n'));
            assertThat(String.join("", each.content)).as("by %d", size).isEqualTo(said.replace('~', '\n'));
        }
    }

    @Test
    void a_thought_in_the_text_is_told_as_one() {
        model.then(ModelReplies.text("<thi", "nk>Hm.</th", "ink>\n\nYes", "."));
        Completion whole = answer(patient());
        assertThat(whole.content()).isEqualTo("Yes.");
        assertThat(String.join("", heard.thinking)).isEqualTo("Hm.");
        assertThat(whole.message().content()).isEqualTo("<think>Hm.</think>\n\nYes.");
    }

    private static String whole(String head, String name, int x) {
        return "{" + head + "\"function\":{\"name\":\"" + name + "\",\"arguments\":\"{\\\"x\\\":" + x + "}\"}}";
    }

    private static String piece(String head, String arguments) {
        return "{" + head + "\"function\":{\"arguments\":" + FrameCodec.toTree(arguments) + "}}";
    }
}
