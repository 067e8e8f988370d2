package dev.fairlead.gateway.chat.turn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.tools.ToolBox;
import io.vertx.core.Future;

/**
 * What an agent says on the way to its answer; it reaches every socket of the session in this order. Empty texts are
 * left out. What comes after the turn's end counts no more. A turn that says more than is allowed is ended with an
 * {@code AGENT_ERROR}.
 */
public interface TurnEvents {
    /** What it considers; shown, not kept. */
    void thinking(String content);

    /** A piece of the answer, to be appended to those before. */
    void chunk(String content);

    /**
     * The chunks so far are void. The end of a turn needs none of this: the chat sends it before {@code done} by
     * itself.
     */
    void chunkReset();

    /** What it does now, in a word and a sentence; shown, not kept. */
    void status(String phase, String detail);

    /**
     * A tool of the agent's own is called, none of the gateway's: {@link TurnContext#tools} tells of those by itself.
     *
     * @param id unique within the turn
     */
    void ownToolCall(String id, String name, JsonNode args);

    /**
     * A tool of the agent's own would be called, if a person allows it.
     *
     * @return {@code OK} where one does, and the call is under way; {@code DENIED} or {@code EXPIRED} where it is over
     */
    Future<ToolBox.Outcome> askToCall(String id, String name, JsonNode args);

    /** What came of {@link #ownToolCall}, or of one that was allowed. */
    void ownToolResult(String id, String name, String output);
}
