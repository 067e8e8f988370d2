package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Content of ACP as text, for people. */
final class ContentText {
    /** Characters shown of what a tool gave. */
    static final int MOST_OUTPUT = 30_000;

    private static final String CUT = "… (cut: it is longer)";

    private ContentText() {}

    /** A block of an answer; what is no text is named. */
    static String block(JsonNode content) {
        String name = content.path("name").asText(content.path("uri").asText());
        return switch (content.path("type").asText()) {
            case "text" -> content.path("text").asText();
            case "resource_link" -> "[" + name + "](" + content.path("uri").asText() + ")";
            case "resource" ->
                content.path("resource")
                        .path("text")
                        .asText("[" + content.path("resource").path("uri").asText() + "]");
            case "image", "audio" -> "[" + content.path("type").asText() + "]";
            default -> "";
        };
    }

    /** The content of a tool call, diffs as such. */
    static String of(JsonNode content) {
        List<String> parts = new ArrayList<>();
        for (JsonNode part : content) {
            switch (part.path("type").asText()) {
                case "content" -> parts.add(block(part.path("content")));
                case "diff" ->
                    parts.add(TextDiff.of(
                            part.path("path").asText(),
                            Optional.of(part.path("oldText"))
                                    .filter(JsonNode::isTextual)
                                    .map(JsonNode::textValue),
                            part.path("newText").asText()));
                case "terminal" ->
                    parts.add("[terminal " + part.path("terminalId").asText() + "]");
                default -> {
                    // A kind of a later version: there is no way to show it.
                }
            }
        }
        parts.removeIf(String::isBlank);
        return cut(String.join("\n", parts), MOST_OUTPUT);
    }

    /** Any value: a text as it is, else its JSON. */
    static String raw(JsonNode value) {
        return value.isTextual()
                ? cut(value.textValue(), MOST_OUTPUT)
                : value.isMissingNode() || value.isNull() ? "" : cut(FrameCodec.text(value), MOST_OUTPUT);
    }

    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - CUT.length()) + CUT;
    }
}
