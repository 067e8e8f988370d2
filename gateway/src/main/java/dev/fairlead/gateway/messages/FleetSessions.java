package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.Projection;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what is known of agents' connections right where their news does not reach. Confined to one context. */
final class FleetSessions {
    private final Bus bus;
    private final Ownership ownership;
    private final OwnedShards shards;
    private final Projection<MessageCommands.Sessions> others;

    FleetSessions(Bus bus, Ownership ownership, OwnedShards shards) {
        this.bus = bus;
        this.ownership = ownership;
        this.shards = shards;
        this.others = Projection.ofNodes(bus, ownership, new MessageCommands.ListSessions(), this::take, this::away);
    }

    /** Answers for this node, and hears of others. */
    List<MessageConsumer<?>> listen() {
        return List.of(
                bus.answer(MessageCommands.ListSessions.class, asking -> Future.succeededFuture(own())),
                others.listen());
    }

    /** Looks who has come and who is gone; to be run from time to time. */
    void look() {
        others.look();
    }

    private void away(String node) {
        shards.sessions(node).forEach((agent, session) -> shards.disconnected(agent, session.epoch()));
    }

    private void take(String node, MessageCommands.Sessions sessions) {
        Map<String, Batch.Session> over = new HashMap<>(shards.sessions(node));
        for (MessageCommands.AgentSession one : sessions.sessions()) {
            over.remove(one.agent());
            shards.connected(one.agent(), new Batch.Session(one.edge(), one.connection(), one.epoch()));
        }
        over.forEach((agent, session) -> shards.disconnected(agent, session.epoch()));
    }

    private MessageCommands.Sessions own() {
        return new MessageCommands.Sessions(shards.sessions(ownership.node()).entrySet().stream()
                .map(one -> new MessageCommands.AgentSession(
                        one.getKey(),
                        one.getValue().edge(),
                        one.getValue().connection(),
                        one.getValue().epoch()))
                .toList());
    }
}
