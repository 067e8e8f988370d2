package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalRows;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes sessions, turns and messages. Each method is part of one write unit. */
final class ChatRepository {
    /** Places within a turn; more than {@link dev.fairlead.gateway.tools.ToolBox#MAX_CALLS} ever needs. */
    static final long PLACES = 10_000;

    /** Characters of what a provider sent with a call; without more than that it must do in later turns. */
    private static final int MOST_ORIGIN = 1_000_000;

    private static final String CALL = "tool_call";
    private static final String RESULT = "tool_result";

    /** What an interrupted call is answered with: nobody saw what became of it. */
    static final String UNKNOWN_OUTCOME =
            "The gateway ended while this ran; look whether it took effect before you repeat it";

    private ChatRepository() {}

    /**
     * A message that was taken in.
     *
     * @param numbers the last of the {@link ChatLimits#NUMBERS} that were reserved for it
     */
    record Accepted(String turnId, boolean known, long numbers) {}

    /**
     * A turn that was under way when the gateway ended.
     *
     * @param ran whether it had begun
     * @param agent who answers; empty where not all is kept that it was given
     * @param given what else came with its message
     * @param resumes how often it went on before
     * @param n of its question, 0 where that was not told
     */
    record Unfinished(
            String turnId,
            String sessionId,
            boolean ran,
            Optional<String> agent,
            int resumes,
            String content,
            Optional<String> pageContext,
            String owner,
            String address,
            boolean takesAlong,
            Given given,
            long n) {
        /** With what is kept of what came with its message. */
        Unfinished with(Optional<Given> kept) {
            return new Unfinished(
                    turnId,
                    sessionId,
                    ran,
                    agent.filter(answers -> kept.isPresent()),
                    resumes,
                    content,
                    pageContext,
                    owner,
                    address,
                    takesAlong,
                    kept.orElse(Given.NOTHING),
                    n);
        }

        @Override
        public String toString() {
            return "Unfinished[" + turnId + "]";
        }
    }

    private record ForTurn(String owner, int turns, int messages, long numbers) {}

    /**
     * Keeps a message and the turn it asks for, and the session where it is new.
     *
     * @throws FairleadException {@code forbidden}, or {@code conflict} where there are too many sessions or messages
     */
    static Accepted accept(
            WriteConnection c, ChatCommands.Say say, String agent, String turnId, String node, Instant now)
            throws SQLException {
        Optional<ForTurn> known = session(c, say.sessionId());
        if (known.isPresent()) {
            requireOwner(known.get().owner(), say.owner());
        } else {
            create(c, say, agent, now);
        }
        if (say.idempotencyKey().isPresent()) {
            Optional<String> before = c.queryOne(
                    ChatSql.KNOWN_KEY,
                    row -> row.string("turn_id"),
                    say.sessionId(),
                    say.idempotencyKey().get());
            if (before.isPresent()) {
                return new Accepted(
                        before.get(), true, known.map(ForTurn::numbers).orElse(0L));
            }
        }
        c.update(ChatSql.NEXT_TURN, agent, now, ChatLimits.NUMBERS, say.sessionId());
        ForTurn session = session(c, say.sessionId()).orElseThrow();
        if (session.messages() >= ChatLimits.MAX_MESSAGES) {
            throw new FairleadException(
                    ErrorCode.CONFLICT, "This session has " + ChatLimits.MAX_MESSAGES + " messages; begin another one");
        }
        Optional<String> given = GivenText.of(say.given());
        c.update(
                ChatSql.ADD_TURN,
                turnId,
                say.sessionId(),
                session.turns(),
                say.idempotencyKey(),
                node,
                now,
                Optional.of(agent).filter(answers -> given.isPresent()),
                say.pageContext().filter(page -> PageHints.of(page).isPresent()),
                cut(say.address(), 64),
                say.takesAlong());
        if (given.isPresent()) {
            GivenRows.add(c, turnId, given.get());
        }
        add(c, say.sessionId(), turnId, session.turns(), new Row("user", say.content(), Optional.empty()), now);
        return new Accepted(turnId, false, session.numbers());
    }

    /** Keeps what happened in a turn. */
    static void keep(WriteConnection c, ChatEntry entry, Instant now) throws SQLException {
        if (entry instanceof ChatEntry.Started started) {
            c.update(
                    ChatSql.START_TURN,
                    started.provider().name(),
                    started.provider().model(),
                    now,
                    started.n(),
                    started.turnId());
            state(c, started.sessionId(), ChatState.RUNNING, Optional.of(started.turnId()), Optional.empty(), now);
        } else if (entry instanceof ChatEntry.Queued queued) {
            c.update(ChatSql.QUEUE_TURN, queued.n(), queued.turnId());
        } else if (entry instanceof ChatEntry.Reserved reserved) {
            reserve(c, reserved.sessionId());
        } else if (entry instanceof ChatEntry.Piece piece) {
            c.defer(
                    ChatSql.ADD_PIECE,
                    piece.turnId(),
                    piece.n(),
                    storable(piece.content())); // with those of all sessions
        } else if (entry instanceof ChatEntry.PiecesDropped dropped) {
            c.update(ChatSql.DROP_PIECES, dropped.turnId());
        } else if (entry instanceof ChatEntry.Called called) {
            called(c, called, now);
        } else if (entry instanceof ChatEntry.Approved approved) {
            approve(c, approved, now);
        } else if (entry instanceof ChatEntry.Doubted doubted) {
            doubt(c, doubted, now);
        } else if (entry instanceof ChatEntry.Answered answered) {
            answered(c, answered, now);
        } else if (entry instanceof ChatEntry.Ended ended) {
            end(c, ended, now);
        }
    }

    /**
     * Whether what happened is kept already, where nobody heard what became of the commit. What is not told apart by
     * this bears being kept again.
     */
    static boolean isKept(WriteConnection c, ChatEntry entry) throws SQLException {
        if (entry instanceof ChatEntry.Called called) {
            return has(c, ChatSql.ROW_OF_CALL, called.sessionId(), called.use().id(), CALL);
        } else if (entry instanceof ChatEntry.Answered answered) {
            return has(
                    c, ChatSql.ROW_OF_CALL, answered.sessionId(), answered.use().id(), RESULT);
        } else if (entry instanceof ChatEntry.Approved approved) {
            return has(c, ChatSql.APPROVED_CALL, approved.sessionId(), approved.callId());
        } else if (entry instanceof ChatEntry.Ended ended) {
            return has(c, ChatSql.ENDED_TURN, ended.turnId(), ended.n());
        }
        return false;
    }

    private static boolean has(WriteConnection c, String query, Object... values) throws SQLException {
        return c.queryOne(query, row -> true, values).isPresent();
    }

    /**
     * Reserves numbers of a session's frames.
     *
     * @return the last of {@link ChatLimits#NUMBERS} that may be shown now
     */
    static long reserve(WriteConnection c, String sessionId) throws SQLException {
        c.update(ChatSql.RESERVE, ChatLimits.NUMBERS, sessionId);
        return session(c, sessionId).map(ForTurn::numbers).orElse(ChatLimits.NUMBERS);
    }

    /** What a node had under way when it ended, in the order in which it was asked. */
    static List<Unfinished> unfinished(WriteConnection c, String node) throws SQLException {
        return unfinished(c, ChatSql.UNFINISHED, node);
    }

    /** What is under way in a session. */
    static List<Unfinished> unfinishedIn(WriteConnection c, String sessionId) throws SQLException {
        return unfinished(c, ChatSql.UNFINISHED_OF_SESSION, sessionId);
    }

    private static List<Unfinished> unfinished(WriteConnection c, String query, String of) throws SQLException {
        List<Unfinished> unfinished = new ArrayList<>();
        for (Unfinished turn : turns(c, query, of)) {
            unfinished.add(turn.with(GivenRows.find(c, turn.turnId())));
        }
        return unfinished;
    }

    private static List<Unfinished> turns(WriteConnection c, String query, String of) throws SQLException {
        return c.query(
                query,
                row -> new Unfinished(
                        row.string("turn_id"),
                        row.string("session_id"),
                        row.string("state").equals("running"),
                        row.optionalString("agent"),
                        row.integer("resumes"),
                        row.string("content"),
                        row.optionalString("page_context"),
                        row.string("owner"),
                        row.optionalString("address").orElse(""),
                        row.bool("takes_along"),
                        Given.NOTHING,
                        row.optionalNumber("n").orElse(0L)),
                of);
    }

    /** A turn goes on after a restart, on that node. */
    static void goesOn(WriteConnection c, String turnId, String node) throws SQLException {
        c.update(ChatSql.RESUME_TURN, node, turnId);
    }

    /** Ends a turn that was under way when the gateway ended: what there is of its answer is kept. */
    static void interrupt(WriteConnection c, Unfinished turn, Instant now) throws SQLException {
        long n = reserve(c, turn.sessionId()) - ChatLimits.NUMBERS;
        for (ToolUse use : c.query(
                ChatSql.CALLS_OF_TURN,
                row -> new ToolUse(row.string("tool_id"), row.string("tool_name"), FrameCodec.object(), false),
                turn.sessionId(),
                turn.turnId())) {
            answered(
                    c,
                    new ChatEntry.Answered(turn.sessionId(), turn.turnId(), use, "unknown", UNKNOWN_OUTCOME, ++n),
                    now);
        }
        String partial = c.query(ChatSql.PIECES, row -> row.string("content"), turn.turnId()).stream()
                .collect(Collectors.joining());
        end(
                c,
                new ChatEntry.Ended(
                        turn.sessionId(),
                        turn.turnId(),
                        TurnEnd.INTERRUPTED,
                        partial,
                        Optional.empty(),
                        Optional.of(ChatFrame.Failure.of(
                                ErrorCode.CHAT_AGENT_ERROR,
                                "The gateway was restarted while this was answered, and it cannot go on; ask again")),
                        ++n),
                now);
    }

    /** Renames; false where there is no such session. */
    static boolean rename(WriteConnection c, ChatCommands.Rename rename) throws SQLException {
        Optional<ForTurn> session = session(c, rename.sessionId());
        if (session.isEmpty()) {
            return false;
        }
        requireOwner(session.get().owner(), rename.owner());
        return c.update(ChatSql.RENAME, rename.name(), rename.sessionId()) > 0;
    }

    /** Forgets a session and all of it; false where there is none. */
    static boolean delete(WriteConnection c, String sessionId, String owner) throws SQLException {
        Optional<ForTurn> session = session(c, sessionId);
        if (session.isEmpty()) {
            return false;
        }
        requireOwner(session.get().owner(), owner);
        c.update(ChatSql.DELETE_PIECES, sessionId);
        GivenRows.dropAll(c, sessionId);
        ApprovalRows.forgetSession(c, sessionId);
        c.update(ChatSql.DELETE_MESSAGES, sessionId);
        c.update(ChatSql.DELETE_TURNS, sessionId);
        return c.update(ChatSql.DELETE_SESSION, sessionId) > 0;
    }

    /**
     * Refuses what is somebody else's.
     *
     * @throws FairleadException {@code forbidden}
     */
    static void requireOwner(String owner, String asks) {
        if (!owner.equals(asks)) {
            throw new FairleadException(ErrorCode.FORBIDDEN, "This chat session belongs to somebody else");
        }
    }

    private static Optional<ForTurn> session(WriteConnection c, String id) throws SQLException {
        return c.queryOne(
                ChatSql.FOR_TURN,
                row -> new ForTurn(
                        row.string("owner"), row.integer("turns"), row.integer("message_count"), row.number("numbers")),
                id);
    }

    private static void create(WriteConnection c, ChatCommands.Say say, String agent, Instant now) throws SQLException {
        long many = c.queryOne(ChatSql.COUNT_SESSIONS, row -> row.number("many"), say.owner())
                .orElse(0L);
        if (many >= ChatLimits.MAX_SESSIONS) {
            throw new FairleadException(
                    ErrorCode.CONFLICT,
                    "There are " + ChatLimits.MAX_SESSIONS
                            + " chat sessions; delete some (DELETE /api/sessions/:id) before you begin another");
        }
        c.update(ChatSql.ADD_SESSION, say.sessionId(), say.owner(), say.name(), agent, now, now);
    }

    private static void called(WriteConnection c, ChatEntry.Called called, Instant now) throws SQLException {
        ToolUse use = called.use();
        String args = FrameCodec.text(use.args());
        if (called.expiresAt().isPresent()) {
            ApprovalRows.ask(
                    c,
                    new Approval(
                            use.id(),
                            Approval.Kind.TOOL,
                            use.name(),
                            args,
                            Approval.Status.WAITING,
                            now,
                            called.expiresAt().get(),
                            Optional.of(called.sessionId())));
        }
        add(
                c,
                called.sessionId(),
                called.turnId(),
                new Row(
                        CALL,
                        args,
                        Optional.of(use.id()),
                        Optional.of(use.name()),
                        Optional.of(called.expiresAt().isPresent() ? "pending" : "running"),
                        called.expiresAt(),
                        called.n()),
                now);
        if (use.origin().isPresent()) {
            String origin = storable(FrameCodec.text(use.origin().get()));
            if (origin.length() <= MOST_ORIGIN) {
                c.update(ChatSql.SET_ORIGIN, origin, called.sessionId(), use.id());
            }
        }
    }

    private static void doubt(WriteConnection c, ChatEntry.Doubted doubted, Instant now) throws SQLException {
        ToolUse use = doubted.use();
        c.update(ChatSql.DOUBT_CALL, doubted.expiresAt(), doubted.n(), doubted.sessionId(), use.id());
        ApprovalRows.ask(
                c,
                new Approval(
                        use.id(),
                        Approval.Kind.TOOL,
                        use.name(),
                        "It may have been done before the gateway ended: " + FrameCodec.text(use.args()),
                        Approval.Status.WAITING,
                        now,
                        doubted.expiresAt(),
                        Optional.of(doubted.sessionId())));
    }

    private static void approve(WriteConnection c, ChatEntry.Approved approved, Instant now) throws SQLException {
        int changed = c.update(ChatSql.CALL_STATUS, "running", approved.sessionId(), approved.callId(), "pending");
        if (changed == 0) {
            throw new FairleadException(ErrorCode.INVALID_STATE, "This call was decided already");
        }
        ApprovalRows.settle(c, approved.callId(), Approval.Status.APPROVED, now);
    }

    private static void answered(WriteConnection c, ChatEntry.Answered answered, Instant now) throws SQLException {
        ToolUse use = answered.use();
        if (answered.status().equals("denied") || answered.status().equals("expired")) {
            ApprovalRows.settle(
                    c, use.id(), Approval.Status.of(answered.status()).orElseThrow(), now);
        }
        c.update(ChatSql.ANY_CALL_STATUS, answered.status(), answered.sessionId(), use.id());
        add(
                c,
                answered.sessionId(),
                answered.turnId(),
                new Row(
                        RESULT,
                        answered.output(),
                        Optional.of(use.id()),
                        Optional.of(use.name()),
                        Optional.of(answered.status()),
                        Optional.empty(),
                        answered.n()),
                now);
    }

    private static void end(WriteConnection c, ChatEntry.Ended ended, Instant now) throws SQLException {
        c.update(ChatSql.DROP_PIECES, ended.turnId());
        GivenRows.drop(c, ended.turnId());
        Optional<String> reason = ended.end() == TurnEnd.INTERRUPTED
                ? Optional.of("interrupted")
                : ended.failure().map(failure -> cut(failure.message(), 500));
        if (!ended.text().isEmpty() || ended.end() == TurnEnd.DONE) {
            add(
                    c,
                    ended.sessionId(),
                    ended.turnId(),
                    new Row("assistant", ended.text(), Optional.of(ended.end().status())),
                    now);
        }
        if (ended.failure().isPresent()) {
            add(
                    c,
                    ended.sessionId(),
                    ended.turnId(),
                    new Row(
                            "error",
                            ended.failure().get().message(),
                            Optional.of(ended.failure().get().code())),
                    now);
        }
        c.update(
                ChatSql.END_TURN,
                ended.end().stored(),
                reason,
                ended.usage().map(ChatFrame.Usage::inputTokens),
                ended.usage().map(ChatFrame.Usage::outputTokens),
                now,
                ended.n(),
                ended.turnId());
        state(c, ended.sessionId(), ended.end().leaves(), Optional.empty(), reason, now);
    }

    private static void state(
            WriteConnection c,
            String sessionId,
            ChatState state,
            Optional<String> turnId,
            Optional<String> reason,
            Instant now)
            throws SQLException {
        c.update(ChatSql.SET_STATE, state.wire(), turnId, reason, now, sessionId);
    }

    private record Row(
            String role,
            String content,
            Optional<String> toolId,
            Optional<String> toolName,
            Optional<String> status,
            Optional<Instant> expiresAt,
            long n) {
        Row(String role, String content, Optional<String> status) {
            this(role, content, Optional.empty(), Optional.empty(), status, Optional.empty(), 0);
        }
    }

    private static void add(WriteConnection c, String sessionId, String turnId, Row message, Instant now)
            throws SQLException {
        Optional<Integer> number = c.queryOne(ChatSql.NUMBER_OF_TURN, row -> row.integer("number"), turnId);
        if (number.isPresent()) { // else the session was deleted meanwhile
            add(c, sessionId, turnId, number.get(), message, now);
        }
    }

    private static void add(WriteConnection c, String sessionId, String turnId, int number, Row message, Instant now)
            throws SQLException {
        long first = number * PLACES;
        Optional<Long> last = c.queryOne(
                        ChatSql.LAST_OF_TURN, row -> row.optionalNumber("last"), sessionId, first, first + PLACES)
                .flatMap(found -> found);
        c.update(
                ChatSql.ADD_MESSAGE,
                sessionId,
                last.map(position -> position + 1).orElse(first),
                turnId,
                message.role(),
                storable(message.content()),
                message.toolId(),
                message.toolName(),
                message.status(),
                message.expiresAt(),
                now,
                message.n() == 0 ? Optional.empty() : Optional.of(message.n()));
        c.update(ChatSql.COUNT_MESSAGE, sessionId);
    }

    /** PostgreSQL takes no NUL in a text. */
    private static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
