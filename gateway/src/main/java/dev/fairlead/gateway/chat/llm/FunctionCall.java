package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;

/**
 * A model wants a function called.
 *
 * @param id by which its output is given back
 * @param arguments as the model wrote them: what should be a JSON object, and may be none
 * @param kept what else came with the call; goes back with it
 */
record FunctionCall(String id, String name, String arguments, ObjectNode kept) {
    FunctionCall(String id, String name, String arguments) {
        this(id, name, arguments, FrameCodec.object());
    }

    /** The arguments as they are told again: an endpoint refuses a conversation in which they are no JSON. */
    String validArguments() {
        return PartialCalls.isObject(arguments.strip()) ? arguments : "{}";
    }
}
