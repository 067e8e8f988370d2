package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
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

    private final Facts facts;
    private final Set<String> functions;
    private final Writer writer;
    private final List<Runnable> waiting = new ArrayList<>();
    private final StringBuilder shown = new StringBuilder();
    private String turnId = "";
    private String startedTurn = "";
    private boolean voided;

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

    Facts facts() {
        return facts;
    }

    Writer writer() {
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
        startedTurn = turn;
    }

    /** Whether what its session is told now is its own. */
    private boolean speaks() {
        return !turnId.isEmpty() && startedTurn.equals(turnId);
    }

    /** Something is told in its session. */
    void hear(ChatFrame frame) {
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
            say(chunk.content());
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
        if (writer.log().isFull()) {
            writer.failed(new ApiError(500, "The answer is too long", Optional.empty(), "answer_too_long", false));
        }
        tell();
    }

    /** It ended without the chat saying so. */
    void failed(ApiError why) {
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

    private void say(String piece) {
        if (voided) {
            replace();
        }
        shown.append(piece);
        writer.text(piece);
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
