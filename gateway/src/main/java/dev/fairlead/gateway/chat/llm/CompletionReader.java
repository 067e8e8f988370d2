package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts an answer together from its pieces, {@code chat.completion.chunk}s or one {@code chat.completion}, and tells
 * text as it comes. Servers differ in what they leave out; what can be understood is.
 */
final class CompletionReader {
    /** Of an answer, of what the model says to itself, and of a call's arguments, in characters each. */
    static final int MOST_TEXT = 256 * 1024;

    static final int MOST_ARGUMENTS = 64 * 1024;

    static final int MOST_CALLS = 64;

    private static final class PartialCall {
        private String id = "";
        private String name = "";
        private final int index;
        private final StringBuilder arguments = new StringBuilder();

        PartialCall(int index) {
            this.index = index;
        }
    }

    private final ProviderErrors errors;
    private final CompletionListener listener;
    private final StringBuilder content = new StringBuilder();
    private final List<PartialCall> calls = new ArrayList<>();
    private int thought;
    private Optional<String> finishReason = Optional.empty();
    private Optional<ChatFrame.Usage> usage = Optional.empty();

    CompletionReader(ProviderErrors errors, CompletionListener listener) {
        this.errors = errors;
        this.listener = listener;
    }

    /**
     * Takes a chunk, or the whole answer of a server that does not stream.
     *
     * @throws ModelFailure for what is no such thing, is too much, or tells an error
     */
    void read(String json) {
        JsonNode chunk = parse(json);
        if (chunk.hasNonNull("error")) {
            throw errors.within(chunk.get("error"));
        }
        readUsage(chunk.path("usage"));
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt() == 0) { // we ask for one
                readChoice(choice);
            }
        }
    }

    /** Whether anything of an answer has come: from then on the request cannot be repeated unnoticed. */
    boolean hasBegun() {
        return content.length() > 0 || thought > 0 || !calls.isEmpty();
    }

    /** Whether the model has said that it is done, whatever else the server may send. */
    boolean isFinished() {
        return finishReason.isPresent();
    }

    /** The answer, once there is no more to come. */
    Completion completion() {
        List<FunctionCall> whole = new ArrayList<>();
        for (PartialCall call : calls) {
            if (call.name.isEmpty()) {
                throw ModelFailure.of(
                        ModelFailure.Kind.PROTOCOL, "The model's endpoint sent a function call without a name");
            }
            String id = call.id.isEmpty() ? "call_" + whole.size() : call.id;
            whole.add(new FunctionCall(id, call.name, call.arguments.toString()));
        }
        return new Completion(content.toString(), whole, Completion.End.of(finishReason.orElse("stop")), usage);
    }

    private static JsonNode parse(String json) {
        try {
            JsonNode tree = FrameCodec.tree(json);
            if (tree.isObject()) {
                return tree;
            }
        } catch (FairleadException e) {
            // told below: its own message is about frames of ours
        }
        throw ModelFailure.of(
                ModelFailure.Kind.PROTOCOL,
                "What answers at llm.base_url is not an OpenAI-compatible endpoint: it sent something that is no JSON"
                        + " object");
    }

    private void readUsage(JsonNode told) {
        if (told.isObject()) {
            usage = Optional.of(new ChatFrame.Usage(
                    Math.max(0, told.path("prompt_tokens").asLong()),
                    Math.max(0, told.path("completion_tokens").asLong())));
        }
    }

    private void readChoice(JsonNode choice) {
        JsonNode said = choice.path("delta").isObject() ? choice.get("delta") : choice.path("message");
        think(said.path("reasoning_content").isTextual() ? said.get("reasoning_content") : said.path("reasoning"));
        speak(said.path("content"));
        speak(said.path("refusal")); // what it says instead of an answer
        for (JsonNode call : said.path("tool_calls")) {
            readCall(call);
        }
        String reason = choice.path("finish_reason").asText("");
        if (!reason.isEmpty() && !choice.path("finish_reason").isNull()) {
            finishReason = Optional.of(reason);
        }
    }

    private void think(JsonNode text) {
        if (text.isTextual() && !text.textValue().isEmpty()) {
            thought += text.textValue().length();
            bound(thought, MOST_TEXT, "thought");
            listener.thinking(text.textValue());
        }
    }

    /** Text, or a list of typed parts as some providers send it. */
    private void speak(JsonNode said) {
        if (said.isArray()) {
            for (JsonNode part : said) {
                speak(part.path("text"));
                part.path("thinking").forEach(thinking -> think(thinking.path("text")));
            }
        } else if (said.isTextual() && !said.textValue().isEmpty()) {
            bound(content.length() + said.textValue().length(), MOST_TEXT, "answer");
            content.append(said.textValue());
            listener.content(said.textValue());
        }
    }

    private void readCall(JsonNode piece) {
        String id = piece.path("id").asText("");
        PartialCall call = callOf(piece, id);
        if (call.id.isEmpty() && !piece.path("id").isNull()) {
            call.id = id;
        }
        JsonNode function = piece.path("function");
        if (call.name.isEmpty() && function.path("name").isTextual()) {
            call.name = function.get("name").textValue();
        }
        JsonNode arguments = function.path("arguments");
        if (arguments.isTextual()) {
            call.arguments.append(arguments.textValue());
        } else if (arguments.isObject()) {
            call.arguments.append(arguments);
        }
        bound(call.arguments.length(), MOST_ARGUMENTS, "function call");
    }

    /** Pieces belong together by their index; servers that leave it out, or send 0 always, are told apart by id. */
    private PartialCall callOf(JsonNode piece, String id) {
        int last = calls.size() - 1;
        boolean another = last >= 0 && !id.isEmpty() && !calls.get(last).id.isEmpty() && !id.equals(calls.get(last).id);
        if (piece.path("index").isInt()) {
            int index = piece.get("index").intValue();
            for (int i = last; i >= 0; i--) {
                PartialCall known = calls.get(i);
                if (known.index == index && (id.isEmpty() || known.id.isEmpty() || known.id.equals(id))) {
                    return known;
                }
            }
            return add(index);
        }
        return last < 0 || another ? add(calls.size()) : calls.get(last);
    }

    private PartialCall add(int index) {
        bound(calls.size() + 1, MOST_CALLS, "list of function calls");
        PartialCall call = new PartialCall(index);
        calls.add(call);
        return call;
    }

    private static void bound(int size, int most, String what) {
        if (size > most) {
            throw ModelFailure.of(
                    ModelFailure.Kind.PROTOCOL, "The model's " + what + " is longer than " + most + " and was cut off");
        }
    }
}
