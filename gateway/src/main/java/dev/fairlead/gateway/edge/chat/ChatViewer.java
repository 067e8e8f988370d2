package dev.fairlead.gateway.edge.chat;

import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.streams.EncodedFrames;

/** Who looks at a session of a chat, on one edge. */
public interface ChatViewer {
    /** What happened in the session. */
    void take(ChatDelivery.Frames frames);

    /** The session was deleted. */
    void gone();

    /** What happened elsewhere in the fleet; few want to know. */
    default void pass(EncodedFrames frame) {}
}
