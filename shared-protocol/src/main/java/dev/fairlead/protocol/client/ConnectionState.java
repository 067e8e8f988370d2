package dev.fairlead.protocol.client;

import dev.fairlead.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/** What a client's connection does. No text in it holds a token. */
public sealed interface ConnectionState {

    /** An attempt is under way. */
    record Connecting() implements ConnectionState {}

    /** An agent is registered; a stream has sent its first frame. */
    record Ready() implements ConnectionState {}

    /** Not connected; the next attempt comes by itself. */
    record Disconnected(String reason, Duration retryIn) implements ConnectionState {}

    /**
     * Over, and the client does nothing more by itself.
     *
     * @param code why; empty where the client was closed by its owner
     * @param reason says what to do
     */
    record Stopped(Optional<ErrorCode> code, String reason) implements ConnectionState {}
}
