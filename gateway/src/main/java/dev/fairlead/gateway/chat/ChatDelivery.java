package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.gateway.streams.EncodedFrames;

/** What the edges of a node are told for the sockets of its chats, at the chats' place. */
public sealed interface ChatDelivery extends Event {
    /**
     * New frames of a session, encoded once for all of its sockets.
     *
     * @param position after them; it rises over all sessions of a node
     * @param except the socket that gets none of it, as {@link ChatCommands.Say#origin}; empty for none
     */
    record Frames(String sessionId, long position, EncodedFrames frames, String except) implements ChatDelivery {}

    /** The session was deleted. */
    record Gone(String sessionId) implements ChatDelivery {}
}
