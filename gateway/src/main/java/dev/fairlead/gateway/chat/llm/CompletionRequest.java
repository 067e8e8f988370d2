package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a model is asked. Plain state, on one event loop. */
final class CompletionRequest {
    private static final String BETWEEN = "\n\n";
    private static final String NO_ANSWER = "(The turn ended before I answered.)";

    private final List<ModelMessage> messages;
    private final Functions functions;
    private final boolean mayCall;
    private final Optional<JsonNode> choice;
    private int characters; // 0 until they were counted

    CompletionRequest(List<ModelMessage> messages, Functions functions, boolean mayCall) {
        this(messages, functions, mayCall, Optional.empty());
    }

    /**
     * A question.
     *
     * @param functions that it may call; none, where it shall only speak
     * @param mayCall false where it has called enough: the functions are named, for the conversation mentions them, and
     *     forbidden
     * @param choice which must be called, as a client of the gateway has it
     */
    CompletionRequest(List<ModelMessage> messages, Functions functions, boolean mayCall, Optional<JsonNode> choice) {
        this.messages = List.copyOf(messages);
        this.functions = functions;
        this.mayCall = mayCall;
        this.choice = choice;
    }

    List<ModelMessage> messages() {
        return messages;
    }

    /** The same question about less. */
    CompletionRequest with(List<ModelMessage> fewer) {
        return new CompletionRequest(fewer, functions, mayCall, choice);
    }

    /** What it has in characters of JSON, counted once: a long conversation takes its time. */
    int characters() {
        if (characters == 0) {
            characters = FrameCodec.encode(named("", false, false)).length + functions.characters();
        }
        return characters;
    }

    /**
     * The body of {@code POST /chat/completions}, streamed.
     *
     * @param tellUsage whether to ask for what it costs, which not every endpoint lets be asked
     */
    byte[] body(String model, boolean tellUsage) {
        return FrameCodec.encode(named(model, tellUsage, true));
    }

    private ObjectNode named(String model, boolean tellUsage, boolean withFunctions) {
        ObjectNode body = FrameCodec.object().put("model", model).put("stream", true);
        if (tellUsage) {
            body.putObject("stream_options").put("include_usage", true);
        }
        ArrayNode told = body.putArray("messages");
        alternating().forEach(message -> told.add(json(message)));
        if (!functions.isEmpty()) {
            if (withFunctions) {
                body.putRawValue("tools", functions.json());
            }
            if (mayCall && choice.isPresent()) {
                body.set("tool_choice", choice.get());
            } else {
                body.put("tool_choice", mayCall ? "auto" : "none");
            }
        }
        return body;
    }

    /**
     * Neighbours of one role as one message, and a user never right after what functions gave: chat templates refuse
     * either, and a turn that came to nothing leaves both.
     */
    private List<ModelMessage> alternating() {
        List<ModelMessage> merged = new ArrayList<>();
        for (ModelMessage message : messages) {
            int last = merged.size() - 1;
            ModelMessage before = last < 0 ? message : merged.get(last);
            if (last >= 0 && before instanceof ModelMessage.User one && message instanceof ModelMessage.User two) {
                merged.set(last, new ModelMessage.User(joined(one.content(), two.content())));
            } else if (before instanceof ModelMessage.Assistant one
                    && one.calls().isEmpty()
                    && last >= 0
                    && message instanceof ModelMessage.Assistant two) {
                merged.set(
                        last,
                        new ModelMessage.Assistant(joined(one.content(), two.content()), two.calls(), two.kept()));
            } else {
                if (before instanceof ModelMessage.Output && message instanceof ModelMessage.User) {
                    merged.add(new ModelMessage.Assistant(NO_ANSWER, List.of()));
                }
                merged.add(message);
            }
        }
        return merged;
    }

    private static String joined(String one, String two) {
        return one.isEmpty() || two.isEmpty() ? one + two : one + BETWEEN + two;
    }

    private static ObjectNode json(ModelMessage message) {
        ObjectNode json = FrameCodec.object();
        if (message instanceof ModelMessage.Instruction instruction) {
            return json.put("role", "system").put("content", instruction.content());
        }
        if (message instanceof ModelMessage.User user) {
            return json.put("role", "user").put("content", user.content());
        }
        if (message instanceof ModelMessage.Output output) {
            return json.put("role", "tool").put("tool_call_id", output.callId()).put("content", output.content());
        }
        return assistant((ModelMessage.Assistant) message);
    }

    private static ObjectNode assistant(ModelMessage.Assistant assistant) {
        ObjectNode json = FrameCodec.object().put("role", "assistant");
        if (assistant.content().isEmpty() && !assistant.calls().isEmpty()) {
            json.putNull("content"); // some providers refuse an empty text
        } else {
            json.put("content", assistant.content());
        }
        if (!assistant.calls().isEmpty()) {
            ArrayNode calls = json.putArray("tool_calls");
            assistant.calls().forEach(call -> {
                ObjectNode one = calls.addObject().put("id", call.id()).put("type", "function");
                one.putObject("function").put("name", call.name()).put("arguments", call.validArguments());
                call.kept().properties().forEach(field -> one.set(field.getKey(), field.getValue()));
            });
            assistant.kept().properties().forEach(field -> json.set(field.getKey(), field.getValue()));
        }
        return json;
    }
}
