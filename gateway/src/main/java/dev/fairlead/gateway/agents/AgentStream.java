package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.streams.StreamDefinition;
import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.AgentSummary;
import dev.fairlead.protocol.AgentsFrame;
import dev.fairlead.protocol.FrameCodec;
import java.util.Map;
import java.util.Optional;

/** The stream of agents, {@code /ws/agents}: one view, of all of them. */
final class AgentStream implements StreamDefinition<AgentEvent>, StreamView<AgentEvent> {
    private final AgentSessions sessions;

    AgentStream(AgentSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public StreamView<AgentEvent> view(Map<String, String> parameters) {
        return this;
    }

    @Override
    public String key() {
        return "";
    }

    @Override
    public byte[] snapshot() {
        return FrameCodec.encode(new AgentsFrame.Snapshot(sessions.list()));
    }

    @Override
    public Optional<byte[]> delta(AgentEvent event) {
        return Optional.of(FrameCodec.encode(frame(event)));
    }

    private AgentsFrame frame(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            return new AgentsFrame.AgentRegistered(connected.agent(), connected.at());
        }
        if (event instanceof AgentEvent.StatusChanged changed) {
            Optional<AgentSummary> now = sessions.find(changed.name());
            return new AgentsFrame.AgentStatusChanged(
                    changed.name(),
                    changed.status(),
                    now.flatMap(AgentSummary::lastSeen),
                    now.flatMap(AgentSummary::connectedAt),
                    changed.at());
        }
        return new AgentsFrame.AgentRemoved(event.name(), event.at());
    }
}
