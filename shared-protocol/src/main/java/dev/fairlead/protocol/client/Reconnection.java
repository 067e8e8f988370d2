package dev.fairlead.protocol.client;

import dev.fairlead.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Decides what follows the end of a connection: another attempt, and when, or none. Holds no socket and no clock. */
final class Reconnection {
    /** A server that asks for longer than this is asked again all the same. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

    private final Backoff backoff;
    private final Set<ErrorCode> tolerated;

    /**
     * Follows one client's connection.
     *
     * @param tolerated errors that are retried although they rarely go away by themselves
     */
    Reconnection(Backoff backoff, Set<ErrorCode> tolerated) {
        this.backoff = backoff;
        this.tolerated = Set.copyOf(tolerated);
    }

    ConnectionState after(LinkEnd end) {
        Optional<ErrorCode> terminal = end.terminal().filter(code -> !tolerated.contains(code));
        if (terminal.isPresent()) {
            return new ConnectionState.Stopped(terminal, end.reason());
        }
        Duration asked = end.retryAfter().compareTo(MAX_RETRY_AFTER) < 0 ? end.retryAfter() : MAX_RETRY_AFTER;
        Duration delay = backoff.next();
        return new ConnectionState.Disconnected(end.reason(), asked.compareTo(delay) > 0 ? asked : delay);
    }

    /** The connection proved good. */
    void ready() {
        backoff.reset();
    }
}
