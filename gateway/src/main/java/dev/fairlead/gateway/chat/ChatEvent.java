package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Event;
import java.time.Instant;
import java.util.Optional;

/** News of chats for everybody: metadata, never what was said. */
public sealed interface ChatEvent extends Event {
    Instant at();

    /** A turn began. */
    record TurnStarted(String sessionId, String turnId, String provider, Optional<String> model, Instant at)
            implements ChatEvent {}

    /**
     * A turn ended, however.
     *
     * @param reason {@code aborted} or {@code error}; empty where it was answered
     */
    record TurnEnded(
            String sessionId,
            String turnId,
            String provider,
            Optional<String> model,
            Optional<String> reason,
            Instant at)
            implements ChatEvent {}

    /**
     * A turn failed.
     *
     * @param message sanitised
     */
    record TurnFailed(String sessionId, String turnId, String code, String message, Instant at) implements ChatEvent {}
}
