package dev.fairlead.gateway.chat;

import dev.fairlead.protocol.ChatFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * What was told of the turn that runs, for a socket that joins: adjoining pieces of text as one. Thinking and status
 * that go beyond a bound lose their oldest part. Plain state.
 */
final class TurnReplay {
    private final List<ChatFrame> told = new ArrayList<>();
    private StringBuilder chunks = new StringBuilder();
    private StringBuilder thinking = new StringBuilder();
    private int passing;

    /** Takes note of a frame that was just told. */
    void told(ChatFrame frame) {
        if (frame instanceof ChatFrame.Chunk chunk) {
            if (thinking.length() > 0) {
                close();
            }
            chunks.append(chunk.content());
        } else if (frame instanceof ChatFrame.Thinking thought) {
            if (chunks.length() > 0) {
                close();
            }
            thinking.append(thought.content());
            bound(thought.content().length());
        } else if (frame instanceof ChatFrame.ChunkReset) {
            chunks = new StringBuilder();
            told.removeIf(before -> before instanceof ChatFrame.Chunk);
        } else if (frame instanceof ChatFrame.OperatorStatus status) {
            close();
            told.add(status);
            bound(status.phase().length() + status.detail().length());
        } else if (frame instanceof ChatFrame.ToolCall || frame instanceof ChatFrame.ToolResult) {
            close();
            told.add(frame);
        }
    }

    /** The frames that bring a socket to where the others are. */
    List<ChatFrame> frames() {
        close();
        return List.copyOf(told);
    }

    private void close() {
        if (thinking.length() > 0) {
            told.add(new ChatFrame.Thinking(thinking.toString()));
            thinking = new StringBuilder();
        }
        if (chunks.length() > 0) {
            told.add(new ChatFrame.Chunk(chunks.toString()));
            chunks = new StringBuilder();
        }
    }

    private void bound(int added) {
        passing += added;
        if (passing > ChatLimits.MAX_PASSING) {
            passing = 0;
            thinking = new StringBuilder();
            told.removeIf(before -> before instanceof ChatFrame.Thinking || before instanceof ChatFrame.OperatorStatus);
        }
    }

    /** A turn began or ended. */
    void clear() {
        told.clear();
        chunks = new StringBuilder();
        thinking = new StringBuilder();
        passing = 0;
    }
}
