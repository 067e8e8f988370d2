package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Secret;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** A connection that an upstream's token stands or falls with. Opened and closed on one event loop. */
public interface PrivateConnection {
    /** The upstream does not accept the token it was opened with; another one may serve. */
    final class TokenNotAccepted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public TokenNotAccepted(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Opens it with a token no connection has used before.
     *
     * @param lost told once, why, when a connection that was open ends by itself
     * @return when the upstream has accepted it; fails with {@link TokenNotAccepted}, or with a message for people
     */
    Future<Void> open(Secret token, Consumer<String> lost);

    Future<Void> close();
}
