package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;

/** What of an agent's turn is shown in a chat. */
sealed interface Shown {
    /** A piece of the answer. */
    record Text(String text) implements Shown {}

    record Thought(String text) implements Shown {}

    /** A tool of the agent's own is called; {@code id} is unique within the turn. */
    record Call(String id, String name, JsonNode args) implements Shown {}

    /** What came of a {@link Call}. */
    record Outcome(String id, String name, String output) implements Shown {}

    record Status(String phase, String detail) implements Shown {}
}
