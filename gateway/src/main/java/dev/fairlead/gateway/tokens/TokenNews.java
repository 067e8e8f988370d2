package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.protocol.TokenReport;

/** What the node that has the token tells the others of it; never the token. */
public sealed interface TokenNews extends Event {
    /** Something about the token changed, its last use among it. */
    record Changed(String node, TokenReport token) implements TokenNews {}
}
