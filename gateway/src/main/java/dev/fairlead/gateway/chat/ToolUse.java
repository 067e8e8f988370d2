package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A call of a tool in a turn.
 *
 * @param id unique in the session
 * @param own whether it is a tool of the agent's own, which the gateway only tells of
 */
record ToolUse(String id, String name, JsonNode args, boolean own) {
    @Override
    public String toString() {
        return "ToolUse[" + id + ", " + name + "]";
    }
}
