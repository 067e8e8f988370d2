package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.gateway.streams.EncodedFrames;

/** What the edges of a node are told for the sockets of its chats, at the chats' place. */
public sealed interface ChatDelivery extends Event {
    /**
     * New frames of a session, encoded once for all of its sockets.
     *
     * @param position after them; it rises over all sessions of a node
     * @param n the number of the last of them
     * @param except the socket that gets none of it, as {@link ChatCommands.Say#origin}; empty for none
     */
    record Frames(String sessionId, long position, long n, EncodedFrames frames, String except)
            implements ChatDelivery {}

    /** The session was deleted. */
    record Gone(String sessionId) implements ChatDelivery {}

    /** The session it is about. */
    String sessionId();

    /**
     * The same, as the node tells it that has the session, to another whose sockets follow it. Told at that one's
     * {@link ChatCommands#relay}.
     */
    record Relayed(String home, ChatDelivery told) implements Event {}
}
