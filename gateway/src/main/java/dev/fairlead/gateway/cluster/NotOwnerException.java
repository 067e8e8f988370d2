package dev.fairlead.gateway.cluster;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;
import java.util.Optional;

/** This node was to act for something that it does not own. */
public final class NotOwnerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String owner; // null where nobody is known to own it

    public NotOwnerException(LeaseName name, Optional<String> owner) {
        super("This node does not own " + name + "; "
                + owner.map(node -> "node " + node + " does").orElse("nobody is known to at this moment"));
        this.name = name.text();
        this.owner = owner.orElse(null);
    }

    /** What the peer is told whose request came here: asked again it reaches the owner. */
    public FairleadException refusal() {
        return new FairleadException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "This node does not keep this any more (" + name
                        + owner().map(node -> ", node " + node + " does").orElse("")
                        + "). Nothing was changed; try again in a moment.",
                Duration.ofSeconds(1));
    }

    public LeaseName name() {
        return new LeaseName(name);
    }

    /** The node to ask instead. */
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }
}
