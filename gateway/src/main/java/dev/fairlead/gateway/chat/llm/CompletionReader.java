package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts an answer together from its pieces, {@code chat.completion.chunk}s or one {@code chat.completion}, and tells
 * text as it comes. Servers differ in what they leave out; what can be understood is.
 */
final class CompletionReader {
    /** Of an answer, of what the model says to itself, and of what is kept for its provider, in characters each. */
    static final int MOST_TEXT = 256 * 1024;

    private static final List<String> THOUGHTS =
            List.of("reasoning_content", "reasoning", "reasoning_text", "thinking");
    private static final Set<String> READ =
            Set.of("role", "content", "refusal", "tool_calls", "function_call", "audio");

    private final ProviderErrors errors;
    private final CompletionListener listener;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder raw = new StringBuilder();
    private final PartialCalls calls = new PartialCalls();
    private final KeptFields kept = new KeptFields();
    private final PieceForm form = new PieceForm();
    private final ThinkTags tags = new ThinkTags(this::thought, this::said);
    private int thought;
    private int keptSize;
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
    void read(byte[] json) {
        Optional<String> piece = form.text(json);
        if (piece.isPresent()) {
            speak(piece.get());
        } else {
            readParsed(json);
        }
    }

    private void readParsed(byte[] json) {
        JsonNode chunk = parse(json)
                .orElseThrow(() -> ModelFailure.of(
                        ModelFailure.Kind.PROTOCOL,
                        (hasBegun()
                                        ? "The model's endpoint sent something that is no JSON object after "
                                                + (content.length() + thought) + " characters of its answer"
                                        : "What answers at llm.base_url is not an OpenAI-compatible endpoint: it sent"
                                                + " something that is no JSON object")
                                + errors.quoted(text(json))));
        if (ProviderErrors.isError(chunk)) {
            throw errors.within(chunk);
        }
        readUsage(chunk.path("usage"));
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt() == 0) { // we ask for one
                readChoice(choice);
            }
        }
        form.learn(json, chunk);
    }

    /** What came under the name of an error: JSON or not. */
    ModelFailure error(byte[] said) {
        return errors.within(parse(said).<JsonNode>map(tree -> tree).orElseGet(() -> FrameCodec.toTree(text(said))));
    }

    /** Whether it is what {@link #read} takes. */
    static boolean isChunk(byte[] json) {
        return parse(json).isPresent();
    }

    /** Whether anything of an answer has come: from then on the request cannot be repeated unnoticed. */
    boolean hasBegun() {
        return raw.length() > 0 || thought > 0 || !calls.isEmpty();
    }

    /** Whether the model has said that it is done, whatever else the server may send. */
    boolean isFinished() {
        return finishReason.isPresent();
    }

    /** The answer, once there is no more to come. */
    Completion completion() {
        tags.end();
        return new Completion(
                content.toString(),
                new ModelMessage.Assistant(raw.toString(), calls.whole(), kept.tree()),
                Completion.End.of(finishReason.orElse("stop")),
                usage);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private static Optional<JsonNode> parse(byte[] json) {
        return tree(() -> FrameCodec.tree(json))
                .or(() -> tree(() -> FrameCodec.tree(text(json)))) // where it is no UTF-8, with signs in its place
                .map(tree -> tree.isArray() && tree.size() == 1 && tree.get(0).hasNonNull("error") // Google's
                        ? tree.get(0)
                        : tree)
                .filter(JsonNode::isObject);
    }

    private static Optional<JsonNode> tree(Supplier<JsonNode> parsed) {
        try {
            return Optional.of(parsed.get());
        } catch (FairleadException e) {
            return Optional.empty(); // its own message is about frames of ours
        }
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
        keep(said);
        think(said);
        speak(said.path("content"));
        speak(said.path("refusal")); // what it says instead of an answer
        said.path("tool_calls").forEach(calls::take);
        String reason = choice.path("finish_reason").asText("");
        if (reason.equals("error")) {
            throw errors.within(choice.path("error").isMissingNode() ? FrameCodec.object() : choice.path("error"));
        }
        if (!reason.isEmpty()) {
            finishReason = Optional.of(reason);
        }
    }

    private void keep(JsonNode said) {
        said.properties().forEach(field -> {
            if (!READ.contains(field.getKey())) {
                JsonNode value = field.getValue();
                keptSize += value.isTextual()
                        ? value.textValue().length()
                        : value.toString().length();
            }
        });
        bound(keptSize, 2 * MOST_TEXT, "thought"); // some send each piece under two names
        kept.take(said, READ);
    }

    private void think(JsonNode said) {
        for (String name : THOUGHTS) {
            if (said.path(name).isTextual()) {
                thought(said.get(name).textValue());
                return;
            }
        }
        for (JsonNode detail : said.path("reasoning_details")) {
            thought(detail.path("text").asText(detail.path("summary").asText("")));
        }
    }

    private void thought(String text) {
        if (!text.isEmpty()) {
            thought += text.length();
            bound(thought, MOST_TEXT, "thought");
            listener.thinking(text);
        }
    }

    /** Text, or a list of typed parts as some providers send it. */
    private void speak(JsonNode said) {
        if (said.isArray()) {
            for (JsonNode part : said) {
                speak(part.path("text"));
                part.path("thinking")
                        .forEach(thinking -> thought(thinking.path("text").asText("")));
            }
        } else if (said.isTextual()) {
            speak(said.textValue());
        }
    }

    private void speak(String text) {
        if (!text.isEmpty()) {
            bound(raw.length() + text.length(), MOST_TEXT, "answer");
            raw.append(text);
            tags.take(text);
        }
    }

    private void said(String text) {
        content.append(text);
        listener.content(text);
    }

    static void bound(int size, int most, String what) {
        if (size > most) {
            throw ModelFailure.of(
                    ModelFailure.Kind.PROTOCOL, "The model's " + what + " is longer than " + most + " and was cut off");
        }
    }
}
