package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation as a client sends it, one thing after the other. The last thing the user says is what the turn is
 * about; what stands before it is history, what comes after it is what the client's tools gave since. Plain state.
 */
final class Dialogue {
    /** Characters of what the user says, as the chat has it. */
    static final int MOST_CONTENT = 65_536;

    /** How Open WebUI begins what it asks for itself: a title, tags, questions to go on with. */
    private static final String BACKGROUND_TASK = "### Task:";

    private final StringBuilder instructions = new StringBuilder();
    private final List<Said> said = new ArrayList<>();
    private final Map<String, String> functions = new HashMap<>();

    void instruct(String text) {
        if (!text.isBlank()) {
            instructions.append(instructions.length() > 0 ? "\n\n" : "").append(text);
        }
    }

    void user(String text) {
        if (!text.isBlank()) {
            said.add(new Said.User(text));
        }
    }

    void assistant(String text) {
        if (!text.isBlank()) {
            said.add(new Said.Assistant(text));
        }
    }

    void called(String id, String name, String arguments) {
        functions.put(id, name);
        said.add(new Said.ToolCalled(id, name, arguments(arguments)));
    }

    /** What a tool gave; a call that nobody made has no result. */
    void answered(String id, String output) {
        Optional.ofNullable(functions.get(id)).ifPresent(name -> said.add(new Said.ToolAnswered(id, name, output)));
    }

    /**
     * What the turn is about.
     *
     * @param param where the conversation stands in the request
     * @throws ApiError.Refusal where the user says nothing, or too much
     */
    String content(String param) {
        int at = last();
        if (at < 0) {
            throw new ApiError.Refusal(ApiError.invalid(
                    param, "There must be something the user says: a message of role 'user' with text"));
        }
        String content = ((Said.User) said.get(at)).content();
        if (content.length() > MOST_CONTENT) {
            throw new ApiError.Refusal(new ApiError(
                    400,
                    "What the user says last is " + content.length() + " characters long; at most " + MOST_CONTENT
                            + " are taken",
                    Optional.of(param),
                    "string_above_max_length",
                    false));
        }
        return content;
    }

    /**
     * What comes with it.
     *
     * @param changes whether whoever asks may change something without a person's approval
     */
    Given given(List<Given.Function> tools, Optional<JsonNode> choice, boolean changes) {
        int at = last();
        boolean task = ((Said.User) said.get(at)).content().startsWith(BACKGROUND_TASK);
        Given.Trust trust = task ? Given.Trust.NOBODY : changes ? Given.Trust.PERSON : Given.Trust.READER;
        return new Given(
                Optional.of(instructions.toString()).filter(text -> !text.isEmpty()),
                Optional.of(said.subList(0, at)),
                said.subList(at + 1, said.size()),
                task ? List.of() : tools,
                choice,
                trust);
    }

    private int last() {
        for (int i = said.size() - 1; i >= 0; i--) {
            if (said.get(i) instanceof Said.User) {
                return i;
            }
        }
        return -1;
    }

    private static JsonNode arguments(String text) {
        try {
            return FrameCodec.tree(text);
        } catch (FairleadException notJson) {
            return TextNode.valueOf(text);
        }
    }
}
