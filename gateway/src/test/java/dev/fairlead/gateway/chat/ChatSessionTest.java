package dev.fairlead.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.tools.ToolBox;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatSessionTest {
    private static final Duration APPROVAL_LIFE = Duration.ofHours(24);

    private final ManualTime time = new ManualTime();
    private final ChatSession session =
            new ChatSession("s", new ChatLimits(2, Duration.ofMinutes(2), APPROVAL_LIFE), time);
    private final List<Effect> all = new ArrayList<>();

    @Test
    void one_turn_runs_and_the_next_begins_when_it_has_ended() {
        ask("a");
        ask("b");
        assertThat(runs()).containsExactly("a");
        session.done("a", answer("x"));
        assertThat(runs()).containsExactly("a", "b");
        assertThat(order("a")).containsExactly("Started", "Run", "Ended", "ChunkReset", "Done");
    }

    @Test
    void a_full_queue_refuses_and_a_place_is_free_again_when_the_store_did() {
        ask("a");
        ask("b");
        session.reserve();
        assertThatThrownBy(session::reserve)
                .isInstanceOfSatisfying(FairleadException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.CHAT_SESSION_BUSY));
        session.notAccepted();
        session.reserve();
    }

    @Test
    void a_turn_that_waits_too_long_is_refused_and_the_running_one_goes_on() {
        ask("a");
        ask("b");
        time.advance(Duration.ofSeconds(119));
        session.thinking("a", "still here");
        session.tick();
        assertThat(told(ChatFrame.Failure.class)).isEmpty();
        time.advance(Duration.ofSeconds(1));
        session.tick();
        assertThat(told(ChatFrame.Failure.class))
                .extracting(ChatFrame.Failure::code)
                .containsExactly("SESSION_BUSY");
        session.done("a", answer("x"));
        assertThat(told(ChatFrame.Done.class)).hasSize(1);
        assertThat(runs()).containsExactly("a");
    }

    @Test
    void what_a_turn_says_after_its_end_changes_nothing() {
        ask("a");
        session.chunk("a", "part");
        assertThat(session.abort()).contains("a");
        drain();
        session.chunk("a", "late");
        session.done("a", answer("late"));
        session.failed("a", ErrorCode.CHAT_AGENT_ERROR, "late");
        assertThat(session.take()).isEmpty();
        assertThat(told(ChatFrame.Aborted.class)).containsExactly(new ChatFrame.Aborted("part"));
        assertThat(session.isIdle()).isTrue();
        assertThat(session.abort()).isEmpty();
    }

    @Test
    void a_call_that_needs_a_person_waits_for_one_and_happens_once() {
        ask("a");
        session.called("a", use("c"), true);
        assertThat(effects(Effect.Call.class)).isEmpty();
        assertThat(told(ChatFrame.ToolCall.class).get(0).approval()).contains("required");
        session.decide("c", true);
        assertThat(effects(Effect.Call.class)).hasSize(1);
        assertThatThrownBy(() -> session.decide("c", true)).hasMessageContaining("waits for approval");
        assertThat(session.answered("c", ToolBox.Status.OK, "done")).isTrue();
        assertThat(session.answered("c", ToolBox.Status.OK, "again")).isFalse();
        assertThat(outcomes()).containsExactly(ToolBox.Status.OK);
    }

    @Test
    void approval_is_kept_before_the_call_happens() {
        ask("a");
        session.called("a", use("c"), true);
        session.decide("c", true);
        drain();
        int kept = index(effect -> effect instanceof Effect.Keep keep && keep.entry() instanceof ChatEntry.Approved);
        int called = index(effect -> effect instanceof Effect.Call);
        assertThat(kept).isNotNegative().isLessThan(called);
    }

    @Test
    void a_denied_or_forgotten_call_never_happens() {
        ask("a");
        session.called("a", use("c"), true);
        session.called("a", use("d"), true);
        session.decide("c", false);
        time.advance(APPROVAL_LIFE);
        session.tick();
        assertThat(outcomes()).containsExactly(ToolBox.Status.DENIED, ToolBox.Status.EXPIRED);
        assertThat(effects(Effect.Call.class)).isEmpty();
        assertThatThrownBy(() -> session.decide("d", true)).isInstanceOf(FairleadException.class);
    }

    @Test
    void a_call_of_before_a_restart_can_still_be_approved() {
        session.restore("old", use("c"), Duration.ofMinutes(1), 0);
        assertThat(session.waitingCalls()).hasSize(1);
        assertThat(session.isIdle()).isFalse();
        session.decide("c", true);
        session.answered("c", ToolBox.Status.OK, "done");
        assertThat(told(ChatFrame.ToolResult.class)).hasSize(1);
        assertThat(session.isIdle()).isTrue();
    }

    @Test
    void the_end_of_a_turn_closes_its_calls() {
        ask("a");
        session.called("a", use("waits"), true);
        session.called("a", use("works"), false);
        session.abort();
        assertThat(outcomes()).containsExactly(ToolBox.Status.EXPIRED, ToolBox.Status.FAILED);
        assertThat(session.answered("works", ToolBox.Status.OK, "late")).isFalse();
    }

    @Test
    void a_silent_agent_fails_but_not_while_a_person_is_waited_for() {
        ask("a");
        session.called("a", use("c"), true);
        time.advance(ChatAgent.SILENCE);
        session.tick();
        assertThat(told(ChatFrame.Failure.class)).isEmpty();
        session.decide("c", false);
        time.advance(ChatAgent.SILENCE);
        session.tick();
        assertThat(told(ChatFrame.Failure.class))
                .extracting(ChatFrame.Failure::code)
                .containsExactly("AGENT_ERROR");
    }

    @Test
    void an_agent_is_given_its_time_again_after_nobody_approved() {
        ask("a");
        session.called("a", use("c"), true);
        time.advance(APPROVAL_LIFE);
        session.tick();
        assertThat(outcomes()).containsExactly(ToolBox.Status.EXPIRED);
        assertThat(told(ChatFrame.Failure.class)).isEmpty();
        session.chunk("a", "As nobody said yes, nothing was done.");
        assertThat(told(ChatFrame.Chunk.class)).hasSize(1);
    }

    @Test
    void an_agent_that_may_be_silent_for_longer_is_given_that_time() {
        ask("a", Duration.ofMinutes(25));
        time.advance(Duration.ofMinutes(24));
        session.tick();
        assertThat(told(ChatFrame.Failure.class)).isEmpty();
        time.advance(Duration.ofMinutes(1));
        session.tick();
        assertThat(told(ChatFrame.Failure.class))
                .extracting(ChatFrame.Failure::message)
                .containsExactly("The agent said nothing for 25 minutes");
    }

    @Test
    void an_answer_without_end_is_ended() {
        ask("a");
        for (int i = 0; i <= ChatLimits.MAX_RESPONSE / 1_000; i++) {
            session.chunk("a", "x".repeat(1_000));
        }
        assertThat(told(ChatFrame.Failure.class)).hasSize(1);
        assertThat(session.isIdle()).isTrue();
    }

    @Test
    void pieces_are_kept_in_batches_not_chunk_by_chunk() {
        ask("a");
        for (int i = 0; i < 50; i++) {
            session.chunk("a", "x");
        }
        session.tick();
        session.tick();
        assertThat(effects(Effect.Keep.class).stream().filter(keep -> keep.entry() instanceof ChatEntry.Piece))
                .hasSize(1);
    }

    @Test
    void a_socket_that_joins_gets_what_the_others_have() {
        TurnReplay replay = new TurnReplay();
        tell(
                replay,
                new ChatFrame.Thinking("a"),
                new ChatFrame.Thinking("b"),
                new ChatFrame.Chunk("old"),
                new ChatFrame.ChunkReset(),
                new ChatFrame.Chunk("c"),
                new ChatFrame.Chunk("d"));
        assertThat(replay.frames())
                .containsExactly(
                        new Numbered(2, new ChatFrame.Thinking("ab")), new Numbered(6, new ChatFrame.Chunk("cd")));
        assertThat(replay.framesAfter(5)).containsExactly(new Numbered(6, new ChatFrame.Chunk("d")));
        assertThat(replay.framesAfter(3))
                .containsExactly(
                        new Numbered(4, new ChatFrame.ChunkReset()), new Numbered(6, new ChatFrame.Chunk("cd")));
        assertThat(replay.framesAfter(6)).isEmpty();
        replay.clear();
        assertThat(replay.frames()).isEmpty();
    }

    @Test
    void numbers_rise_and_beyond_those_that_are_reserved_none_is_shown_before_more_are() {
        session.reserve();
        session.numbers(ChatLimits.NUMBERS);
        session.accepted(turn("a", ChatAgent.SILENCE));
        for (int i = 0; i < ChatLimits.NUMBERS; i++) {
            session.chunk("a", "x");
        }
        drain();
        List<Long> told =
                effects(Effect.Tell.class).stream().map(tell -> tell.told().n()).toList();

        assertThat(told).isSorted().doesNotHaveDuplicates().hasSize((int) ChatLimits.NUMBERS + 1);
        int reserve = index(effect -> effect instanceof Effect.Keep keep && keep.entry() instanceof ChatEntry.Reserved);
        assertThat(all.subList(0, reserve))
                .filteredOn(Effect.Tell.class::isInstance)
                .hasSize((int) ChatLimits.NUMBERS);
        assertThat(told.get(told.size() - 1)).isEqualTo(ChatLimits.NUMBERS + 1);
    }

    private static void tell(TurnReplay replay, ChatFrame... frames) {
        for (int i = 0; i < frames.length; i++) {
            replay.told(new Numbered(i + 1, frames[i]));
        }
    }

    private void ask(String id) {
        ask(id, ChatAgent.SILENCE);
    }

    private void ask(String id, Duration silence) {
        session.reserve();
        session.numbers(ChatLimits.NUMBERS);
        session.accepted(turn(id, silence));
    }

    private static Turn turn(String id, Duration silence) {
        return new Turn(
                id,
                "s",
                "content",
                Optional.empty(),
                "operator",
                new ChatAgent.Provider("operator", Optional.empty()),
                silence,
                "operator",
                "",
                "e/1",
                false,
                Given.NOTHING,
                false);
    }

    private static ToolUse use(String id) {
        return new ToolUse(id, "tool", FrameCodec.object(), false);
    }

    private static ChatAgent.Answer answer(String text) {
        return new ChatAgent.Answer(text, Optional.empty());
    }

    private void drain() {
        all.addAll(session.take());
    }

    private int index(java.util.function.Predicate<Effect> which) {
        for (int i = 0; i < all.size(); i++) {
            if (which.test(all.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private <T extends Effect> List<T> effects(Class<T> type) {
        drain();
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private <T extends ChatFrame> List<T> told(Class<T> type) {
        return effects(Effect.Tell.class).stream()
                .map(tell -> tell.told().frame())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private List<String> runs() {
        return effects(Effect.Run.class).stream()
                .map(run -> run.turn().turnId())
                .toList();
    }

    private List<ToolBox.Status> outcomes() {
        return effects(Effect.Settle.class).stream()
                .map(settle -> settle.outcome().status())
                .toList();
    }

    private List<String> order(String turn) {
        drain();
        List<String> order = new ArrayList<>();
        for (Effect effect : all) {
            if (effect instanceof Effect.Keep keep && keep.entry().turnId().equals(turn)) {
                order.add(keep.entry().getClass().getSimpleName());
            } else if (effect instanceof Effect.Run run && run.turn().turnId().equals(turn)) {
                order.add("Run");
            } else if (effect instanceof Effect.Tell tell && !(tell.told().frame() instanceof ChatFrame.AgentEvent)) {
                order.add(tell.told().frame().getClass().getSimpleName());
            }
        }
        return order;
    }
}
