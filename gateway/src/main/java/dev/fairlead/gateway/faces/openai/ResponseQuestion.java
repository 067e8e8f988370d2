package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What {@code POST /v1/responses} asks.
 *
 * @param input its items, each with an id
 * @param stored whether it can be fetched again
 * @param body as it was sent
 */
record ResponseQuestion(
        String model,
        Optional<String> previousId,
        Optional<String> conversationId,
        boolean streamed,
        boolean background,
        boolean stored,
        ArrayNode input,
        List<Given.Function> functions,
        JsonNode body) {
    /** Reads a body; throws an {@link ApiError.Refusal}. */
    static ResponseQuestion read(JsonNode body) {
        String model = Fields.model(body);
        JsonNode store = body.path("store");
        Optional<String> previous = Fields.text(body, "previous_response_id");
        Optional<String> conversation =
                Fields.text(body, "conversation").or(() -> Fields.text(body.path("conversation"), "id"));
        if (previous.isPresent() && conversation.isPresent()) {
            throw new ApiError.Refusal(
                    ApiError.invalid("conversation", "Name a 'conversation' or a 'previous_response_id', not both"));
        }
        return new ResponseQuestion(
                model,
                previous,
                conversation,
                Fields.flag(body, "stream"),
                Fields.flag(body, "background"),
                store.asBoolean(true),
                items(body.path("input")),
                Fields.functions(body.path("tools")),
                body);
    }

    /** The turn, with what was said before. */
    Dialogue dialogue(List<JsonNode> before) {
        Dialogue dialogue = new Dialogue();
        Fields.text(body, "instructions").ifPresent(dialogue::instruct);
        before.forEach(item -> take(dialogue, item));
        input.forEach(item -> take(dialogue, item));
        return dialogue;
    }

    /** All that is known of the response before it is answered. */
    ObjectNode response(String id, long created) {
        ObjectNode response = FrameCodec.object()
                .put("id", id)
                .put("object", "response")
                .put("created_at", created)
                .put("status", "queued")
                .put("background", background)
                .putNull("error")
                .putNull("incomplete_details");
        copy(response, "instructions");
        copy(response, "max_output_tokens");
        response.put("model", model);
        response.putArray("output");
        response.put("parallel_tool_calls", true);
        copy(response, "previous_response_id");
        response.putObject("reasoning").putNull("effort").putNull("summary");
        response.put("store", stored).put("temperature", 1.0);
        response.putObject("text").putObject("format").put("type", "text");
        response.set("tool_choice", body.has("tool_choice") ? body.get("tool_choice") : FrameCodec.tree("\"auto\""));
        response.set(
                "tools",
                body.path("tools").isArray()
                        ? body.get("tools")
                        : FrameCodec.object().putArray("tools"));
        response.put("top_p", 1.0).put("truncation", "disabled").putNull("usage");
        response.set("metadata", body.path("metadata").isObject() ? body.get("metadata") : FrameCodec.object());
        conversationId.ifPresent(
                conversation -> response.putObject("conversation").put("id", conversation));
        return response;
    }

    private void copy(ObjectNode response, String field) {
        if (body.path(field).isValueNode()) {
            response.set(field, body.get(field));
        } else {
            response.putNull(field);
        }
    }

    /** A text is one message of the user's. */
    static ArrayNode items(JsonNode input) {
        ArrayNode items = FrameCodec.object().putArray("items");
        if (input.isTextual()) {
            ObjectNode message = items.addObject()
                    .put("id", itemId())
                    .put("type", "message")
                    .put("status", "completed")
                    .put("role", "user");
            message.putArray("content").addObject().put("type", "input_text").put("text", input.textValue());
            return items;
        }
        if (!input.isArray()) {
            throw new ApiError.Refusal(ApiError.invalid("input", "Field 'input' is a text or a list of items"));
        }
        for (JsonNode item : input) {
            if (item.isObject()) {
                ObjectNode kept = item.deepCopy();
                if (!kept.path("type").isTextual()) {
                    kept.put("type", "message");
                }
                if (!kept.path("id").isTextual()) {
                    kept.put("id", itemId());
                }
                if (kept.path("type").asText().equals("message")
                        && kept.path("content").isTextual()) {
                    String text = kept.path("content").textValue();
                    boolean said = kept.path("role").asText().equals("assistant");
                    kept.putArray("content")
                            .addObject()
                            .put("type", said ? "output_text" : "input_text")
                            .put("text", text);
                }
                items.add(kept);
            }
        }
        return items;
    }

    private static String itemId() {
        return "msg_" + UUID.randomUUID().toString().replace("-", "");
    }

    private static void take(Dialogue dialogue, JsonNode item) {
        switch (item.path("type").asText("")) {
            case "message" -> {
                String text = Fields.content(item.path("content"));
                switch (item.path("role").asText("")) {
                    case "system", "developer" -> dialogue.instruct(text);
                    case "user" -> dialogue.user(text);
                    case "assistant" -> dialogue.assistant(text);
                    default -> {} // roles of others
                }
            }
            case "function_call" ->
                dialogue.called(
                        item.path("call_id").asText(""),
                        item.path("name").asText(""),
                        item.path("arguments").asText(""));
            case "function_call_output" ->
                dialogue.answered(item.path("call_id").asText(""), Fields.content(item.path("output")));
            default -> {} // what a model keeps for itself, and what is not for us
        }
    }
}
