package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the agents are that are to hear of their orders; one that is away hears nothing. On one event loop. */
final class Submitters {
    private record Session(AgentCommands.Connection connection, long epoch) {}

    private final Map<String, Session> sessions = new HashMap<>();

    void hear(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            sessions.put(connected.name(), new Session(connected.connection(), connected.epoch()));
        } else if (event instanceof AgentEvent.StatusChanged changed) {
            if (changed.status() == AgentStatus.OFFLINE) {
                sessions.computeIfPresent(
                        changed.name(), (name, session) -> session.epoch() > changed.epoch() ? session : null);
            }
        } else {
            sessions.remove(event.name());
        }
    }

    /** Tells the agent that placed an order what has become of it. */
    void tell(Bus bus, Order order) {
        NewOrder.agent(order.asked().submitter()).map(sessions::get).ifPresent(session -> {
            AgentData.OrderUpdate update = new AgentData.OrderUpdate(
                    order.id().toString(),
                    order.asked().clientOrderId(),
                    order.status().wire(),
                    order.reason(),
                    order.summary().filledQuantity(),
                    order.upstream().averagePrice(),
                    order.mode());
            bus.publishAt(
                    session.connection().edge(),
                    ConnectionCommand.class,
                    new ConnectionCommand.Deliver(List.of(new ConnectionCommand.Envelope(
                            session.connection().id(),
                            session.epoch(),
                            AgentSubjects.ORDER_UPDATE.value(),
                            RawJson.of(FrameCodec.encode(update))))));
        });
    }
}
