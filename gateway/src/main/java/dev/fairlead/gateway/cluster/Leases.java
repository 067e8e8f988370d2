package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.OwnTransactions;
import dev.fairlead.gateway.store.SideConnection;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a fleet: owns what it holds leases for in PostgreSQL. Looks at the table every {@code cluster.poll}, on a
 * thread and a connection of its own; what it may act for is answered from memory and this node's monotonic clock.
 */
@OwnTransactions("a writer that stands still must not end what its node holds")
public final class Leases implements Ownership {
    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    /** A node that was killed a moment ago is there by its lease until that ends. */
    private static final double PATIENCE = 1.5;

    private record View(Map<LeaseName, LeaseRules.Held> held, Map<LeaseName, String> owners, Map<String, Long> lives) {}

    private final String node;
    private final Duration lease;
    private final Duration poll;
    private final TimeSource time;
    private final Scheduler scheduler;
    private final Context context;
    private final WorkerExecutor worker;
    private final SideConnection side;
    private final LeaseRows rows;
    private final LeaseRules rules;
    private final List<Consumer<OwnershipChange>> listeners = new ArrayList<>();
    private final Promise<Void> joined = Promise.promise();
    private final Promise<Void> left = Promise.promise();
    private volatile View view = new View(Map.of(), Map.of(), Map.of());
    private Scheduler.Cancellable looking = () -> {};
    private boolean asking;
    private boolean failing;
    private boolean heard;

    /**
     * Takes nothing before {@link #start}. Made, and called, on one context of its own.
     *
     * @param database open for several nodes
     * @param lease how long what a node that is gone had stays with it, at least 3 s
     * @param poll how often to look
     */
    public Leases(
            Vertx vertx,
            Database database,
            String node,
            Duration lease,
            Duration poll,
            TimeSource time,
            Scheduler scheduler) {
        this.node = node;
        this.lease = lease;
        this.poll = poll;
        this.time = time;
        this.scheduler = scheduler;
        this.rules = new LeaseRules(node, lease);
        this.context = vertx.getOrCreateContext();
        this.worker = vertx.createSharedWorkerExecutor("fairlead-leases-" + node, 1);
        this.side = database.beside(lease.dividedBy(LeaseRules.RENEWALS));
        this.rows = new LeaseRows(side, node, lease);
    }

    /** Joins the fleet: completes when this node's name is taken, fails where another node of that name is there. */
    public Future<Void> start() {
        context.runOnContext(turn -> {
            looking = scheduler.every(poll, this::look);
            scheduler.after(Duration.ofMillis(Math.round(PATIENCE * lease.toMillis())), this::giveUp);
            look();
            joined.future()
                    .compose(there -> worker.executeBlocking(rows::forget))
                    .onFailure(cause -> log.debug("Rows of nodes that have long been gone stay", cause));
        });
        return joined.future();
    }

    /** Hands over all that this node owns; completes when others may have it, or it cannot be said to them. */
    public Future<Void> leave() {
        context.runOnContext(turn -> {
            tell(rules.leave(time.nanos()));
            // A database that does not answer says it to nobody: then all of it is over when the leases are.
            scheduler.after(lease, this::close);
            scheduler.after(LeaseRules.HAND_OVER, this::look);
        });
        return left.future();
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public boolean isAlone() {
        return false;
    }

    @Override
    public Optional<Fence> fence(LeaseName name) {
        LeaseRules.Held held = view.held().get(name);
        return held == null || held.until() - time.nanos() <= 0 ? Optional.empty() : Optional.of(held.fence());
    }

    @Override
    public Optional<String> owner(LeaseName name) {
        return Optional.ofNullable(view.owners().get(name));
    }

    @Override
    public Set<String> nodes() {
        return view.lives().keySet();
    }

    /** The fence of a node's own name, which rises with each of its lives; empty where it is not there. */
    OptionalLong life(String node) {
        Long life = view.lives().get(node);
        return life == null ? OptionalLong.empty() : OptionalLong.of(life);
    }

    @Override
    public List<Fence> under(Collection<LeaseName> names) {
        return names.stream()
                .distinct()
                .sorted()
                .map(name -> fence(name)
                        .orElseThrow(
                                () -> new NotOwnerException(name, owner(name).filter(owner -> !owner.equals(node)))))
                .toList();
    }

    @Override
    public void listen(Consumer<OwnershipChange> listener) {
        context.runOnContext(turn -> {
            listeners.add(listener);
            rules.held().forEach((name, held) -> listener.accept(new OwnershipChange.Gained(name, held.fence())));
        });
    }

    private void look() {
        tell(rules.expire(time.nanos()));
        if (asking || left.future().isComplete()) {
            return;
        }
        asking = true;
        LeaseRules.Plan plan = rules.plan(time.nanos());
        worker.executeBlocking(() -> rows.ask(plan)).onComplete(done -> {
            asking = false;
            if (done.succeeded()) {
                answered(plan, done.result());
            } else {
                failed(done.cause());
            }
        });
    }

    private void answered(LeaseRules.Plan plan, LeaseRules.Answer answer) {
        heard = true;
        if (failing) {
            failing = false;
            log.info("The leases of this node are renewed again.");
        }
        List<OwnershipChange> changes = rules.answered(plan, answer, time.nanos());
        tell(changes);
        if (rules.isThere()) {
            joined.tryComplete();
        }
        if (rules.isGone()) {
            close();
        } else if (!changes.isEmpty()) {
            look(); // what was gained or lost may be followed by more
        }
    }

    private void failed(Throwable cause) {
        if (!failing) {
            failing = true;
            log.warn(
                    "The leases of this node cannot be renewed: {}. What it owns it gives up {} ms after the last renewal.",
                    cause.getMessage(),
                    lease.toMillis());
        }
    }

    private void giveUp() {
        String why = failing || !heard
                ? "The database does not answer, and without its leases a node may do nothing. Start this one again when"
                        + " the database is back"
                : "Another node named " + node
                        + " is there, by its lease in the database. Two nodes cannot have one data"
                        + " folder, or a copy of it: stop that one, or remove the file node-id from this one's data_dir";
        if (joined.tryFail(new IOException(why))) {
            close();
        }
    }

    private void tell(List<OwnershipChange> changes) {
        view = new View(rules.held(), rules.owners(), rules.lives());
        changes.forEach(change -> listeners.forEach(listener -> listener.accept(change)));
    }

    private void close() {
        looking.cancel();
        if (!left.future().isComplete()) {
            worker.executeBlocking(() -> {
                        side.close();
                        return null;
                    })
                    .eventually(worker::close)
                    .onComplete(done -> left.tryComplete());
        }
    }
}
