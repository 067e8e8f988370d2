package dev.fairlead.gateway.traces;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.VisibleText;

/** What was said, as OpenTelemetry's conventions for generative AI have it in attributes. Plain functions. */
public final class Content {
    /** Characters of what was said that one attribute holds. */
    static final int MOST = 32 * 1024;

    private Content() {}

    /** The one message of a user's, for {@code gen_ai.input.messages}. */
    public static String ofUser(String said) {
        ArrayNode messages = message("user", said);
        return FrameCodec.text(messages);
    }

    /** The whole answer, for {@code gen_ai.output.messages}. */
    public static String ofAssistant(String said) {
        ArrayNode messages = message("assistant", said);
        ((ObjectNode) messages.get(0)).put("finish_reason", "stop");
        return FrameCodec.text(messages);
    }

    /** A text as far as an attribute holds it, and never half a character. */
    public static String cut(String text) {
        return VisibleText.cut(text, MOST);
    }

    private static ArrayNode message(String role, String said) {
        ArrayNode messages = FrameCodec.object().putArray("messages");
        messages.addObject()
                .put("role", role)
                .putArray("parts")
                .addObject()
                .put("type", "text")
                .put("content", cut(said));
        return messages;
    }
}
