package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NotOwnerException;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires the alerts. One node of a fleet watches over all that calls for attention, the one that holds the lease
 * {@link LeaseName#JANITOR}: each is told once, and a node that takes over goes on with what is kept.
 */
public final class AlertVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(AlertVerticle.class);

    /** Until what could not be taken up is tried again. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Database database;
    private final Ownership ownership;
    private final Settings settings;
    private final TimeSource time;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Scheduler scheduler;
    private Optional<AlertWatch> watch = Optional.empty(); // where this node is the one that watches
    private boolean stopped;

    /** @param ownership says whether this node watches over the alerts */
    public AlertVerticle(Database database, Ownership ownership, Settings settings, TimeSource time) {
        this.database = database;
        this.ownership = ownership;
        this.settings = settings;
        this.time = time;
    }

    @Override
    public Future<?> start() {
        scheduler = new VertxScheduler(vertx);
        Bus bus = Bus.on(vertx);
        answer(bus, AlertCommands.GetAlerts.class, AlertDesk::list);
        answer(bus, AlertCommands.AddRule.class, AlertDesk::add);
        answer(bus, AlertCommands.RemoveRule.class, AlertDesk::remove);
        answer(bus, AlertCommands.Silence.class, AlertDesk::silence);
        answer(bus, AlertCommands.Test.class, AlertDesk::test);
        Future<?> listening =
                Future.all(consumers.stream().map(MessageConsumer::completion).toList());
        if (ownership.isAlone()) {
            AlertWatch own = made(Ledger.of(database, scheduler), () -> true);
            watch = Optional.of(own);
            return listening.compose(there -> own.start());
        }
        ownership.listen(change -> context.runOnContext(turn -> changed(change)));
        return listening;
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        Future<?> ended = watch.<Future<?>>map(AlertWatch::stop).orElse(Future.succeededFuture());
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> ended);
    }

    private <R extends Record, Q extends Request<R>> void answer(
            Bus bus, Class<Q> type, BiFunction<AlertDesk, Q, Future<R>> answer) {
        consumers.add(bus.answer(type, (Q asked) -> watch.map(here -> answer.apply(here.desk(), asked))
                .orElseGet(() -> Future.failedFuture(new NotOwnerException(
                                LeaseName.JANITOR,
                                ownership.owner(LeaseName.JANITOR).filter(owner -> !owner.equals(ownership.node())))
                        .refusal()))));
    }

    private void changed(OwnershipChange change) {
        if (stopped || !change.name().equals(LeaseName.JANITOR)) {
            return;
        }
        watch.ifPresent(AlertWatch::drop);
        watch = Optional.empty();
        if (change instanceof OwnershipChange.Gained gained) {
            takeUp(gained.fence());
        }
    }

    /** Nothing is kept or told under a right that is over, though the same were gained anew. */
    private void takeUp(Fence right) {
        BooleanSupplier holds = () -> ownership.fence(LeaseName.JANITOR).equals(Optional.of(right));
        if (stopped || !holds.getAsBoolean()) {
            return;
        }
        AlertWatch taken = made(Ledger.of(database, scheduler, ownership, right), holds);
        watch = Optional.of(taken);
        taken.start().onFailure(cause -> {
            if (watch.equals(Optional.of(taken))) {
                log.warn("The alerts are not watched yet: {}", cause.getMessage());
                taken.drop();
                watch = Optional.empty();
                scheduler.after(RETRY, () -> takeUp(right));
            }
        });
    }

    private AlertWatch made(Ledger ledger, BooleanSupplier mayTell) {
        return new AlertWatch(
                vertx,
                scheduler,
                ledger,
                new Janitor(database, scheduler, ownership),
                mayTell,
                settings,
                time,
                ownership.node());
    }
}
