package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The reason in an error of a provider, of whatever shape: OpenAI's {@code {"message"}}, a bare text as Ollama's,
 * FastAPI's {@code {"detail":[{"loc","msg"}]}}, a list of texts as NestJS's, a gateway's that quotes another's in
 * {@code metadata.raw}.
 */
final class ProviderWords {
    private static final List<String> NAMES = List.of(
            "message",
            "detail",
            "msg",
            "error_description",
            "description",
            "reason",
            "title",
            "error",
            "errors",
            "details",
            "fault",
            "faultstring");

    /** An error within an error within an error: nobody means more. */
    private static final int MOST_DEPTH = 8;

    private static final int MOST_REASONS = 3;

    private ProviderWords() {}

    /** The words, as they came; empty where there are none. */
    static String in(JsonNode error) {
        return in(error, MOST_DEPTH);
    }

    private static String in(JsonNode said, int depth) {
        if (depth == 0 || (!said.isContainerNode() && !said.isTextual())) {
            return "";
        }
        if (said.isTextual()) {
            return quoted(said.textValue(), depth);
        }
        if (said.isArray()) {
            List<String> reasons = new ArrayList<>();
            for (JsonNode one : said) {
                String reason = in(one, depth - 1);
                if (!reason.isEmpty() && reasons.size() < MOST_REASONS) {
                    reasons.add(reason);
                }
            }
            return String.join("; ", reasons);
        }
        String place = place(said.path("loc"));
        String more = in(said.path("metadata").path("raw"), depth - 1);
        for (String name : NAMES) {
            String words = in(said.path(name), depth - 1);
            if (!words.isEmpty()) {
                return place + words + (more.isEmpty() || words.contains(more) ? "" : ": " + more);
            }
        }
        return more;
    }

    /** An error that was made a text to be passed on. */
    private static String quoted(String text, int depth) {
        String stripped = text.strip();
        if (stripped.startsWith("{") && stripped.endsWith("}")) {
            try {
                String inner = in(FrameCodec.tree(stripped), depth - 1);
                return inner.isEmpty() ? stripped : inner;
            } catch (FairleadException e) {
                return stripped; // braces, and no JSON
            }
        }
        return stripped;
    }

    private static String place(JsonNode loc) {
        List<String> steps = new ArrayList<>();
        loc.forEach(step -> steps.add(step.asText()));
        return steps.isEmpty() ? "" : String.join(".", steps) + ": ";
    }
}
