package dev.fairlead.gateway.chat.llm;

import java.util.List;

/** What a model is told of a conversation. */
sealed interface ModelMessage {

    /** What it is and how it shall behave. */
    record Instruction(String content) implements ModelMessage {}

    record User(String content) implements ModelMessage {}

    /** What it said itself, and what it wanted called. */
    record Assistant(String content, List<FunctionCall> calls) implements ModelMessage {
        public Assistant {
            calls = List.copyOf(calls);
        }
    }

    /** What a function gave, or why it gave nothing. */
    record Output(String callId, String content) implements ModelMessage {}
}
