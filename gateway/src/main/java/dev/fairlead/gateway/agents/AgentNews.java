package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.bus.Event;
import java.time.Instant;
import java.util.List;

/** What a node tells the others of the agents that are connected to it, in the order it happened. */
public sealed interface AgentNews extends Event {
    /** The node that tells it. */
    String node();

    /** What became of agents there. */
    record Happened(String node, List<AgentEvent> events) implements AgentNews {
        public Happened {
            events = List.copyOf(events);
        }
    }

    /** When agents were last heard of there. */
    record Heard(String node, List<Seen> agents) implements AgentNews {
        public Heard {
            agents = List.copyOf(agents);
        }
    }

    /** One agent's last heartbeat. */
    record Seen(String name, long epoch, Instant at) {}

    /**
     * An agent has a new token; a connection on another ends then.
     *
     * @param jti the new one's id
     */
    record Rotated(String node, String name, String jti, Instant previousEnd) implements AgentNews {}
}
