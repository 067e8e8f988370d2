package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.protocol.ChatFrame;
import java.time.Instant;
import java.util.Optional;

/** Something of a session that is to be kept. {@code n} is the number of the frame that tells it. */
sealed interface ChatEntry {
    String sessionId();

    String turnId();

    /** More numbers may be shown. */
    record Reserved(String sessionId, String turnId) implements ChatEntry {}

    /** A question waits for its turn. */
    record Queued(String sessionId, String turnId, long n) implements ChatEntry {}

    /**
     * A turn begins to run.
     *
     * @param n of its question
     */
    record Started(String sessionId, String turnId, ChatAgent.Provider provider, long n) implements ChatEntry {}

    /**
     * The answer grew.
     *
     * @param n of the last chunk in it
     */
    record Piece(String sessionId, String turnId, long n, String content) implements ChatEntry {}

    /** The answer so far is void. */
    record PiecesDropped(String sessionId, String turnId) implements ChatEntry {}

    /**
     * A tool is called.
     *
     * @param expiresAt where it waits for a person: until then
     */
    record Called(String sessionId, String turnId, ToolUse use, Optional<Instant> expiresAt, long n)
            implements ChatEntry {}

    /** A person let a call happen; from here on it happens at most once. */
    record Approved(String sessionId, String turnId, String callId) implements ChatEntry {}

    /** Nobody can tell whether a call took effect: it waits for a person. */
    record Doubted(String sessionId, String turnId, ToolUse use, Instant expiresAt, long n) implements ChatEntry {}

    /** A call has come to its end. */
    record Answered(String sessionId, String turnId, ToolUse use, String status, String output, long n)
            implements ChatEntry {}

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
            Optional<ChatFrame.Failure> failure,
            long n)
            implements ChatEntry {
        @Override
        public String toString() {
            return "Ended[" + turnId + ", " + end + "]";
        }
    }
}
