package dev.fairlead.gateway.edge.intake;

import java.util.HashMap;
import java.util.Map;

/** How many connections are open in this process, in all and from each address. May be used from any thread. */
public final class ConnectionCount {
    private final int most;
    private final int mostOfOne;
    private final Map<String, Integer> byShare = new HashMap<>();
    private int open;

    /**
     * With bounds.
     *
     * @param most connections at a time
     * @param mostOfOne connections from one {@link AddressShare}
     */
    public ConnectionCount(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /**
     * Counts a connection; {@link #leave} takes it out again.
     *
     * @param forMany it comes from a proxy and stands for many clients: it has no share of its own
     * @return false where there is no room for it; it was not counted then
     */
    synchronized boolean enter(String share, boolean forMany) {
        int ofOne = byShare.getOrDefault(share, 0);
        if (open >= most || (ofOne >= mostOfOne && !forMany)) {
            return false;
        }
        open++;
        byShare.put(share, ofOne + 1);
        return true;
    }

    synchronized void leave(String share) {
        open--;
        byShare.computeIfPresent(share, (ignored, count) -> count == 1 ? null : count - 1);
    }

    /** How many are open now. */
    public synchronized int open() {
        return open;
    }
}
