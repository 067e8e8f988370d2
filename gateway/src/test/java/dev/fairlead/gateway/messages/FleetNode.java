package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Leases;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A node that keeps messages, and nothing else, beside others on one database. */
final class FleetNode implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(3);
    static final String EDGE = "edge";

    final Vertx vertx = Vertx.vertx();
    final Bus bus = Bus.install(vertx);
    /** Of the leases alone: a pause of them is not one of the messages. */
    final MovableTime time = new MovableTime();

    final Leases leases;
    private final Database database;
    private final String deployment;

    /**
     * Joins.
     *
     * @param edge told what goes to connections
     * @param ownership what the messages take for the ownership; the leases as a rule
     */
    FleetNode(
            String name,
            Settings.Db db,
            Path folder,
            BiConsumer<FleetNode, ConnectionCommand> edge,
            UnaryOperator<Ownership> ownership)
            throws Exception {
        database = await(Database.openShared(vertx, db, DataFolder.open(folder.resolve(name)), LEASE.dividedBy(3)));
        leases = new Leases(vertx, database, name, LEASE, Duration.ofMillis(100), time, new VertxScheduler(vertx));
        bus.answer(
                AgentCommands.ListAgents.class,
                asked -> Future.succeededFuture(new AgentCommands.AgentList(List.of())));
        bus.subscribeAt(EDGE, ConnectionCommand.class, command -> edge.accept(this, command));
        await(leases.start());
        deployment = await(vertx.deployVerticle(new MessageBusVerticle(
                database,
                ownership.apply(leases),
                Settings.of("messages.ack_timeout=2s"),
                TimeSource.system(),
                new SimpleMeterRegistry(),
                Traces.none())));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    boolean claims(String recipient) {
        return leases.fence(LeaseName.shard(LeaseName.shardOf(recipient))).isPresent();
    }

    void connect(String agent, long connection, long epoch) {
        bus.publish(
                AgentEvent.class,
                new AgentEvent.Connected(
                        new AgentSummary(
                                agent,
                                agent,
                                AgentStatus.ONLINE,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                Optional.of(epoch)),
                        new AgentCommands.Connection("n", EDGE, connection, "127.0.0.1"),
                        epoch,
                        Instant.EPOCH));
    }

    /** All messages there are, as this node lists them. */
    List<MessageCommands.MessageSummary> list() throws Exception {
        List<MessageCommands.MessageSummary> all = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            MessageCommands.Messages page = await(bus.request(
                    new MessageCommands.Page(Optional.empty(), Optional.empty(), Optional.empty(), 500, cursor)));
            all.addAll(page.messages());
            cursor = page.cursor();
        } while (cursor.isPresent());
        return all;
    }

    /** All of it ends, whatever of it does not end in order; that is told then. */
    @Override
    public void close() {
        List<Throwable> failures = new ArrayList<>();
        List<Supplier<Future<?>>> steps =
                List.of(() -> vertx.undeploy(deployment), leases::leave, database::close, vertx::close);
        for (Supplier<Future<?>> step : steps) {
            try {
                step.get().await(5, TimeUnit.SECONDS);
            } catch (Exception e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("A node did not stop in order", failures.get(0));
        }
    }
}
