package dev.fairlead.gateway.edge.intake;

import java.util.HashMap;
import java.util.Map;

/** Bytes that all clients together may make the gateway hold, and each address. May be used from any thread. */
public final class ByteBudget {
    private final long most;
    private final long mostOfOne;
    private final Map<String, Long> byShare = new HashMap<>();
    private long held;

    /**
     * With bounds.
     *
     * @param most bytes at a time
     * @param mostOfOne bytes of one {@link AddressShare}
     */
    public ByteBudget(long most, long mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Takes bytes where there are as many left; {@link #give} brings them back. */
    public synchronized boolean tryTake(String share, long bytes) {
        if (held + bytes > most || byShare.getOrDefault(share, 0L) + bytes > mostOfOne) {
            return false;
        }
        take(share, bytes);
        return true;
    }

    /** Takes bytes that are there already, whether or not they fit. */
    synchronized void take(String share, long bytes) {
        held += bytes;
        byShare.merge(share, bytes, Long::sum);
    }

    public synchronized void give(String share, long bytes) {
        held -= bytes;
        byShare.computeIfPresent(share, (ignored, before) -> before <= bytes ? null : before - bytes);
    }

    /** Whether that address holds more than its share, or all together more than there is. */
    synchronized boolean isOver(String share) {
        return held > most || byShare.getOrDefault(share, 0L) > mostOfOne;
    }

    /** How many are held now. */
    public synchronized long held() {
        return held;
    }
}
