package dev.fairlead.gateway.audit;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Backlog;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Wires the audit trail: keeps what is published, answers what is asked, forgets what is old. */
public final class AuditVerticle extends VerticleBase {
    /** How long the trail goes back. */
    static final Duration RETENTION = Duration.ofDays(90);

    /** How far behind what is put together is written. */
    static final Duration GROUP_PERIOD = Duration.ofSeconds(1);

    /** Between two prunings where the last one left nothing. */
    static final Duration PRUNE_PERIOD = Duration.ofHours(1);

    private static final String HEALTH_PLACE = "audit";

    private final Database database;

    private final Ownership ownership;

    private final AuditTrail trail;

    private final TimeSource time;

    private final Function<Vertx, Scheduler> scheduler;

    private final AuditGroups groups = new AuditGroups();

    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    private Scheduler.Cancellable pruning = () -> {};

    private Scheduler timers;

    private Janitor janitor;

    private Backlog<AuditTrail.Keepable> backlog;

    /** While nothing is put together, nothing ticks. */
    private Optional<Scheduler.Cancellable> grouping = Optional.empty();

    public AuditVerticle(Database database, Ownership ownership, TimeSource time) {
        this(database, ownership, time, VertxScheduler::new);
    }

    AuditVerticle(Database database, Ownership ownership, TimeSource time, Function<Vertx, Scheduler> scheduler) {
        this.database = database;
        this.ownership = ownership;
        this.trail = new AuditTrail(database);
        this.time = time;
        this.scheduler = scheduler;
    }

    @Override
    public Future<?> start() {
        timers = scheduler.apply(vertx);
        janitor = new Janitor(database, timers, ownership);
        backlog = new Backlog<>(Ledger.of(database, timers), "the audit trail", trail);
        Bus bus = Bus.on(vertx);
        consumers.add(bus.answer(AuditRequests.Page.class, page -> trail.page(page.cursor(), page.limit())));
        consumers.add(bus.subscribe(AuditEvents.class, this::keep));
        consumers.add(bus.answerAt(
                HEALTH_PLACE, HealthCommands.Check.class, check -> Future.succeededFuture(backlog.health())));
        pruning = timers.every(PRUNE_PERIOD, this::prune);
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        pruning.cancel();
        grouping.ifPresent(Scheduler.Cancellable::cancel);
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .onComplete(done -> keepGroups())
                .eventually(backlog::close);
    }

    private void keep(AuditEvents event) {
        if (event instanceof AuditEvents.Recorded entry) {
            if (AuditGroups.takes(entry)) {
                groups.add(entry, time.nanos());
                keepGroupsSoon();
            } else {
                backlog.add(new AuditTrail.Entry(entry));
            }
        }
    }

    private void keepGroupsSoon() {
        if (grouping.isEmpty()) {
            grouping = Optional.of(timers.after(GROUP_PERIOD, () -> {
                grouping = Optional.empty();
                keepGroups();
                if (!groups.isEmpty()) {
                    keepGroupsSoon();
                }
            }));
        }
    }

    private void keepGroups() {
        groups.due(time.nanos()).forEach(backlog::add);
    }

    private void prune() {
        janitor.sweep(
                "entries of the audit trail",
                AuditTrail.PRUNE_BATCH,
                () -> c -> AuditTrail.prune(c, time.instant().minus(RETENTION)));
    }
}
