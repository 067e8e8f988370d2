package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;

/**
 * The functions that a model may call, as a request names them. They are most of a request, and written once for all
 * that name the same. Immutable.
 */
final class Functions {
    /** For a model that shall only speak. */
    static final Functions NONE = new Functions(List.of());

    private final SerializedString json;
    private final boolean empty;

    Functions(List<FunctionSpec> all) {
        this.empty = all.isEmpty();
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        all.forEach(function -> tools.add(json(function)));
        this.json = new SerializedString(FrameCodec.text(tools));
    }

    boolean isEmpty() {
        return empty;
    }

    /** What they add to a request, in characters of JSON. */
    int characters() {
        return empty ? 0 : ",\"tools\":".length() + json.asUnquotedUTF8().length;
    }

    /** The list as it stands in a request. */
    RawValue json() {
        return new RawValue(json);
    }

    private static ObjectNode json(FunctionSpec function) {
        ObjectNode json = FrameCodec.object().put("type", "function");
        json.putObject("function")
                .put("name", function.name())
                .put("description", function.description())
                .set("parameters", function.parameters());
        return json;
    }
}
