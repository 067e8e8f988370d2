package dev.fairlead.gateway.streams;

import dev.fairlead.gateway.bus.Request;
import java.util.Map;
import java.util.Optional;

/** What an edge asks of a stream's owner on its node. */
public final class StreamCommands {
    private StreamCommands() {}

    /** The bus place of a stream on a node. */
    public static String place(String node, String stream) {
        return node + '/' + stream;
    }

    /**
     * Takes a socket into a stream, or back into it.
     *
     * @param parameters the filter, as {@link StreamDefinition#view} takes it
     * @param since where the client left off, as it was told; empty for the state now
     * @param lag the position a socket had reached when it fell behind and its frames were dropped: it gets a snapshot
     *     that says {@code resync}, or, where a stream can read on from any position, what follows that one
     */
    public record Subscribe(Map<String, String> parameters, Optional<String> since, Optional<Long> lag)
            implements Request<Subscribed> {}

    /**
     * The first frames for that socket.
     *
     * @param view what later {@link StreamEvent.Frames} of the same filter carry
     * @param position where these frames end; the next ones start there
     * @param frames a snapshot, or {@code resumed} and what was missed
     * @param more whether there is more to fetch before live frames fit on; ask again from {@code position}
     */
    public record Subscribed(String view, long position, EncodedFrames frames, boolean more) {}
}
