package dev.fairlead.gateway.upstream;

import java.util.Collection;

/**
 * A client's side of one session of a feed, without its socket: plain state, told what happens, that says what to send
 * to whoever made it, and what becomes of it to a {@link QuoteFeed.Listener}.
 */
public interface FeedProtocol {
    /** The connection is there. */
    void opened();

    /** A whole text message came. */
    void received(byte[] message);

    /** The connection is gone; {@code why} is for people. */
    void closed(String why);

    void subscribe(Collection<String> symbols);

    void unsubscribe(Collection<String> symbols);

    /** Lets time have its effect; called every so often. */
    void tick();
}
