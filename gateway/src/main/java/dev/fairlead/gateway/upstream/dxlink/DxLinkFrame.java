package dev.fairlead.gateway.upstream.dxlink;

import dev.fairlead.gateway.upstream.MarketQuote;
import java.util.List;
import java.util.OptionalLong;

/** What a DXLink server says, as far as quotes need it. */
sealed interface DxLinkFrame {
    /**
     * The server's terms.
     *
     * @param keepaliveSeconds how long the server bears our silence, where it says so
     */
    record Setup(OptionalLong keepaliveSeconds) implements DxLinkFrame {}

    record AuthState(boolean authorized) implements DxLinkFrame {}

    record ChannelOpened(int channel) implements DxLinkFrame {}

    record ChannelClosed(int channel) implements DxLinkFrame {}

    /**
     * The form that quotes come in.
     *
     * @param changed whether values stand in another order from now on
     */
    record FeedConfig(boolean changed) implements DxLinkFrame {}

    /**
     * Quotes, symbols as the feed has them.
     *
     * @param unreadable whether there was more that does not fit the fields agreed on
     */
    record FeedData(List<MarketQuote> quotes, boolean unreadable) implements DxLinkFrame {
        public FeedData {
            quotes = List.copyOf(quotes);
        }
    }

    record Keepalive() implements DxLinkFrame {}

    /**
     * Something went wrong for the server: with the connection, or with one channel alone.
     *
     * @param channel 0 for the connection
     * @param error one of the protocol's own codes, else {@code UNKNOWN}
     * @param message for people, bounded and without what could be a token
     */
    record Failure(int channel, String error, String message) implements DxLinkFrame {}

    /** Something a later version may say. */
    record Other() implements DxLinkFrame {}
}
