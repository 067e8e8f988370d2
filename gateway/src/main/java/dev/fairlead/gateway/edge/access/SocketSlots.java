package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.edge.intake.AddressShare;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the WebSockets of one node: by address, and those that have not said who they are. Shared by all its edges.
 */
public final class SocketSlots {
    private final Settings.Ws limits;
    private final int mostUnregisteredOfOne;
    private final Map<String, Integer> byShare = new HashMap<>();
    private final Map<String, Integer> unregisteredByShare = new HashMap<>();
    private int unregistered;

    public SocketSlots(Settings.Ws limits, Settings.Http http) {
        this.limits = limits;
        this.mostUnregisteredOfOne = http.shareOf(limits.maxUnregistered());
    }

    /**
     * Takes a slot for a socket from {@code address}; {@link #leave} gives it back.
     *
     * @throws FairleadException {@code too_many_requests}, naming the setting
     */
    public synchronized void enter(String address) {
        boolean loopback = Gatekeeper.isLoopback(address);
        int most = loopback ? limits.maxPerAddressLoopback() : limits.maxPerAddress();
        String share = AddressShare.of(address);
        int now = byShare.getOrDefault(share, 0);
        if (now >= most) {
            throw full(loopback ? "ws.max_per_address_loopback" : "ws.max_per_address", most, "from one address");
        }
        byShare.put(share, now + 1);
    }

    public synchronized void leave(String address) {
        leave(byShare, AddressShare.of(address));
    }

    /**
     * Takes a slot for a socket that is open without registration; {@link #leaveUnregistered} gives it back. One
     * address leaves some to others.
     *
     * @throws FairleadException {@code too_many_requests}, naming the setting
     */
    public synchronized void enterUnregistered(String address) {
        String share = AddressShare.of(address);
        int now = unregisteredByShare.getOrDefault(share, 0);
        if (unregistered >= limits.maxUnregistered()) {
            throw full("ws.max_unregistered", limits.maxUnregistered(), "without registration");
        }
        if (now >= mostUnregisteredOfOne) {
            throw full(
                    "ws.max_unregistered, of which http.max_per_address is one address's share,",
                    mostUnregisteredOfOne,
                    "without registration from this address");
        }
        unregistered++;
        unregisteredByShare.put(share, now + 1);
    }

    public synchronized void leaveUnregistered(String address) {
        unregistered--;
        leave(unregisteredByShare, AddressShare.of(address));
    }

    /** How many sockets are open without registration now. */
    public synchronized int unregistered() {
        return unregistered;
    }

    private static void leave(Map<String, Integer> counts, String share) {
        counts.computeIfPresent(share, (ignored, count) -> count == 1 ? null : count - 1);
    }

    private static FairleadException full(String setting, int most, String which) {
        return new FairleadException(
                ErrorCode.TOO_MANY_REQUESTS,
                "There are " + most + " WebSockets " + which + " already; " + setting + " bounds them",
                java.time.Duration.ofSeconds(1));
    }
}
