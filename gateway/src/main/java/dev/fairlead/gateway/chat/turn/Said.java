package dev.fairlead.gateway.chat.turn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

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
     * @param origin the call as its provider sent it, for that provider alone
     */
    record ToolCalled(String id, String name, JsonNode args, Optional<JsonNode> origin) implements Said {
        public ToolCalled(String id, String name, JsonNode args) {
            this(id, name, args, Optional.empty());
        }
    }

    /** What came of a call: always there for each {@link ToolCalled} of a history. */
    record ToolAnswered(String id, String name, String output) implements Said {}
}
