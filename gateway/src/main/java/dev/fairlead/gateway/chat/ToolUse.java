package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A call of a tool in a turn.
 *
 * @param id unique in the session
 * @param origin the call as its provider sent it, for that provider alone
 * @param own whether it is a tool of the agent's own, which the gateway only tells of
 */
record ToolUse(String id, String name, JsonNode args, boolean own, Optional<JsonNode> origin) {
    /** What the ids of calls of the gateway's tools begin with, and those of agents' own do not. */
    static final String GATEWAYS = "call-";

    ToolUse(String id, String name, JsonNode args, boolean own) {
        this(id, name, args, own, Optional.empty());
    }

    @Override
    public String toString() {
        return "ToolUse[" + id + ", " + name + "]";
    }
}
