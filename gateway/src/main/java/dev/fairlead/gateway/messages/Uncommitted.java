package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;

/** How many new messages of this node wait for a commit, whichever shard they are of. Plain state. */
final class Uncommitted {
    private int messages;
    private long bytes;

    /**
     * Refuses more messages than memory is meant for while the database is slow.
     *
     * @throws FairleadException {@code busy}
     */
    void requireRoom() {
        if (messages >= MessageRules.MAX_UNCOMMITTED || bytes >= MessageRules.MAX_UNCOMMITTED_BYTES) {
            throw new FairleadException(
                    ErrorCode.BUSY,
                    messages + " messages wait for the database already; try again in a moment",
                    Duration.ofSeconds(1));
        }
    }

    void enter(int payloadBytes) {
        messages++;
        bytes += payloadBytes;
    }

    /** They are on their way, or forgotten. */
    void leave(int some, long payloadBytes) {
        messages -= some;
        bytes -= payloadBytes;
    }
}
