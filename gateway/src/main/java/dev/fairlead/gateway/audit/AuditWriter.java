package dev.fairlead.gateway.audit;

import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has entries written, and keeps those for which there is no database for when there is one again. What it says of that
 * it says once, however many entries it concerns and however often the database comes and goes. Confined to one event
 * loop.
 */
final class AuditWriter {
    /** Between tries to have written what waits for the database. */
    static final Duration RETRY_PERIOD = Duration.ofSeconds(1);

    /** Without a fault for so long the database is back for good. */
    static final Duration CALM = Duration.ofSeconds(3);

    /** Entries a gateway says at most that stops without its database. */
    private static final int MOST_SAID = 20;

    private static final Logger log = LoggerFactory.getLogger(AuditVerticle.class);

    private final AuditTrail trail;

    private final Scheduler timers;

    private final AuditBacklog backlog = new AuditBacklog();

    /** On their way to the database; a stop waits for them. */
    private final Set<Future<Void>> underway = new HashSet<>();

    /** While nothing waits for the database, nothing tries. */
    private Optional<Scheduler.Cancellable> retrying = Optional.empty();

    /** Until an outage that was told is over. */
    private Optional<Scheduler.Cancellable> calming = Optional.empty();

    private boolean told;

    /** Entries written late since the outage that was told. */
    private long late;

    /** Entries that no database will take, since one was kept last. */
    private long lost;

    AuditWriter(AuditTrail trail, Scheduler timers) {
        this.trail = trail;
        this.timers = timers;
    }

    /** Has them written in their order, now or later. */
    void keep(List<? extends AuditTrail.Keepable> entries) {
        if (retrying.isPresent()) {
            entries.forEach(backlog::add);
            return;
        }
        follow(trail.keep(entries)).onFailure(cause -> {
            if (Database.isOutage(cause)) {
                entries.forEach(backlog::add);
                begin(cause);
            } else {
                lose(entries, cause);
            }
        });
    }

    HealthCommands.Result health() {
        if (!backlog.isEmpty()) { // that the database is away is told by the store's own check
            return new HealthCommands.Result(
                    backlog.dropped() == 0,
                    backlog.size() + " entries wait for the database, " + backlog.dropped() + " are lost");
        }
        return lost == 0
                ? HealthCommands.Result.OK
                : new HealthCommands.Result(false, lost + " entries stand in the log only; see there for the cause");
    }

    /** Waits for what is underway, tries what waits once more, and says what remains. */
    Future<Void> close() {
        retrying.ifPresent(Scheduler.Cancellable::cancel);
        calming.ifPresent(Scheduler.Cancellable::cancel);
        return Future.join(List.copyOf(underway)).otherwiseEmpty().compose(done -> {
            List<AuditTrail.Keepable> waiting = backlog.all();
            return waiting.isEmpty()
                    ? Future.succeededFuture()
                    : trail.keep(waiting).otherwise(cause -> say(waiting, cause));
        });
    }

    private void begin(Throwable cause) {
        calming.ifPresent(Scheduler.Cancellable::cancel);
        calming = Optional.empty();
        if (!told) {
            told = true;
            log.warn(
                    "Not in the audit trail yet: what is done from now on ({}). Up to {} entries are kept in memory and"
                            + " written when the database serves again.",
                    cause.getMessage(),
                    AuditBacklog.MOST);
        }
        if (retrying.isEmpty()) {
            retrySoon();
        }
    }

    private void retrySoon() {
        retrying = Optional.of(timers.after(RETRY_PERIOD, this::retry));
    }

    private void retry() {
        List<AuditTrail.Keepable> due = backlog.all();
        follow(trail.keep(due)).onComplete(done -> {
            if (done.failed() && Database.isOutage(done.cause())) {
                retrySoon();
                return;
            }
            retrying = Optional.empty();
            backlog.remove(due);
            if (done.succeeded()) {
                late += due.size();
            } else {
                lose(due, done.cause());
            }
            calming = Optional.of(timers.after(CALM, this::end));
            List<AuditTrail.Keepable> since = backlog.all();
            if (!since.isEmpty()) {
                backlog.remove(since);
                late += since.size();
                keep(since);
            }
        });
    }

    private void end() {
        calming = Optional.empty();
        told = false;
        long dropped = backlog.takeDropped();
        if (dropped == 0) {
            log.info("The audit trail has taken up the {} entries that waited for the database.", late);
        } else {
            log.error(
                    "Not in the audit trail: {} entries for which there was no room while the database was away; the"
                            + " {} before them are in it.",
                    dropped,
                    late);
        }
        late = 0;
    }

    private void lose(List<? extends AuditTrail.Keepable> entries, Throwable cause) {
        lost += entries.size();
        // What cannot be kept must at least be seen: the log is the trail's last resort.
        log.error("Not in the audit trail ({}): {}", cause.getMessage(), entries);
    }

    private Future<Void> follow(Future<Void> kept) {
        underway.add(kept);
        return kept.onComplete(done -> {
            underway.remove(kept);
            if (done.succeeded()) {
                lost = 0;
            }
        });
    }

    private Void say(List<AuditTrail.Keepable> waiting, Throwable cause) {
        waiting.stream()
                .limit(MOST_SAID)
                .forEach(entry -> log.error("Not in the audit trail ({}): {}", cause.getMessage(), entry));
        long more = Math.max(0, waiting.size() - MOST_SAID) + backlog.dropped();
        if (more > 0) {
            log.error("Not in the audit trail: {} more entries", more);
        }
        return null;
    }
}
