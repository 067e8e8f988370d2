package dev.fairlead.gateway.store;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;

/**
 * A commit was refused, for its node does not have the lease any more under which it was decided. Nothing of it is
 * kept, and what its node knows of the matter is out of date: it is dropped and read again, by whoever has the lease
 * now.
 */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String lease;

    LeaseLostException(Fence lost) {
        super("The lease " + lost.name() + " has gone from node " + lost.owner() + ", fence " + lost.number()
                + "; what was decided under it is not kept");
        this.lease = lost.name();
    }

    /** The name of the lease. */
    public String lease() {
        return lease;
    }

    /** What the peer is told whose request was decided under it: asked again it reaches the new owner. */
    public FairleadException refusal() {
        return new FairleadException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "Another node has just taken this over (" + lease + "). Nothing was changed; try again in a moment.",
                RETRY_AFTER);
    }
}
