package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.AgentStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which agents are gone, so that nobody looks after their orders. After a start nobody has come back yet: those count
 * as gone that have not within the time in which one that falls silent would. Plain state on injected time.
 */
@StateMachine
final class LostAgents {
    private final TimeSource time;
    private final boolean alone;
    private final long startedAt;
    private final long patience;
    private final Map<String, Long> connected = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<UUID> cancelled = new HashSet<>();

    /** @param alone whether all agents come to this gateway; else one who is not known here may be at another node */
    LostAgents(TimeSource time, Duration offlineAfter, boolean alone) {
        this.time = time;
        this.alone = alone;
        this.startedAt = time.nanos();
        this.patience = offlineAfter.toNanos();
    }

    /** Whether the agent is gone by this news. */
    boolean hear(AgentEvent event) {
        if (event instanceof AgentEvent.Connected now) {
            connected.put(now.name(), now.epoch());
            gone.remove(now.name());
            return false;
        }
        if (event instanceof AgentEvent.StatusChanged changed) {
            // A connection that another has replaced by now ends without any meaning.
            if (changed.status() != AgentStatus.OFFLINE
                    || connected.getOrDefault(changed.name(), Long.MIN_VALUE) > changed.epoch()) {
                return false;
            }
        }
        connected.remove(event.name());
        gone.add(event.name());
        return true;
    }

    /** Whether an order has nobody who looks after it, and is to be cancelled: once, whatever comes of that. */
    boolean mayCancel(Order order) {
        return NewOrder.agent(order.asked().submitter()).filter(this::isLost).isPresent() && cancelled.add(order.id());
    }

    /** That it is to be cancelled could not be kept: the next look tries again. */
    void notCancelled(Order order) {
        cancelled.remove(order.id());
    }

    /** Whether those who were away at the start have had the time to come back. */
    boolean hasWaited() {
        return time.nanos() - startedAt >= patience;
    }

    private boolean isLost(String agent) {
        return gone.contains(agent) || (alone && hasWaited() && !connected.containsKey(agent));
    }
}
