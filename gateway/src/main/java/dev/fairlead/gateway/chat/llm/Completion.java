package dev.fairlead.gateway.chat.llm;

import dev.fairlead.protocol.ChatFrame;
import java.util.List;
import java.util.Optional;

/**
 * An answer, whole.
 *
 * @param content what is for people: empty where the model only calls functions
 * @param message the same as it came, to be told again; its calls are in the order in which the model named them
 * @param end how it ended
 * @param usage empty where the endpoint does not tell
 */
record Completion(String content, ModelMessage.Assistant message, End end, Optional<ChatFrame.Usage> usage) {
    List<FunctionCall> calls() {
        return message.calls();
    }

    /** Why a model stopped. */
    enum End {
        /** It was done, or wants functions called. */
        STOP,
        /** It reached the most it may say, or the most it can hold. */
        LENGTH,
        /** The provider does not let it say that. */
        FILTERED;

        static End of(String finishReason) {
            return switch (finishReason) {
                case "length", "max_tokens" -> LENGTH;
                case "content_filter" -> FILTERED;
                default -> STOP;
            };
        }
    }
}
