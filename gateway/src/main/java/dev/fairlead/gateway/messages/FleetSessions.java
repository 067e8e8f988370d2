package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.PeerEvent;
import dev.fairlead.gateway.cluster.Ownership;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is known of agents' connections right where their news does not reach: a node that is there for the first
 * time, or again, or of which something was missed, is asked for its own; those of a node that is away are over. News
 * of a node comes in order, its answer among them. Confined to one context.
 */
final class FleetSessions {
    private static final Logger log = LoggerFactory.getLogger(FleetSessions.class);

    private final Bus bus;
    private final Ownership ownership;
    private final OwnedShards shards;
    /** Nodes whose connections are known. */
    private final Set<String> known = new HashSet<>();
    /** Nodes that are being asked. */
    private final Set<String> asked = new HashSet<>();

    FleetSessions(Bus bus, Ownership ownership, OwnedShards shards) {
        this.bus = bus;
        this.ownership = ownership;
        this.shards = shards;
    }

    /** Answers for this node, and hears of others. */
    List<MessageConsumer<?>> listen() {
        return List.of(
                bus.answer(MessageCommands.ListSessions.class, asking -> Future.succeededFuture(own())),
                bus.subscribeAt(ownership.node(), PeerEvent.class, peer -> {
                    known.remove(peer.node());
                    look();
                }));
    }

    /** Looks who has come and who is gone; to be run from time to time. */
    void look() {
        Set<String> there = new HashSet<>(ownership.nodes());
        there.remove(ownership.node());
        Set<String> gone = new HashSet<>(known);
        gone.removeAll(there);
        for (String node : gone) {
            known.remove(node);
            shards.sessions(node).forEach((agent, session) -> shards.disconnected(agent, session.epoch()));
        }
        there.removeAll(known);
        there.stream().filter(asked::add).forEach(this::ask);
    }

    private void ask(String node) {
        known.add(node); // before: what is missed while it answers makes it unknown again
        bus.requestOn(node, new MessageCommands.ListSessions()).onComplete(done -> {
            asked.remove(node);
            if (done.succeeded()) {
                take(node, done.result());
            } else {
                known.remove(node); // it has just begun, or is about to end: asked again at the next look
                log.debug("Node {} does not say who is connected to it", node, done.cause());
            }
        });
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
