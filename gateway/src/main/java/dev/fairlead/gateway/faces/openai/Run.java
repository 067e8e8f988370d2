package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A turn that was asked for over this API: hears what its session is told, and has it written. Plain state; who waits
 * for news is called back.
 */
final class Run {
    /** What kind of call asked for it. */
    enum Kind {
        /** A chat completion, which leaves nothing behind. */
        COMPLETION,
        /** A response that can be fetched again. */
        RESPONSE,
        /** A response that is not stored. */
        PASSING,
        /** No turn: what a client put into a conversation between two of them. */
        ITEMS
    }

    /**
     * What does not change about it.
     *
     * @param hash of the request's body, by which the same request is known again
     */
    record Facts(String id, Kind kind, String owner, String sessionId, String agent, String hash) {}

    /** Tellings of pieces that are put off; some hundred bytes each. */
    private static final int MOST_UNREAD = 64;

    private final Facts facts;
    private final Set<String> functions;
    private final Writer writer;
    private final List<Runnable> waiting = new ArrayList<>();
    private final StringBuilder shown = new StringBuilder();
    private String turnId = "";
    private String startedTurn = "";
    private boolean voided;
    private final List<EncodedFrames> unread = new ArrayList<>();

    /**
     * A turn.
     *
     * @param functions the names of the client's tools
     */
    Run(Facts facts, Set<String> functions, Writer writer) {
        this.facts = facts;
        this.functions = Set.copyOf(functions);
        this.writer = writer;
    }

    /**
     * How far a turn is told, its events aside.
     *
     * @param shown the answer's text since it was last void
     * @param voided whether that is void once more text comes
     */
    record State(
            Set<String> functions,
            String turnId,
            String shown,
            boolean voided,
            JsonNode writer,
            EventLog.Mark events) {}

    /** The same turn told elsewhere, from where it {@link #state stands} on. */
    static Run of(Facts facts, State state) {
        Run run = new Run(facts, state.functions(), Writer.of(state.writer(), state.events()));
        run.turnId = state.turnId();
        run.startedTurn = state.turnId();
        run.shown.append(state.shown());
        run.voided = state.voided();
        return run;
    }

    /** Where it stands; empty where what is told next may be of another turn, or it has ended. */
    Optional<State> state() {
        read();
        return speaks() && !writer.isEnded()
                ? Optional.of(new State(
                        functions,
                        turnId,
                        shown.toString(),
                        voided,
                        writer.state(),
                        writer.log().mark()))
                : Optional.empty();
    }

    Facts facts() {
        return facts;
    }

    Writer writer() {
        read();
        return writer;
    }

    String turnId() {
        return turnId;
    }

    /** The chat has taken the message in as this turn. */
    void accepted(String turn) {
        turnId = turn;
        tell();
    }

    /** A turn of its session begins: what is told from here on is of that one. */
    void started(String turn) {
        read();
        startedTurn = turn;
    }

    /** Whether what its session is told now is its own. */
    private boolean speaks() {
        return !turnId.isEmpty() && startedTurn.equals(turnId);
    }

    /**
     * Frames are told in its session: all of them before who waits is called back. Pieces of text for which nobody
     * waits are put off, up to a bound: as a rule their client has them made where it is connected.
     *
     * @return whether they were read, and it may have ended with them
     */
    boolean hear(EncodedFrames frames) {
        unread.add(frames);
        if (unread.size() < MOST_UNREAD && waiting.isEmpty() && speaks() && frames.each(ChunkText::isText)) {
            return false;
        }
        read();
        tell();
        return true;
    }

    private void read() {
        if (!unread.isEmpty()) {
            List<EncodedFrames> all = List.copyOf(unread);
            unread.clear();
            all.forEach(this::read);
        }
    }

    private void read(EncodedFrames frames) {
        frames.eachPayload((bytes, offset, length) -> {
            Optional<ChunkText> piece = ChunkText.of(bytes, offset, length);
            if (piece.isPresent() && speaks() && !writer.isEnded()) {
                say(piece.get().text(), piece.get().json());
                checkLength();
            } else {
                hear(FrameCodec.decode(bytes, offset, length, ChatFrame.class));
            }
        });
    }

    /** Something is told in its session. */
    void hear(ChatFrame frame) {
        read();
        if (writer.isEnded()) {
            return;
        }
        if (!speaks()) {
            if (frame instanceof ChatFrame.Failure failure
                    && failure.code().equals("SESSION_BUSY")
                    && !turnId.isEmpty()) {
                writer.failed(ApiError.ofTurn(failure.code(), failure.message()));
            }
        } else if (frame instanceof ChatFrame.Chunk chunk) {
            say(chunk.content(), FrameCodec.text(TextNode.valueOf(chunk.content())));
        } else if (frame instanceof ChatFrame.Thinking thinking) {
            writer.thought(thinking.content());
        } else if (frame instanceof ChatFrame.ToolCall call && functions.contains(call.name())) {
            writer.call(call.id(), call.name(), arguments(call.args()));
        } else if (frame instanceof ChatFrame.ChunkReset) {
            voided = true;
        } else if (frame instanceof ChatFrame.Done done) {
            finish(done);
        } else if (frame instanceof ChatFrame.Aborted) {
            writer.cancelled();
        } else if (frame instanceof ChatFrame.Failure failure && !failure.code().equals("SESSION_BUSY")) {
            writer.failed(ApiError.ofTurn(failure.code(), failure.message()));
        }
        checkLength();
    }

    private void checkLength() {
        if (writer.log().isFull()) {
            writer.failed(new ApiError(500, "The answer is too long", Optional.empty(), "answer_too_long", false));
        }
    }

    /** Its session was deleted. */
    void gone() {
        failed(ApiError.ofTurn("turn_aborted", "The session was deleted"));
    }

    /** It ended without the chat saying so. */
    void failed(ApiError why) {
        read();
        writer.failed(why);
        tell();
    }

    /** Has somebody called back when there is news. */
    void onNews(Runnable waiter) {
        waiting.add(waiter);
    }

    /** Nobody is to be called back any more. */
    void forget(Runnable waiter) {
        waiting.remove(waiter);
    }

    private void say(String piece, String json) {
        if (voided) {
            replace();
        }
        shown.append(piece);
        writer.text(piece, json);
    }

    private void finish(ChatFrame.Done done) {
        String whole = done.fullResponse();
        if (whole.startsWith(shown.toString())) {
            if (whole.length() > shown.length()) {
                writer.text(whole.substring(shown.length()));
            }
        } else {
            replace();
            writer.text(whole);
        }
        writer.done(done.usage());
    }

    private void replace() {
        voided = false;
        if (shown.length() > 0) {
            shown.setLength(0);
            writer.replaced();
        }
    }

    /** Calls back who waits. */
    void tell() {
        List<Runnable> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(Runnable::run);
    }

    /** What is no JSON object comes as the text it was. */
    private static String arguments(JsonNode args) {
        return args.isTextual() ? args.textValue() : FrameCodec.text(args);
    }
}
