package dev.fairlead.gateway.nodes;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells who the nodes of the fleet are, and says in the log who was not let in. Alone there is one, and no table. */
public final class NodesVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(NodesVerticle.class);

    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Database database;
    private final Ownership ownership;
    private final TimeSource time;
    private final String version;
    private final String address;
    private Optional<MessageConsumer<?>> consumer = Optional.empty();
    private Scheduler.Cancellable looking = () -> {};
    private Ledger ledger;
    private Instant since = Instant.EPOCH;
    private Instant told = Instant.EPOCH;

    /** @param address of this node as a member of the cluster */
    public NodesVerticle(Database database, Ownership ownership, TimeSource time, String version, String address) {
        this.database = database;
        this.ownership = ownership;
        this.time = time;
        this.version = version;
        this.address = address;
    }

    @Override
    public Future<?> start() {
        since = time.instant();
        ledger = Ledger.of(database, new VertxScheduler(vertx));
        MessageConsumer<?> nodes = Bus.on(vertx).answer(NodeCommands.GetNodes.class, asked -> nodes());
        consumer = Optional.of(nodes);
        return ownership.isAlone() ? nodes.completion() : nodes.completion().compose(ready -> join());
    }

    @Override
    public Future<?> stop() {
        looking.cancel();
        return consumer.map(MessageConsumer::unregister).orElse(Future.succeededFuture());
    }

    private Future<?> join() {
        return ledger.commit(c -> {
                    NodeRows.joined(c, ownership.node(), version, address);
                    return NodeRows.refusals(c);
                })
                .onSuccess(before -> {
                    before.stream().findFirst().ifPresent(last -> told = last.at());
                    looking = new VertxScheduler(vertx).every(LOOK, this::look);
                });
    }

    private Future<NodeCommands.Nodes> nodes() {
        return ownership.isAlone()
                ? Future.succeededFuture(new NodeCommands.Nodes(true, List.of(self()), List.of(), List.of()))
                : ledger.commit(c -> NodeRows.nodes(c, ownership.node()));
    }

    private NodeCommands.Node self() {
        return new NodeCommands.Node(
                ownership.node(),
                true,
                true,
                version,
                Optional.empty(),
                since,
                Optional.empty(),
                LeaseName.all().map(LeaseName::text).toList());
    }

    /** An outage is told by the store itself. */
    private void look() {
        ledger.commit(NodeRows::refusals).onSuccess(refused -> {
            refused.stream()
                    .filter(one -> one.at().isAfter(told))
                    .forEach(one -> log.warn("The node {} was not let into the cluster: {}", one.node(), one.why()));
            refused.stream().findFirst().ifPresent(last -> told = last.at());
        });
    }
}
