package dev.fairlead.gateway.faces.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made where it is sent is what the face keeps, event for event. */
class LiveAnswerTest {
    private static final String TURN = "turn-1";
    private static final int DELIVERIES = 12;

    @ParameterizedTest
    @MethodSource("seeds")
    void whoever_goes_on_from_anywhere_has_the_same_events(long seed) {
        Random random = new Random(seed);
        Run kept = run(random.nextBoolean());
        List<ChatDelivery.Frames> told = turn(random);
        List<String> expected = new ArrayList<>();
        List<LiveAnswer> live = new ArrayList<>();
        List<StringBuilder> seen = new ArrayList<>();
        StringBuilder all = new StringBuilder();
        long after = -1;
        for (ChatDelivery.Frames frames : told) {
            Optional<OpenAiCommands.Piece> read = kept.writer().log().after(after, false);
            if (read.isPresent()) {
                all.append(read.get().events());
                after = read.get().after();
            }
            if (random.nextInt(3) == 0) {
                live.add(goingOn(kept, frames.position() - 1, after));
                seen.add(new StringBuilder(all));
            }
            kept.hear(frames.frames());
            for (int i = 0; i < live.size(); i++) {
                live.get(i).hear(frames);
                if (random.nextBoolean()) {
                    taken(live.get(i), seen.get(i));
                }
            }
        }
        expected.add(kept.writer().log().after(-1, true).orElseThrow().events());
        for (int i = 0; i < live.size(); i++) {
            assertThat(taken(live.get(i), seen.get(i))).isTrue();
            assertThat(seen.get(i)).as("the one from %s", i).hasToString(expected.get(0));
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @Test
    void what_was_told_before_it_stands_there_is_passed_over() {
        Run kept = run(true);
        LiveAnswer live = goingOn(kept, 7, -1);
        live.hear(frames(7, new ChatFrame.Chunk("known")));
        assertThat(live.take()).isEmpty();
        live.hear(frames(8, new ChatFrame.Chunk("new")));
        assertThat(live.take().orElseThrow().events()).contains("new").doesNotContain("known");
    }

    @Test
    void numbers_that_a_restarted_gateway_might_give_again_are_not_shown() {
        Run kept = run(false);
        kept.writer().log().allow(5);
        LiveAnswer live = goingOn(kept, 0, 1);
        live.hear(frames(1, new ChatFrame.Chunk("one"))); // an item, a part, a piece: 2, 3 and 4
        assertThat(live.take().orElseThrow().after()).isEqualTo(4);
        assertThat(live.isBehind()).isFalse();
        live.hear(frames(2, new ChatFrame.Chunk("two")));
        assertThat(live.take()).isEmpty();
        assertThat(live.isBehind()).isTrue();
    }

    @Test
    void what_nobody_takes_is_not_kept_here_for_long() {
        LiveAnswer live = goingOn(run(true), 0, -1);
        String piece = "x".repeat(1_000);
        long position = 0;
        while (!live.isBehind()) {
            live.hear(frames(++position, new ChatFrame.Chunk(piece)));
        }
        assertThat(position).isLessThanOrEqualTo(EventLog.MOST_AT_ONCE / piece.length() + 1);
    }

    @Test
    void pieces_that_nobody_waits_for_are_read_when_somebody_looks_and_what_ends_a_turn_at_once() {
        Run kept = run(true);
        assertThat(kept.hear(frames(1, new ChatFrame.Chunk("put ")).frames())).isFalse();
        assertThat(kept.hear(frames(2, new ChatFrame.Chunk("off")).frames())).isFalse();
        assertThat(kept.writer().log().after(-1, false).orElseThrow().events())
                .contains("put ")
                .contains("off");

        List<String> called = new ArrayList<>();
        kept.onNews(() -> called.add("news"));
        assertThat(kept.hear(frames(3, new ChatFrame.Chunk("!")).frames())).isTrue();
        assertThat(called).hasSize(1);
        assertThat(kept.hear(frames(4, new ChatFrame.Aborted("put off!")).frames()))
                .isTrue();
        assertThat(kept.writer().isEnded()).isTrue();
    }

    @Test
    void no_more_is_put_off_than_a_bound() {
        Run kept = run(true);
        int put = 1;
        while (!kept.hear(frames(put, new ChatFrame.Chunk("x")).frames())) {
            put++;
        }
        assertThat(put).isBetween(2, 100);
    }

    @Test
    void a_session_that_is_deleted_ends_it() {
        LiveAnswer live = goingOn(run(true), 0, -1);
        live.gone();
        OpenAiCommands.Piece last = live.take().orElseThrow();
        assertThat(last.last()).isTrue();
        assertThat(last.events()).contains("turn_aborted");
    }

    private static Run run(boolean completion) {
        Run.Facts facts = new Run.Facts(
                completion ? "chatcmpl-1" : "resp_1",
                completion ? Run.Kind.COMPLETION : Run.Kind.RESPONSE,
                "owner",
                "session",
                "llm",
                "");
        Writer writer = completion
                ? new CompletionWriter(new CompletionWriter.Head("chatcmpl-1", 1, "fairlead/llm", true, true))
                : new ResponseWriter(FrameCodec.object().put("id", "resp_1"));
        Run run = new Run(facts, Set.of("weather"), writer);
        run.accepted(TURN);
        run.started(TURN);
        return run;
    }

    /** As it comes over the bus, and to another node. */
    private static LiveAnswer goingOn(Run kept, long position, long after) {
        JsonNode sent = FrameCodec.toTree(
                new OpenAiCommands.Live(kept.facts(), position, kept.state().orElseThrow()));
        return new LiveAnswer(FrameCodec.fromTree(sent, OpenAiCommands.Live.class), after);
    }

    /** Takes all there is; tells whether that was the last. */
    private static boolean taken(LiveAnswer live, StringBuilder seen) {
        Optional<OpenAiCommands.Piece> piece = live.take();
        piece.ifPresent(some -> seen.append(some.events()));
        return piece.filter(OpenAiCommands.Piece::last).isPresent();
    }

    private static List<ChatDelivery.Frames> turn(Random random) {
        StringBuilder text = new StringBuilder();
        List<ChatDelivery.Frames> told = new ArrayList<>();
        for (int i = 1; i < DELIVERIES; i++) {
            List<ChatFrame> frames = new ArrayList<>();
            for (int j = random.nextInt(4); j >= 0; j--) {
                frames.add(frame(random, text));
            }
            told.add(frames(i, frames.toArray(ChatFrame[]::new)));
        }
        told.add(frames(
                DELIVERIES,
                Stream.of(
                                new ChatFrame.Done(text + (random.nextBoolean() ? "" : " more"), Optional.empty()),
                                new ChatFrame.Aborted(text.toString()),
                                new ChatFrame.Failure("provider_error", "no"))
                        .skip(random.nextInt(3))
                        .findFirst()
                        .orElseThrow()));
        return told;
    }

    private static ChatFrame frame(Random random, StringBuilder text) {
        int kind = random.nextInt(20);
        if (kind == 0 || (kind == 3 && text.length() > 0)) {
            return new ChatFrame.Thinking("hm");
        }
        if (kind == 1 || kind == 2) {
            String name = kind == 1 ? "weather" : "own";
            return new ChatFrame.ToolCall("call-" + random.nextInt(), name, FrameCodec.object(), Optional.empty());
        }
        if (kind == 3) {
            return new ChatFrame.ChunkReset();
        }
        String piece = "\"p" + random.nextInt(1000) + "é\" ";
        text.append(piece);
        return new ChatFrame.Chunk(piece);
    }

    private static ChatDelivery.Frames frames(long position, ChatFrame... frames) {
        EncodedFrames.Builder encoded = new EncodedFrames.Builder();
        for (ChatFrame frame : frames) {
            encoded.add(FrameCodec.encode(frame));
        }
        return new ChatDelivery.Frames("session", position, position, encoded.build(), "");
    }
}
