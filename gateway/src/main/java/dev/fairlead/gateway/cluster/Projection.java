package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.PeerEvent;
import dev.fairlead.gateway.bus.Request;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a picture of what other nodes tell right where their news does not reach: one that is there for the first time,
 * or again, or of which something was missed, is asked for all of it; the part of one that is away is over. What a node
 * tells comes in order, its answer among it. Confined to one context.
 *
 * @param <R> all that one node has to tell
 */
public final class Projection<R extends Record> {
    private static final Logger log = LoggerFactory.getLogger(Projection.class);

    private final Bus bus;
    private final Ownership ownership;
    private final Supplier<Set<String>> tellers;
    private final Request<R> question;
    private final BiConsumer<String, R> told;
    private final Consumer<String> away;
    /** Nodes whose part is known. */
    private final Set<String> known = new HashSet<>();
    /** Nodes that are being asked. */
    private final Set<String> asked = new HashSet<>();

    private Projection(
            Bus bus,
            Ownership ownership,
            Supplier<Set<String>> tellers,
            Request<R> question,
            BiConsumer<String, R> told,
            Consumer<String> away) {
        this.bus = bus;
        this.ownership = ownership;
        this.tellers = tellers;
        this.question = question;
        this.told = told;
        this.away = away;
    }

    /**
     * Of what every node has a part of.
     *
     * @param told given a node and all it has; what is known of it from before and not in there is over
     * @param away given a node whose part is over
     */
    public static <R extends Record> Projection<R> ofNodes(
            Bus bus, Ownership ownership, Request<R> question, BiConsumer<String, R> told, Consumer<String> away) {
        return new Projection<>(bus, ownership, ownership::nodes, question, told, away);
    }

    /** Of what whoever holds a lease has alone. */
    public static <R extends Record> Projection<R> ofOwner(
            Bus bus,
            Ownership ownership,
            LeaseName lease,
            Request<R> question,
            BiConsumer<String, R> told,
            Consumer<String> away) {
        return new Projection<>(
                bus, ownership, () -> ownership.owner(lease).map(Set::of).orElse(Set.of()), question, told, away);
    }

    /** Hears which nodes are there again, and of which something was missed. */
    public MessageConsumer<?> listen() {
        return bus.subscribeAt(ownership.node(), PeerEvent.class, peer -> {
            known.remove(peer.node());
            look();
        });
    }

    /** Whether what a node tells is part of the picture now. */
    public boolean shows(String node) {
        return known.contains(node);
    }

    /** Looks who has come and who is gone; to be run from time to time. */
    public void look() {
        Set<String> there = new HashSet<>(tellers.get());
        there.remove(ownership.node());
        Set<String> gone = new HashSet<>(known);
        gone.removeAll(there);
        known.removeAll(gone);
        gone.forEach(away);
        there.removeAll(known);
        there.stream().filter(asked::add).forEach(this::ask);
    }

    private void ask(String node) {
        known.add(node); // before: what is missed while it answers makes it unknown again
        bus.requestOn(node, question).onComplete(done -> {
            asked.remove(node);
            if (done.failed()) {
                known.remove(node); // it has just begun, or is about to end: asked again at the next look
                log.debug("Node {} does not answer {}", node, question, done.cause());
            } else if (known.contains(node)) {
                told.accept(node, done.result());
            }
        });
    }
}
