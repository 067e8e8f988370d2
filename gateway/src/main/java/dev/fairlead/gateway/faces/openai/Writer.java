package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.util.Optional;

/** Puts what is told of a turn into the words of one of the API's calls. */
interface Writer {
    /**
     * A piece of the answer.
     *
     * @param json the same as JSON has it, quotes included
     */
    void text(String piece, String json);

    /** As {@link #text(String, String)}, of text that is not JSON yet. */
    default void text(String piece) {
        text(piece, FrameCodec.text(TextNode.valueOf(piece)));
    }

    /** What the agent considers. */
    void thought(String piece);

    /**
     * A tool of the client's is to be called.
     *
     * @param arguments as JSON
     */
    void call(String id, String name, String arguments);

    /** The text so far is void. */
    void replaced();

    /** The answer is whole. */
    void done(Optional<ChatFrame.Usage> usage);

    /** It came to nothing, or not to its end. */
    void failed(ApiError error);

    /** Somebody ended it. */
    void cancelled();

    /** Whether nothing comes any more. */
    boolean isEnded();

    /** Whether anything was shown to who reads the events, an error aside. */
    boolean hasShown();

    /** What is answered to who waited for the end: the whole, or the error. */
    OpenAiCommands.Reply reply();

    /** The answer as it is now, to be kept. */
    JsonNode body();

    EventLog log();

    /** How far it is, its events aside: another that {@link #of} makes from it goes on in the same words. */
    JsonNode state();

    /** One that goes on from there, with a log that goes on from a mark. */
    static Writer of(JsonNode state, EventLog.Mark mark) {
        Writer writer = state.has("head") ? CompletionWriter.of(state) : ResponseWriter.of(state);
        writer.log().goOnFrom(mark);
        return writer;
    }
}
