package dev.fairlead.gateway.messages;

import java.util.Optional;

/** Which payloads stay in memory between acceptance and the first delivery: a bounded number of bytes. Plain state. */
final class PayloadCache {
    private static final long MAX_BYTES = 32L * 1024 * 1024;

    private long bytes;

    /**
     * Whether the message may hold on to its payload.
     *
     * @param near whether it is about to be delivered
     */
    boolean keep(QueuedMessage message, boolean near) {
        if (message.payloadCached) {
            return true;
        }
        if (!near || bytes + message.accepted.payloadBytes() > MAX_BYTES) {
            return false;
        }
        message.payloadCached = true;
        bytes += message.accepted.payloadBytes();
        return true;
    }

    void drop(QueuedMessage message) {
        message.payload = Optional.empty();
        if (message.payloadCached) {
            message.payloadCached = false;
            bytes -= message.accepted.payloadBytes();
        }
    }

    long bytes() {
        return bytes;
    }
}
