package dev.fairlead.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of chats on every database. Ids are unique per test: a server's tables outlive it. */
abstract class ChatRepositoryContract {
    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();
    private final String session = UUID.randomUUID().toString();
    private final String node = "node-" + session;
    private final String owner = "owner-" + session;

    @TempDir
    Path temp;

    private Database database;
    private ChatQueries queries;

    abstract Settings.Db settings();

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        queries = new ChatQueries(database);
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void a_turn_is_kept_from_its_question_to_its_answer() throws Exception {
        String turn = ask("one", Optional.empty());
        keep(started(turn));
        assertThat(state()).isEqualTo(ChatState.RUNNING);
        ToolUse use = new ToolUse("c-" + turn, "list", FrameCodec.object().put("a", 1), false);
        keep(new ChatEntry.Called(session, turn, use, Optional.empty(), 0));
        keep(new ChatEntry.Answered(session, turn, use, "ok", "out", 0));
        keep(new ChatEntry.Piece(session, turn, 1, "an"));
        keep(new ChatEntry.Piece(session, turn, 2, "sw"));
        assertThat(messages().partial()).contains("answ");
        keep(ended(turn, TurnEnd.DONE, "answer"));
        assertThat(messages().messages())
                .extracting(ChatCommands.Message::role)
                .containsExactly("user", "tool_call", "tool_result", "assistant");
        assertThat(messages().messages().get(1).args().orElseThrow()).isEqualTo(use.args());
        assertThat(messages().messages().get(1).status()).contains("ok");
        assertThat(messages().partial()).isEmpty();
        assertThat(messages().session().messageCount()).isEqualTo(4);
        assertThat(state()).isEqualTo(ChatState.IDLE);
    }

    @Test
    void what_is_kept_is_told_apart_from_what_is_not() throws Exception {
        String turn = ask("one", Optional.empty());
        keep(started(turn));
        ToolUse use = new ToolUse("c-" + turn, "list", FrameCodec.object(), false);
        for (ChatEntry entry : List.of(
                new ChatEntry.Called(
                        session, turn, use, Optional.of(time.instant().plusSeconds(60)), 7),
                new ChatEntry.Approved(session, turn, use.id()),
                new ChatEntry.Answered(session, turn, use, "ok", "out", 8),
                ended(turn, TurnEnd.DONE, "answer"))) {
            assertThat(isKept(entry)).as("%s", entry).isFalse();
            keep(entry);
            assertThat(isKept(entry)).as("%s", entry).isTrue();
        }
    }

    private boolean isKept(ChatEntry entry) throws Exception {
        return await(database.write(c -> ChatRepository.isKept(c, entry)));
    }

    @Test
    void what_a_provider_sent_with_a_call_is_kept_with_it() throws Exception {
        String turn = ask("one", Optional.empty());
        JsonNode origin = FrameCodec.tree("{\"by\":\"m\",\"kept\":{\"reasoning_content\":\"hm\"}}");
        ToolUse use = new ToolUse("c-" + turn, "list", FrameCodec.object(), false, Optional.of(origin));
        ToolUse plain = new ToolUse("d-" + turn, "list", FrameCodec.object(), false);
        keep(started(turn));
        for (ToolUse each : List.of(use, plain)) {
            keep(new ChatEntry.Called(session, turn, each, Optional.empty(), 0));
            keep(new ChatEntry.Answered(session, turn, each, "ok", "out", 0));
        }
        keep(ended(turn, TurnEnd.DONE, "answer"));
        String next = ask("two", Optional.empty());
        assertThat(await(queries.history(session, next, Optional.empty())))
                .contains(
                        new Said.ToolCalled(use.id(), "list", FrameCodec.object(), Optional.of(origin)),
                        new Said.ToolCalled(plain.id(), "list", FrameCodec.object()));
    }

    @Test
    void a_question_that_waited_stands_before_its_own_answer() throws Exception {
        String first = ask("one", Optional.empty());
        String second = ask("two", Optional.empty());
        keep(started(first));
        keep(ended(first, TurnEnd.DONE, "first"));
        keep(started(second));
        keep(ended(second, TurnEnd.DONE, "second"));
        assertThat(messages().messages())
                .extracting(ChatCommands.Message::content)
                .containsExactly("one", "first", "two", "second");
        assertThat(await(queries.history(session, second, Optional.empty())))
                .containsExactly(new Said.User("one"), new Said.Assistant("first"));
        assertThat(await(queries.history(session, second, Optional.of("operator"))))
                .containsExactly(new Said.User("one"), new Said.Assistant("first"));
        assertThat(await(queries.history(session, second, Optional.of("agent:other"))))
                .isEmpty();
    }

    @Test
    void a_key_is_good_once_in_a_session() throws Exception {
        String first = ask("one", Optional.of("k"));
        ChatRepository.Accepted again = accept(say("one", Optional.of("k"), owner));
        assertThat(again.turnId()).isEqualTo(first);
        assertThat(again.known()).isTrue();
        assertThat(messages().messages()).hasSize(1);
    }

    @Test
    void a_question_tells_its_key_and_what_became_of_its_turn() throws Exception {
        String first = ask("one", Optional.of("k"));
        String second = ask("two", Optional.empty());
        assertThat(fates()).containsExactly("k queued", "- queued");
        keep(started(first));
        assertThat(fates()).containsExactly("k running", "- queued");
        keep(ended(first, TurnEnd.DONE, "answer"));
        keep(started(second));
        keep(ended(second, TurnEnd.ABORTED, ""));
        assertThat(fates()).containsExactly("k done", "- aborted");
        assertThat(messages().messages().get(1).status()).contains("complete");
        assertThat(messages().messages().get(1).idempotencyKey()).isEmpty();
    }

    private List<String> fates() throws Exception {
        return messages().messages().stream()
                .filter(message -> message.role().equals("user"))
                .map(message -> message.idempotencyKey().orElse("-") + " "
                        + message.status().orElse(""))
                .toList();
    }

    @Test
    void a_session_belongs_to_who_made_it() throws Exception {
        ask("one", Optional.empty());
        assertRefused(ErrorCode.FORBIDDEN, () -> accept(say("mine", Optional.empty(), "somebody")));
        assertRefused(ErrorCode.FORBIDDEN, () -> await(queries.require(session, "somebody")));
        assertRefused(ErrorCode.FORBIDDEN, () -> write(c -> ChatRepository.delete(c, session, "somebody")));
        assertThat(await(queries.sessions(new ChatCommands.ListSessions("somebody", 10, Optional.empty())))
                        .sessions())
                .isEmpty();
    }

    @Test
    void what_ran_when_the_gateway_ended_is_interrupted_and_its_text_kept() throws Exception {
        String running = ask("one", Optional.empty());
        String waiting = ask("two", Optional.empty());
        keep(started(running));
        ToolUse works = new ToolUse("w-" + running, "start", FrameCodec.object(), false);
        ToolUse waits = new ToolUse("p-" + running, "confirm", FrameCodec.object(), false);
        keep(new ChatEntry.Called(session, running, works, Optional.empty(), 0));
        keep(new ChatEntry.Called(
                session, running, waits, Optional.of(time.instant().plusSeconds(60)), 0));
        keep(new ChatEntry.Piece(session, running, 1, "half"));
        List<ChatRepository.Unfinished> unfinished = interrupt();
        assertThat(unfinished).extracting(ChatRepository.Unfinished::turnId).containsExactly(running, waiting);
        assertThat(messages().session().state()).isEqualTo(ChatState.ERROR);
        assertThat(messages().session().reason()).contains("interrupted");
        assertThat(messages().session().turnId()).isEmpty();
        assertThat(messages().messages())
                .filteredOn(message -> message.role().equals("assistant"))
                .singleElement()
                .returns("half", ChatCommands.Message::content)
                .returns(Optional.of("interrupted"), ChatCommands.Message::status);
        assertThat(messages().messages())
                .filteredOn(message -> message.toolCallId().equals(Optional.of(works.id())))
                .extracting(
                        ChatCommands.Message::role, message -> message.status().orElse(""))
                .containsExactly(tuple("tool_call", "unknown"), tuple("tool_result", "unknown"));
        assertThat(await(queries.calls("pending")))
                .filteredOn(call -> call.sessionId().equals(session))
                .extracting(call -> call.use().id())
                .containsExactly(waits.id());
        List<ChatRepository.Unfinished> again = interrupt();
        assertThat(again).isEmpty();
    }

    @Test
    void what_came_with_a_message_is_kept_until_its_turn_has_ended() throws Exception {
        JsonNode deep = FrameCodec.tree("[".repeat(FrameCodec.MAX_DEPTH) + "]".repeat(FrameCodec.MAX_DEPTH));
        Given given = new Given(
                Optional.of("Be brief \uD83D\uDE00\0"),
                Optional.of(List.of(
                        new Said.User("before"),
                        new Said.Assistant("so"),
                        new Said.ToolCalled("c", "f", deep, Optional.of(deep)),
                        new Said.ToolAnswered("c", "f", "\uD83D\uDE00".repeat(100_000)),
                        new Said.Assistant("\u00FC".repeat(600_000)))),
                List.of(new Said.ToolCalled("d", "g", FrameCodec.object())),
                List.of(new Given.Function("f", "does", deep)),
                Optional.of(FrameCodec.tree("\"auto\"")),
                Given.Trust.READER);
        String turn = accept(with(given)).turnId();
        String plain = ask("two", Optional.empty());
        assertThat(unfinished())
                .extracting(ChatRepository.Unfinished::given, ChatRepository.Unfinished::agent)
                .containsExactly(tuple(given, Optional.of("operator")), tuple(Given.NOTHING, Optional.of("operator")));
        keep(started(turn));
        keep(ended(turn, TurnEnd.DONE, "answer"));
        assertThat(given(turn)).contains(Given.NOTHING);
        assertThat(unfinished()).extracting(ChatRepository.Unfinished::turnId).containsExactly(plain);
        String another = accept(with(given)).turnId();
        write(c -> ChatRepository.delete(c, session, owner));
        assertThat(given(another)).contains(Given.NOTHING);
    }

    @Test
    void of_what_is_more_than_is_kept_nothing_is() throws Exception {
        accept(with(new Given(
                Optional.of("x".repeat(GivenText.MOST)),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Given.Trust.PERSON)));
        assertThat(unfinished())
                .singleElement()
                .returns(Optional.empty(), ChatRepository.Unfinished::agent)
                .returns(Given.NOTHING, ChatRepository.Unfinished::given);
    }

    private List<ChatRepository.Unfinished> unfinished() throws Exception {
        return write(c -> ChatRepository.unfinished(c, node));
    }

    private Optional<Given> given(String turn) throws Exception {
        return write(c -> GivenRows.find(c, turn));
    }

    private ChatCommands.Say with(Given given) {
        return new ChatCommands.Say(
                session,
                Optional.empty(),
                Optional.empty(),
                owner,
                "",
                "one",
                Optional.empty(),
                Optional.empty(),
                "",
                true,
                given);
    }

    @Test
    void a_call_is_approved_once() throws Exception {
        String turn = ask("one", Optional.empty());
        ToolUse use = new ToolUse("c-" + turn, "confirm", FrameCodec.object(), false);
        keep(new ChatEntry.Called(session, turn, use, Optional.of(time.instant()), 0));
        keep(new ChatEntry.Approved(session, turn, use.id()));
        assertRefused(ErrorCode.INVALID_STATE, () -> keep(new ChatEntry.Approved(session, turn, use.id())));
    }

    @Test
    void pages_of_messages_and_sessions_leave_nothing_out() throws Exception {
        for (int i = 0; i < 5; i++) {
            String turn = ask("q" + i, Optional.empty());
            keep(started(turn));
            keep(ended(turn, TurnEnd.DONE, "a" + i));
        }
        ChatCommands.Messages last = page(3, Optional.empty());
        assertThat(last.messages()).extracting(ChatCommands.Message::content).containsExactly("a3", "q4", "a4");
        ChatCommands.Messages before = page(100, last.cursor());
        assertThat(before.messages()).hasSize(7);
        assertThat(before.cursor()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        accept(new ChatCommands.Say(
                UUID.randomUUID().toString(),
                Optional.empty(),
                Optional.empty(),
                owner,
                "",
                "x",
                Optional.empty(),
                Optional.empty(),
                "",
                false,
                Given.NOTHING));
        ChatCommands.Sessions first =
                await(queries.sessions(new ChatCommands.ListSessions(owner, 1, Optional.empty())));
        ChatCommands.Sessions second = await(queries.sessions(new ChatCommands.ListSessions(owner, 1, first.cursor())));
        assertThat(second.sessions())
                .extracting(ChatCommands.Session::sessionId)
                .containsExactly(session);
        assertThat(second.cursor()).isEmpty();
    }

    @Test
    void what_is_deleted_is_gone_and_its_late_end_harms_nothing() throws Exception {
        String turn = ask("nul \0 and markup <b>", Optional.empty());
        assertThat(messages().messages().get(0).content()).isEqualTo("nul \uFFFD and markup <b>");
        boolean first = write(c -> ChatRepository.delete(c, session, owner));
        boolean second = write(c -> ChatRepository.delete(c, session, owner));
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        keep(ended(turn, TurnEnd.DONE, "late"));
        assertThat(await(queries.find(session))).isEmpty();
    }

    private List<ChatRepository.Unfinished> interrupt() throws Exception {
        return write(c -> {
            List<ChatRepository.Unfinished> unfinished = ChatRepository.unfinished(c, node);
            for (ChatRepository.Unfinished turn : unfinished) {
                ChatRepository.interrupt(c, turn, time.instant());
            }
            return unfinished;
        });
    }

    private String ask(String content, Optional<String> key) throws Exception {
        return accept(say(content, key, owner)).turnId();
    }

    private ChatCommands.Say say(String content, Optional<String> key, String who) {
        return new ChatCommands.Say(
                session,
                Optional.of("name"),
                Optional.empty(),
                who,
                "",
                content,
                Optional.empty(),
                key,
                "",
                false,
                Given.NOTHING);
    }

    private ChatRepository.Accepted accept(ChatCommands.Say say) throws Exception {
        String turn = UUID.randomUUID().toString();
        return write(c -> ChatRepository.accept(c, say, "operator", turn, node, time.instant()));
    }

    private ChatEntry started(String turn) {
        return new ChatEntry.Started(session, turn, new ChatAgent.Provider("operator", Optional.empty()), 0);
    }

    private ChatEntry ended(String turn, TurnEnd end, String text) {
        return new ChatEntry.Ended(
                session, turn, end, text, Optional.of(new ChatFrame.Usage(1, 2)), Optional.empty(), 0);
    }

    private void keep(ChatEntry entry) throws Exception {
        write(c -> {
            ChatRepository.keep(c, entry, time.instant());
            return 0;
        });
    }

    private ChatState state() throws Exception {
        return messages().session().state();
    }

    private ChatCommands.Messages messages() throws Exception {
        return page(100, Optional.empty());
    }

    private ChatCommands.Messages page(int limit, Optional<String> before) throws Exception {
        return await(queries.messages(new ChatCommands.GetMessages(session, owner, limit, before)));
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void assertRefused(ErrorCode code, Attempt attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(code));
    }

    private <T> T write(WriteUnit<T> unit) throws Exception {
        return await(database.write(unit));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
