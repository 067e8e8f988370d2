package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.SleepClock;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.VertxScheduler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the time that is reckoned with: stores how far it has come, says where the wall clock is doubted. */
public final class LedgerTimeVerticle extends VerticleBase {
    /** Between looks while something is written; after a crash time may be back by a few of these. */
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private static final String HEALTH_PLACE = "clock";

    private static final Logger log = LoggerFactory.getLogger(LedgerTimeVerticle.class);

    private final Database database;
    private final LedgerTime ledger;
    private final SleepClock sleep = SleepClock.ofThisMachine();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Ticker looks; // null until it has started
    private long groupsKept;
    private boolean keeping;
    private boolean doubted;

    public LedgerTimeVerticle(Database database, LedgerTime ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.on(vertx);
        consumers.add(bus.answer(LedgerTimeCommands.TrustClock.class, this::trust));
        consumers.add(
                bus.answerAt(HEALTH_PLACE, HealthCommands.Check.class, check -> Future.succeededFuture(health())));
        looks = new Ticker(new VertxScheduler(vertx), PERIOD, this::isBusy, this::look);
        look();
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        looks.cancel();
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> keep().otherwiseEmpty());
    }

    private HealthCommands.Result health() {
        return ledger.doubt().map(HealthCommands.Result::degraded).orElse(HealthCommands.Result.OK);
    }

    private boolean isBusy() {
        return doubted || keeping || database.groups() != groupsKept;
    }

    private void look() {
        Optional<String> doubt = ledger.doubt();
        if (doubt.isPresent()) {
            vertx.executeBlocking(sleep::slept)
                    .onSuccess(slept -> slept.ifPresent(ledger::slept))
                    .onComplete(done -> tell(ledger.doubt()));
        } else {
            tell(doubt);
        }
        // What nobody wrote after needs no time: a gateway at rest writes nothing for it.
        // Nor does a store that takes nothing: others who try are not to wait for this.
        if (!keeping && database.groups() != groupsKept) {
            keeping = true;
            keep().onComplete(done -> {
                keeping = false;
                groupsKept = database.groups();
            });
        }
    }

    private void tell(Optional<String> doubt) {
        if (doubt.isPresent() != doubted) {
            doubted = doubt.isPresent();
            doubt.ifPresentOrElse(
                    why -> log.warn("Time: {}.", why), () -> log.info("Time: the machine's clock is believed again."));
        }
    }

    private Future<LedgerTimeCommands.Trusted> trust(LedgerTimeCommands.TrustClock command) {
        ledger.trust();
        return keep().map(kept -> {
            look();
            return new LedgerTimeCommands.Trusted(kept.reached());
        });
    }

    /** What cannot be marked now is marked with the next step: the mark is then behind, which says nothing wrong. */
    private Future<Void> mark(Instant reached) {
        return database.mark()
                .map(mark -> vertx.<Void>executeBlocking(() -> {
                    mark.write(reached);
                    return null;
                }))
                .orElseGet(Future::succeededFuture);
    }

    private Future<LedgerTime.Kept> keep() {
        LedgerTime.Kept kept = ledger.kept();
        return database.write(c -> {
                    LedgerTimeRows.keep(c, kept);
                    return kept;
                })
                .compose(stored -> mark(stored.reached()).transform(done -> Future.succeededFuture(stored)));
    }
}
