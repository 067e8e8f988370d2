package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Secret;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The upstream session this node holds: the token that authenticated calls carry. The token's concern alone replaces
 * it; the concerns that call the upstream read it anew for every call. It never crosses the bus. Thread-safe.
 */
public final class UpstreamSession {
    private final AtomicReference<Optional<Secret>> token = new AtomicReference<>(Optional.empty());

    /** The newest token; empty where there is none that may still be used. */
    public Optional<Secret> token() {
        return token.get();
    }

    /** A new token came; the one before is let go only now. */
    public void renewed(Secret fresh) {
        token.set(Optional.of(fresh));
    }

    /** The token ended, and there is no other. */
    public void ended() {
        token.set(Optional.empty());
    }
}
