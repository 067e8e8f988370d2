package dev.fairlead.gateway.edge.access;

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
    private final Map<String, Integer> byAddress = new HashMap<>();
    private int unregistered;

    public SocketSlots(Settings.Ws limits) {
        this.limits = limits;
    }

    /**
     * Takes a slot for a socket from {@code address}; {@link #leave} gives it back.
     *
     * @throws FairleadException {@code too_many_requests}, naming the setting
     */
    public synchronized void enter(String address) {
        boolean loopback = Gatekeeper.isLoopback(address);
        int most = loopback ? limits.maxPerAddressLoopback() : limits.maxPerAddress();
        int now = byAddress.getOrDefault(address, 0);
        if (now >= most) {
            throw full(loopback ? "ws.max_per_address_loopback" : "ws.max_per_address", most, "from one address");
        }
        byAddress.put(address, now + 1);
    }

    public synchronized void leave(String address) {
        byAddress.computeIfPresent(address, (ignored, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Takes a slot for a socket that is open without registration; {@link #leaveUnregistered} gives it back.
     *
     * @throws FairleadException {@code too_many_requests}, naming the setting
     */
    public synchronized void enterUnregistered() {
        if (unregistered >= limits.maxUnregistered()) {
            throw full("ws.max_unregistered", limits.maxUnregistered(), "without registration");
        }
        unregistered++;
    }

    public synchronized void leaveUnregistered() {
        unregistered--;
    }

    private static FairleadException full(String setting, int most, String which) {
        return new FairleadException(
                ErrorCode.TOO_MANY_REQUESTS,
                "There are " + most + " WebSockets " + which + " already; " + setting + " bounds them",
                java.time.Duration.ofSeconds(1));
    }
}
