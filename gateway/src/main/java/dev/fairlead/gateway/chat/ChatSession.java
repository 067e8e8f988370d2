package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.ToolBox;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One session's turns: one runs, others wait for it, all end somehow. Plain state; what is to be done is collected as
 * {@link Effect}s. What is said in the name of a turn that does not run (any more) changes nothing.
 */
@StateMachine
final class ChatSession {
    private record Waiting(Turn turn, long until) {}

    private static final String ENDED_BEFORE_APPROVAL = "The turn ended before anybody approved this";
    private static final String ENDED_WHILE_RUNNING =
            "The turn ended while this ran; look whether it took effect before you repeat it";
    private static final String DENIED = "A person denied this call";
    private static final String MAY_BE_DONE =
            "The gateway ended while this ran, and nothing tells whether it took effect: it may have been done";

    private final String id;
    private final ChatLimits limits;
    private final TimeSource time;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Map<String, OpenCall> calls = new LinkedHashMap<>();
    private List<Effect> effects = new ArrayList<>();
    private int arriving;
    private Optional<Turn> running = Optional.empty();
    private StringBuilder answer = new StringBuilder();
    private StringBuilder unkept = new StringBuilder();
    private int events;
    private long lastHeard;
    private long lastNumber; // what was told last
    private long reserved; // up to which numbers are reserved on disk
    private long before; // all that was told before this was made
    private long lastChunk;
    private final Set<String> doubted = new HashSet<>(); // calls that may have been done
    private final Map<String, Long> questions = new HashMap<>(); // by turn

    ChatSession(String id, ChatLimits limits, TimeSource time) {
        this.id = id;
        this.limits = limits;
        this.time = time;
    }

    /**
     * Makes room for a message before it is kept; {@link #accepted} or {@link #notAccepted} follows.
     *
     * @throws FairleadException {@code SESSION_BUSY}
     */
    void reserve() {
        int all = waiting.size() + arriving + (running.isPresent() ? 1 : 0);
        if (all > limits.queue()) {
            throw new FairleadException(
                    ErrorCode.CHAT_SESSION_BUSY,
                    limits.queue() + " messages wait in this session already; wait for an answer, or abort the turn");
        }
        arriving++;
    }

    void notAccepted() {
        arriving--;
    }

    /**
     * Numbers were reserved on disk: none of them was ever shown. Where some are left of those before, these follow.
     *
     * @param last the last of the {@link ChatLimits#NUMBERS} that are new
     */
    void numbers(long last) {
        if (reserved == 0) {
            lastNumber = last - ChatLimits.NUMBERS;
            before = lastNumber;
        }
        reserved = Math.max(reserved, last);
    }

    /** Up to which number all was told before this session was made active, and nothing since. */
    long toldBefore() {
        return before;
    }

    /** A message is kept: its turn begins, or waits. */
    void accepted(Turn turn) {
        arriving--;
        long n = number();
        if (running.isPresent()) {
            effects.add(new Effect.Keep(new ChatEntry.Queued(id, turn.turnId(), n)));
        }
        Numbered told = new Numbered(n, question(turn.turnId(), turn.content(), running.isPresent()));
        questions.put(turn.turnId(), n);
        if (running.isEmpty()) {
            effects.add(new Effect.Keep(new ChatEntry.Started(id, turn.turnId(), turn.provider(), n)));
            effects.add(new Effect.Tell(told, turn.origin()));
            begin(turn);
        } else {
            effects.add(new Effect.Tell(told, turn.origin()));
            waiting.addLast(
                    new Waiting(turn, time.nanos() + limits.queueTimeout().toNanos()));
        }
    }

    /** What the other sockets of a session hear of a message. */
    static ChatFrame question(String turnId, String content, boolean queued) {
        return new ChatFrame.AgentEvent(FrameCodec.toTree(new UserMessage("user_message", turnId, content, queued)));
    }

    private record UserMessage(String type, String turnId, String content, boolean queued) {}

    void thinking(String turnId, String content) {
        if (heard(turnId) && !content.isEmpty()) {
            tell(new ChatFrame.Thinking(content));
        }
    }

    void status(String turnId, String phase, String detail) {
        if (heard(turnId)) {
            tell(new ChatFrame.OperatorStatus(phase, detail));
        }
    }

    void chunk(String turnId, String content) {
        if (!heard(turnId) || content.isEmpty()) {
            return;
        }
        if (answer.length() + content.length() > ChatLimits.MAX_RESPONSE) {
            failed(
                    turnId,
                    ErrorCode.CHAT_AGENT_ERROR,
                    "The answer is longer than " + ChatLimits.MAX_RESPONSE + " characters");
            return;
        }
        answer.append(content);
        unkept.append(content);
        lastChunk = tell(new ChatFrame.Chunk(content));
    }

    void chunkReset(String turnId) {
        if (heard(turnId)) {
            answer = new StringBuilder();
            unkept = new StringBuilder();
            effects.add(new Effect.Keep(new ChatEntry.PiecesDropped(id, turnId)));
            tell(new ChatFrame.ChunkReset());
        }
    }

    /**
     * A tool is called.
     *
     * @param approval whether a person must say yes
     * @return whether the turn is there to call it for
     */
    boolean called(String turnId, ToolUse use, boolean approval) {
        if (!heard(turnId)) {
            return false;
        }
        keepPieces();
        Optional<Long> until =
                approval ? Optional.of(time.nanos() + limits.approvalLife().toNanos()) : Optional.empty();
        OpenCall call = new OpenCall(turnId, use, until, number());
        calls.put(use.id(), call);
        Optional<Instant> expires = until.map(ignored -> time.instant().plus(limits.approvalLife()));
        effects.add(new Effect.Keep(new ChatEntry.Called(id, turnId, use, expires, call.n())));
        effects.add(new Effect.Tell(toolCall(call), ""));
        expires.ifPresent(at -> effects.add(new Effect.Asks(new ApprovalEvent.Asked(
                use.id(), Approval.Kind.TOOL, use.name(), Optional.of(id), at, time.instant()))));
        if (!approval && !use.own()) {
            effects.add(new Effect.Call(call));
        }
        return true;
    }

    /** A call from before a restart, which still waits for a person. */
    void restore(String turnId, ToolUse use, Duration left, long n) {
        calls.put(use.id(), new OpenCall(turnId, use, Optional.of(time.nanos() + left.toNanos()), n));
    }

    /**
     * A turn of before a restart goes on: what was shown of its answer is void.
     *
     * @param n of its question; 0 where that was not told
     * @param shown what else was told of it
     */
    void resume(Turn turn, long n, List<Numbered> shown) {
        long asked = n > 0 ? n : number();
        questions.put(turn.turnId(), asked);
        if (n == 0) {
            effects.add(new Effect.Keep(new ChatEntry.Queued(id, turn.turnId(), asked)));
            effects.add(new Effect.Tell(
                    new Numbered(asked, question(turn.turnId(), turn.content(), running.isPresent())), ""));
        }
        if (running.isPresent()) {
            waiting.addLast(
                    new Waiting(turn, time.nanos() + limits.queueTimeout().toNanos()));
        } else if (turn.resumed()) {
            effects.add(new Effect.Keep(new ChatEntry.PiecesDropped(id, turn.turnId())));
            begin(turn, shown);
        } else {
            next(turn);
        }
    }

    /** A call that was under way before a restart. */
    void reopen(String turnId, ToolUse use, long n) {
        OpenCall call = new OpenCall(turnId, use, Optional.empty(), n);
        calls.put(use.id(), call);
        effects.add(new Effect.LookUp(call));
    }

    /** Nobody can tell whether a call of before a restart took effect: a person decides whether it is made. */
    void doubt(String callId) {
        OpenCall call = calls.get(callId);
        if (call == null || call.waitsUntil().isPresent()) {
            return;
        }
        lastHeard = time.nanos();
        doubted.add(callId);
        tell(new ChatFrame.OperatorStatus("may_have_been_done", call.use().name() + ": " + MAY_BE_DONE));
        Instant expires = time.instant().plus(limits.approvalLife());
        OpenCall asks = new OpenCall(
                call.turnId(),
                call.use(),
                Optional.of(time.nanos() + limits.approvalLife().toNanos()),
                number());
        calls.put(callId, asks);
        effects.add(new Effect.Keep(new ChatEntry.Doubted(id, call.turnId(), call.use(), expires, asks.n())));
        effects.add(new Effect.Tell(toolCall(asks), ""));
        effects.add(new Effect.Asks(new ApprovalEvent.Asked(
                callId, Approval.Kind.TOOL, call.use().name(), Optional.of(id), expires, time.instant())));
    }

    /** The calls of a turn that have not come to their end. */
    List<String> openCalls(String turnId) {
        return calls.values().stream()
                .filter(call -> call.turnId().equals(turnId))
                .map(call -> call.use().id())
                .toList();
    }

    /** Whether a turn runs that does not wait for a person. */
    boolean isAtWork() {
        return running.filter(turn -> calls.values().stream()
                        .noneMatch(call -> call.waitsUntil().isPresent() && runs(call.turnId())))
                .isPresent();
    }

    /**
     * A person decides on a call.
     *
     * @throws FairleadException {@code invalid_state} where no such call waits
     */
    void decide(String callId, boolean approve) {
        OpenCall call = calls.get(callId);
        if (call == null || call.waitsUntil().isEmpty()) {
            throw new FairleadException(
                    ErrorCode.INVALID_STATE, "No tool call '" + callId + "' waits for approval in this session");
        }
        lastHeard = time.nanos();
        if (approve) {
            calls.put(callId, call.running());
            effects.add(new Effect.Keep(new ChatEntry.Approved(id, call.turnId(), callId)));
            asksNoMore(call, Approval.Status.APPROVED);
            effects.add(new Effect.Call(call.running()));
        } else {
            settle(
                    call,
                    ToolBox.Status.DENIED,
                    doubted.contains(callId) ? MAY_BE_DONE + "; a person chose not to repeat it" : DENIED);
        }
    }

    /** A call has come to its end; false where it had been ended before. */
    boolean answered(String callId, ToolBox.Status status, String output) {
        OpenCall call = calls.get(callId);
        if (call == null || call.waitsUntil().isPresent()) {
            return false;
        }
        lastHeard = time.nanos();
        settle(call, status, output);
        return true;
    }

    /** The turn is answered. */
    void done(String turnId, ChatAgent.Answer whole) {
        if (!runs(turnId)) {
            return;
        }
        if (whole.fullResponse().length() > ChatLimits.MAX_RESPONSE) {
            failed(
                    turnId,
                    ErrorCode.CHAT_AGENT_ERROR,
                    "The answer is longer than " + ChatLimits.MAX_RESPONSE + " characters");
            return;
        }
        end(
                TurnEnd.DONE,
                whole.fullResponse(),
                whole.usage(),
                Optional.empty(),
                new ChatFrame.ChunkReset(),
                new ChatFrame.Done(whole.fullResponse(), whole.usage()));
    }

    /** The turn failed; the message is sanitised already. */
    void failed(String turnId, ErrorCode code, String message) {
        if (!runs(turnId)) {
            return;
        }
        Turn turn = running.orElseThrow();
        ChatFrame.Failure failure = ChatFrame.Failure.of(code, message);
        effects.add(new Effect.Stop(turn));
        effects.add(new Effect.News(
                new ChatEvent.TurnFailed(id, turnId, failure.code(), failure.message(), time.instant())));
        end(TurnEnd.ERROR, answer.toString(), Optional.empty(), Optional.of(failure), failure);
    }

    /** Ends the turn that runs; empty where none does. */
    Optional<String> abort() {
        Optional<Turn> turn = running;
        turn.ifPresent(aborted -> {
            effects.add(new Effect.Stop(aborted));
            String partial = answer.toString();
            end(TurnEnd.ABORTED, partial, Optional.empty(), Optional.empty(), new ChatFrame.Aborted(partial));
        });
        return turn.map(Turn::turnId);
    }

    /** Ends what has waited or been silent for too long; keeps what came of the answer since the last time. */
    void tick() {
        long now = time.nanos();
        keepPieces();
        for (OpenCall call : List.copyOf(calls.values())) {
            if (call.waitsUntil().filter(until -> now - until >= 0).isPresent()) {
                // The wait was for a person; what the agent makes of it, it has not been asked yet.
                lastHeard = now;
                settle(
                        call,
                        ToolBox.Status.EXPIRED,
                        (doubted.contains(call.use().id()) ? MAY_BE_DONE + "; nobody" : "Nobody")
                                + " approved this within "
                                + limits.approvalLife().toMinutes() + " minutes");
            }
        }
        while (!waiting.isEmpty() && now - waiting.peekFirst().until() >= 0) {
            busy(waiting.removeFirst().turn());
        }
        running.filter(turn -> calls.values().stream()
                        .allMatch(call -> call.use().own() && call.waitsUntil().isEmpty()))
                .filter(turn -> now - lastHeard >= turn.silence().toNanos())
                .ifPresent(silent -> failed(
                        silent.turnId(),
                        ErrorCode.CHAT_AGENT_ERROR,
                        "The agent said nothing for " + silent.silence().toMinutes() + " minutes"));
    }

    /** Whether nothing is under way. */
    boolean isIdle() {
        return running.isEmpty() && waiting.isEmpty() && calls.isEmpty() && arriving == 0;
    }

    Optional<Turn> running() {
        return running;
    }

    int waiting() {
        return waiting.size();
    }

    /** The calls of turns before the one that runs which wait for a person, as frames. */
    List<Numbered> waitingCalls() {
        return calls.values().stream()
                .filter(call -> call.waitsUntil().isPresent() && !runs(call.turnId()))
                .map(ChatSession::toolCall)
                .toList();
    }

    /** What came up since the last call. */
    List<Effect> take() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /** The next question. */
    private void next(Turn turn) {
        effects.add(new Effect.Keep(
                new ChatEntry.Started(id, turn.turnId(), turn.provider(), questions.get(turn.turnId()))));
        begin(turn);
    }

    private void begin(Turn turn) {
        begin(turn, List.of());
    }

    private void begin(Turn turn, List<Numbered> shown) {
        running = Optional.of(turn);
        answer = new StringBuilder();
        unkept = new StringBuilder();
        events = 0;
        lastHeard = time.nanos();
        effects.add(new Effect.News(new ChatEvent.TurnStarted(
                id, turn.turnId(), turn.provider().name(), turn.provider().model(), time.instant())));
        if (turn.resumed()) {
            effects.add(new Effect.Shown(shown));
            tell(new ChatFrame.ChunkReset());
        }
        effects.add(new Effect.Run(turn));
    }

    private void end(
            TurnEnd how,
            String text,
            Optional<ChatFrame.Usage> usage,
            Optional<ChatFrame.Failure> failure,
            ChatFrame... last) {
        Turn turn = running.orElseThrow();
        for (OpenCall call : List.copyOf(calls.values())) {
            if (call.turnId().equals(turn.turnId())) {
                if (call.waitsUntil().isPresent()) {
                    settle(call, ToolBox.Status.EXPIRED, ENDED_BEFORE_APPROVAL);
                } else {
                    settle(call, ToolBox.Status.FAILED, ENDED_WHILE_RUNNING);
                }
            }
        }
        running = Optional.empty();
        questions.remove(turn.turnId());
        List<Effect> told = new ArrayList<>();
        for (ChatFrame frame : last) {
            told.add(new Effect.Tell(new Numbered(number(), frame), ""));
        }
        effects.add(new Effect.Keep(new ChatEntry.Ended(id, turn.turnId(), how, text, usage, failure, lastNumber)));
        effects.addAll(told);
        effects.add(new Effect.News(new ChatEvent.TurnEnded(
                id,
                turn.turnId(),
                turn.provider().name(),
                turn.provider().model(),
                how == TurnEnd.DONE ? Optional.empty() : Optional.of(how.status()),
                time.instant())));
        if (!waiting.isEmpty()) {
            next(waiting.removeFirst().turn());
        }
    }

    private void busy(Turn turn) {
        ChatFrame.Failure failure = ChatFrame.Failure.of(
                ErrorCode.CHAT_SESSION_BUSY,
                "The message waited " + limits.queueTimeout().toSeconds() + " s for its turn; send it again later");
        questions.remove(turn.turnId());
        Numbered told = new Numbered(number(), failure);
        effects.add(new Effect.Keep(new ChatEntry.Ended(
                id, turn.turnId(), TurnEnd.ERROR, "", Optional.empty(), Optional.of(failure), told.n())));
        running.ifPresent(now -> effects.add( // the session is still at work on another
                new Effect.Keep(new ChatEntry.Started(id, now.turnId(), now.provider(), questions.get(now.turnId())))));
        effects.add(new Effect.Tell(told, ""));
    }

    private void settle(OpenCall call, ToolBox.Status status, String output) {
        ToolUse use = call.use();
        calls.remove(use.id());
        doubted.remove(use.id());
        Numbered told = new Numbered(number(), new ChatFrame.ToolResult(use.id(), use.name(), output));
        effects.add(new Effect.Keep(new ChatEntry.Answered(
                id, call.turnId(), use, status.name().toLowerCase(Locale.ROOT), output, told.n())));
        effects.add(new Effect.Tell(told, ""));
        if (call.waitsUntil().isPresent()) {
            asksNoMore(call, status == ToolBox.Status.DENIED ? Approval.Status.DENIED : Approval.Status.EXPIRED);
        }
        effects.add(new Effect.Settle(call, new ToolBox.Outcome(use.id(), use.name(), status, output)));
    }

    private void asksNoMore(OpenCall call, Approval.Status status) {
        effects.add(new Effect.Asks(new ApprovalEvent.Answered(
                call.use().id(), Approval.Kind.TOOL, call.use().name(), status, time.instant())));
    }

    private void keepPieces() {
        if (unkept.length() > 0 && running.isPresent()) {
            effects.add(new Effect.Keep(new ChatEntry.Piece(id, running.get().turnId(), lastChunk, unkept.toString())));
            unkept = new StringBuilder();
        }
    }

    private boolean heard(String turnId) {
        if (!runs(turnId)) {
            return false;
        }
        lastHeard = time.nanos();
        if (++events > ChatLimits.MAX_EVENTS) {
            failed(turnId, ErrorCode.CHAT_AGENT_ERROR, "The agent said more than this chat can hold in one turn");
            return false;
        }
        return true;
    }

    private boolean runs(String turnId) {
        return running.filter(turn -> turn.turnId().equals(turnId)).isPresent();
    }

    private static Numbered toolCall(OpenCall call) {
        ToolUse use = call.use();
        return new Numbered(
                call.n(),
                new ChatFrame.ToolCall(
                        use.id(), use.name(), use.args(), call.waitsUntil().map(ignored -> "required")));
    }

    private long tell(ChatFrame frame) {
        Numbered told = new Numbered(number(), frame);
        effects.add(new Effect.Tell(told, ""));
        return told.n();
    }

    /** The next number; where those reserved are used up, it is shown once there are more on disk. */
    private long number() {
        if (lastNumber == reserved && reserved > 0) {
            reserved += ChatLimits.NUMBERS;
            effects.add(new Effect.Keep(
                    new ChatEntry.Reserved(id, running.map(Turn::turnId).orElse(""))));
        }
        return ++lastNumber;
    }
}
