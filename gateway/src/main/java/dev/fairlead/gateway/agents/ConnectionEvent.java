package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.bus.NodeEvent;
import java.util.List;

/** What edges tell of the agents' connections. News of an epoch that is over changes nothing. */
public sealed interface ConnectionEvent extends NodeEvent {
    /** Heartbeats that came in since the last time, many agents together. */
    record Heartbeats(List<Beat> beats) implements ConnectionEvent {
        public Heartbeats {
            beats = List.copyOf(beats);
        }
    }

    /** One agent's heartbeat. */
    record Beat(String name, long epoch) {}

    /**
     * A registered connection ended, from whichever side.
     *
     * @param reason for people
     */
    record Disconnected(String name, long epoch, String reason) implements ConnectionEvent {}
}
