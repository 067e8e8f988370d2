package dev.fairlead.protocol.client;

import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/** How a connection ended, or why there was none. */
sealed interface LinkEnd {

    /** For a person: what happened. */
    String reason();

    /** The error that makes another attempt useless until something changes. */
    default Optional<ErrorCode> terminal() {
        return Optional.empty();
    }

    /** How long the server asked to be left alone. */
    default Duration retryAfter() {
        return Duration.ZERO;
    }

    /** No connection, no answer, or none in time. */
    record Unreachable(String reason) implements LinkEnd {}

    /** Nothing was heard for that long on a connection that looks open. */
    record HalfOpen(Duration silence) implements LinkEnd {
        @Override
        public String reason() {
            return "Nothing heard for " + silence.toMillis() / 1000.0 + " s; the link is dead";
        }
    }

    /** The peer does not speak the protocol. */
    record Garbled(String reason) implements LinkEnd {}

    /** The upgrade was answered with an HTTP status instead. */
    record Refused(int status, String message, Duration retryAfter) implements LinkEnd {
        @Override
        public String reason() {
            return "The gateway refused the connection (HTTP " + status + ")"
                    + (message.isEmpty() ? "" : ": " + message);
        }

        @Override
        public Optional<ErrorCode> terminal() {
            return switch (status) {
                case 400 -> Optional.of(ErrorCode.BAD_REQUEST);
                case 401 -> Optional.of(ErrorCode.UNAUTHORIZED);
                case 403 -> Optional.of(ErrorCode.FORBIDDEN);
                case 404 -> Optional.of(ErrorCode.NOT_FOUND);
                default -> Optional.empty();
            };
        }
    }

    /** Closed by the peer, with a code; 1006 stands for none. */
    record Closed(int code, String message) implements LinkEnd {
        @Override
        public String reason() {
            String why = terminal().filter(ErrorCode.REPLACED::equals).isPresent()
                    ? "Another connection of the same agent took over"
                    : "The gateway closed the connection";
            return why + " (" + code + ")" + (message.isEmpty() ? "" : ": " + message);
        }

        @Override
        public Optional<ErrorCode> terminal() {
            return CloseCode.of(code).filter(CloseCode::terminal).map(known -> switch (known) {
                case BAD_QUERY -> ErrorCode.BAD_REQUEST;
                case UNAUTHORIZED -> ErrorCode.UNAUTHORIZED;
                case FORBIDDEN -> ErrorCode.FORBIDDEN;
                case REPLACED -> ErrorCode.REPLACED;
                default -> ErrorCode.NOT_FOUND;
            });
        }
    }
}
