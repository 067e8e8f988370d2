package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.edge.socket.FrameRate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each agent has left of {@code agents.max_rate}, by name: who connects anew goes on with what it left. Kept until
 * nothing of it is used up, two seconds after its last connection. May be used from any thread.
 */
public final class FrameRates {
    private final int perSecond;
    private final Map<String, Connected> connected = new HashMap<>();
    private final Map<String, FrameRate> left = new LinkedHashMap<>(); // the first that left first

    /** At most so many frames a second of each agent. */
    public FrameRates(int perSecond) {
        this.perSecond = perSecond;
    }

    private record Connected(FrameRate rate, int connections) {}

    /** What an agent goes on with on one more connection; {@link #leave} tells of its end. */
    synchronized FrameRate enter(String agent, long now) {
        Connected before = connected.get(agent);
        FrameRate kept = left.remove(agent);
        FrameRate rate = before != null ? before.rate() : kept != null ? kept : new FrameRate(perSecond, now);
        connected.put(agent, new Connected(rate, before == null ? 1 : before.connections() + 1));
        return rate;
    }

    /** One connection less. */
    synchronized void leave(String agent, long now) {
        Connected before = connected.get(agent);
        if (before.connections() > 1) {
            connected.put(agent, new Connected(before.rate(), before.connections() - 1));
            return;
        }
        connected.remove(agent);
        left.put(agent, before.rate());
        Iterator<FrameRate> oldest = left.values().iterator();
        while (oldest.hasNext() && oldest.next().isFull(now)) {
            oldest.remove();
        }
    }
}
