package dev.fairlead.gateway.edge;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Whether this node takes work, and how much is in hand. Shared by all its edges. */
public final class Lifecycle {
    private final AtomicInteger inHand = new AtomicInteger();
    private volatile boolean draining;
    private volatile Optional<String> stuck = Optional.empty();

    /** What of this process stands still, past help from without; empty where all moves. */
    public void stuck(Optional<String> what) {
        stuck = what;
    }

    public Optional<String> stuck() {
        return stuck;
    }

    /** From now on new connections and writes are refused. */
    public void drain() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }

    /**
     * Refuses what is new while the node shuts down.
     *
     * @throws FairleadException {@code shutting_down}
     */
    public void requireOpen() {
        if (draining) {
            throw new FairleadException(
                    ErrorCode.SHUTTING_DOWN,
                    "This gateway is shutting down; try again when it is back",
                    java.time.Duration.ofSeconds(5));
        }
    }

    public void begin() {
        inHand.incrementAndGet();
    }

    public void end() {
        inHand.decrementAndGet();
    }

    /** Requests that were begun and not answered. */
    public int inHand() {
        return inHand.get();
    }
}
