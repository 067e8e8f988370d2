package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;

/** What a model is told of a conversation. */
sealed interface ModelMessage {

    /** What it is and how it shall behave. */
    record Instruction(String content) implements ModelMessage {}

    record User(String content) implements ModelMessage {}

    /**
     * What it said itself, and what it wanted called.
     *
     * @param kept what else came with it; goes back with it where functions were called, for its thoughts then go on
     */
    record Assistant(String content, List<FunctionCall> calls, ObjectNode kept) implements ModelMessage {
        public Assistant {
            calls = List.copyOf(calls);
        }

        Assistant(String content, List<FunctionCall> calls) {
            this(content, calls, FrameCodec.object());
        }
    }

    /** What a function gave, or why it gave nothing. */
    record Output(String callId, String content) implements ModelMessage {}
}
