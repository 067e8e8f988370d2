package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;

/** Results of tools as clients are answered them: text for those who read, and the same structured. */
final class ToolResult {
    /** Of a text, in characters; clients read events of 1 MiB, and it stands in one twice. */
    private static final int MOST_TEXT = 200_000;

    private ToolResult() {}

    /** Of what a tool answered, as JSON. */
    static ObjectNode of(String json) {
        boolean whole = json.length() <= MOST_TEXT;
        ObjectNode result =
                text(whole ? json : json.substring(0, MOST_TEXT) + "… (cut: the result is longer; ask for less)");
        if (whole) {
            JsonNode tree = FrameCodec.tree(json);
            result.set(
                    "structuredContent",
                    tree.isObject() ? tree : FrameCodec.object().set("result", tree));
        }
        return result;
    }

    /** Of what is known, with a sentence for those who read. */
    static ObjectNode of(String sentence, ObjectNode structured) {
        return text(sentence).set("structuredContent", structured);
    }

    /** One that says why nothing was done, for the model to read. */
    static ObjectNode refused(FairleadException refusal) {
        return failed(refusal.getMessage());
    }

    /** As {@link #refused}. */
    static ObjectNode failed(String why) {
        return text(why).put("isError", true);
    }

    private static ObjectNode text(String text) {
        ObjectNode result = FrameCodec.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }
}
