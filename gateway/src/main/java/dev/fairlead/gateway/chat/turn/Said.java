package dev.fairlead.gateway.chat.turn;

import com.fasterxml.jackson.databind.JsonNode;

/** One thing of a session's history. */
public sealed interface Said {
    /** The user said it. */
    record User(String content) implements Said {}

    /** The agent answered it: whole, or as far as it came before it was aborted or interrupted. */
    record Assistant(String content) implements Said {}

    /**
     * The agent called a tool.
     *
     * @param id ties the result to it, unique within the session
     */
    record ToolCalled(String id, String name, JsonNode args) implements Said {}

    /** What came of a call: always there for each {@link ToolCalled} of a history. */
    record ToolAnswered(String id, String name, String output) implements Said {}
}
