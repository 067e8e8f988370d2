package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ChatFrame;
import java.util.Optional;

/** Puts what is told of a turn into the words of one of the API's calls. */
interface Writer {
    /** A piece of the answer. */
    void text(String piece);

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
}
