package dev.fairlead.gateway.chat.turn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * What comes with a message of a client that has the conversation in its own hands. It holds for that one turn.
 *
 * @param instructions how the agent is to behave, besides its own rules
 * @param history what was said before, in place of what the session holds; the session's own where absent
 * @param since what came after the message: calls of the client's tools and what they gave
 * @param functions the client's tools, which it calls itself; with any, none of the gateway's are offered
 * @param choice which of them must be called, as OpenAI's {@code tool_choice} has it
 * @param trust what the gateway's tools may do
 * @param traceparent in the course of which trace it was sent, and from its acceptance on the turn's own place in it
 */
public record Given(
        Optional<String> instructions,
        Optional<List<Said>> history,
        List<Said> since,
        List<Function> functions,
        Optional<JsonNode> choice,
        Trust trust,
        Optional<String> traceparent) {
    /** What comes in no trace. */
    public Given(
            Optional<String> instructions,
            Optional<List<Said>> history,
            List<Said> since,
            List<Function> functions,
            Optional<JsonNode> choice,
            Trust trust) {
        this(instructions, history, since, functions, choice, trust, Optional.empty());
    }

    /** Nothing but the message: a person's, in a chat. */
    public static final Given NOTHING =
            new Given(Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.empty(), Trust.PERSON);

    /** How far whoever asks is trusted with the gateway's tools. */
    public enum Trust {
        /** As a person who asks in so many words. */
        PERSON,
        /** May look; what changes something waits for a person. */
        READER,
        /** Is given no tools. */
        NOBODY
    }

    /**
     * A tool of the client's.
     *
     * @param parameters JSON schema of its arguments
     */
    public record Function(String name, String description, JsonNode parameters) {}

    public Given {
        history = history.map(List::copyOf);
        since = List.copyOf(since);
        functions = List.copyOf(functions);
    }

    /** The same, in the course of a trace. */
    public Given within(Optional<String> trace) {
        return trace.equals(traceparent)
                ? this
                : new Given(instructions, history, since, functions, choice, trust, trace);
    }

    /** What was said does not show. */
    @Override
    public String toString() {
        return "Given[" + trust + ", " + functions.size() + " functions]";
    }
}
