package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.Given;

/**
 * What {@code POST /v1/chat/completions} asks.
 *
 * @param content what the user says
 * @param usage whether a stream is to tell what it cost
 */
record CompletionQuestion(String model, String content, Given given, boolean streamed, boolean usage) {
    /** Reads a body; throws an {@link ApiError.Refusal}. */
    static CompletionQuestion read(JsonNode body, boolean changes) {
        String model = Fields.model(body);
        JsonNode messages = body.path("messages");
        if (!messages.isArray()) {
            throw new ApiError.Refusal(ApiError.invalid("messages", "Field 'messages' is a list of messages"));
        }
        Dialogue dialogue = new Dialogue();
        messages.forEach(message -> take(dialogue, message));
        String content = dialogue.content("messages");
        return new CompletionQuestion(
                model,
                content,
                dialogue.given(Fields.functions(body.path("tools")), Fields.choice(body.path("tool_choice")), changes),
                Fields.flag(body, "stream"),
                body.path("stream_options").path("include_usage").asBoolean(false));
    }

    private static void take(Dialogue dialogue, JsonNode message) {
        String text = Fields.content(message.path("content"));
        switch (message.path("role").asText("")) {
            case "system", "developer" -> dialogue.instruct(text);
            case "user" -> dialogue.user(text);
            case "assistant" -> {
                dialogue.assistant(text);
                message.path("tool_calls").forEach(call -> {
                    JsonNode function = call.path("function");
                    dialogue.called(
                            call.path("id").asText(""),
                            function.path("name").asText(""),
                            function.path("arguments").asText(""));
                });
            }
            case "tool" -> dialogue.answered(message.path("tool_call_id").asText(""), text);
            default -> {} // roles of others
        }
    }
}
