package dev.fairlead.gateway.upstream;

import io.vertx.core.Future;

/** Where the upstream's token comes from. Used on the event loop of its concern. */
public interface TokenSource {
    /**
     * Fetches a new token once, without any retry of its own; the ones before stay good until they expire.
     *
     * @return fails with a {@link TokenRefusal} alone
     */
    Future<TokenGrant> fetch();
}
