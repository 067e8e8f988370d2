package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.protocol.ChatFrame;
import java.time.Instant;
import java.util.Optional;

/** Something of a session that is to be kept. */
sealed interface ChatEntry {
    String sessionId();

    String turnId();

    /** A turn begins to run. */
    record Started(String sessionId, String turnId, ChatAgent.Provider provider) implements ChatEntry {}

    /** The answer grew. */
    record Piece(String sessionId, String turnId, int number, String content) implements ChatEntry {}

    /** The answer so far is void. */
    record PiecesDropped(String sessionId, String turnId) implements ChatEntry {}

    /**
     * A tool is called.
     *
     * @param expiresAt where it waits for a person: until then
     */
    record Called(String sessionId, String turnId, ToolUse use, Optional<Instant> expiresAt) implements ChatEntry {}

    /** A person let a call happen; from here on it happens at most once. */
    record Approved(String sessionId, String turnId, String callId) implements ChatEntry {}

    /** A call has come to its end. */
    record Answered(String sessionId, String turnId, ToolUse use, String status, String output) implements ChatEntry {}

    /**
     * A turn has come to its end.
     *
     * @param text the answer, or as much of it as there is
     * @param failure where it failed: what people were told
     */
    record Ended(
            String sessionId,
            String turnId,
            TurnEnd end,
            String text,
            Optional<ChatFrame.Usage> usage,
            Optional<ChatFrame.Failure> failure)
            implements ChatEntry {
        @Override
        public String toString() {
            return "Ended[" + turnId + ", " + end + "]";
        }
    }
}
