package dev.fairlead.gateway.edge.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A stream as it stands on the wire.
 *
 * @param path below {@code /ws/}, a variable part as {@code :name}
 * @param stream the owner's name for it
 * @param parameters the query parameters it takes; others are ignored
 * @param frames what its clients may send besides {@code ping}
 * @param lag what becomes of a client that falls behind
 */
public record StreamEndpoint(String path, String stream, Set<String> parameters, ClientFrames frames, Lag lag) {
    /** What becomes of a client that falls behind by more than its outbox holds. */
    public enum Lag {
        /** What waits is dropped: it gets the state anew. */
        STATE_ANEW,
        /** As soon as the network is behind at all, nothing is put up to wait: it gets the state anew. */
        CONFLATED,
        /** What waits still leaves, and it is served what follows from there: nothing is left out. */
        READ_ON
    }

    /** A stream whose clients get the state anew. */
    public StreamEndpoint(String path, String stream, Set<String> parameters, ClientFrames frames) {
        this(path, stream, parameters, frames, Lag.STATE_ANEW);
    }

    /** A stream whose clients only listen. */
    public StreamEndpoint(String path, String stream, Set<String> parameters) {
        this(path, stream, parameters, Lag.STATE_ANEW);
    }

    /** A stream whose clients only listen. */
    public StreamEndpoint(String path, String stream, Set<String> parameters, Lag lag) {
        this(path, stream, parameters, (type, frame, now) -> Optional.empty(), lag);
    }

    /** Frames from a client change what it is shown. */
    @FunctionalInterface
    public interface ClientFrames {
        /**
         * The parameters after a frame of {@code type}; empty where the stream knows no such frame.
         *
         * @throws dev.fairlead.protocol.FairleadException where the frame is malformed
         */
        Optional<Map<String, String>> parametersAfter(String type, JsonNode frame, Map<String, String> now);
    }

    Optional<Map<String, String>> parametersAfter(String type, JsonNode frame, Map<String, String> now) {
        return frames.parametersAfter(type, frame, now);
    }
}
