package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.bus.NodeEvent;
import dev.fairlead.protocol.TokenState;
import java.time.Instant;
import java.util.Optional;

/** News of the token that this node has; never the token. */
public sealed interface TokenEvent extends NodeEvent {
    /**
     * The token came into another state. Before the first of these it is {@code unavailable}.
     *
     * @param reason for people
     */
    record StateChanged(TokenState state, Optional<String> reason, Instant at) implements TokenEvent {}
}
