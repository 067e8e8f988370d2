package dev.fairlead.gateway.approvals;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Wires the inbox of approvals: shows it, hands answers to who asked, and has what nobody answers expire. */
public final class ApprovalVerticle extends VerticleBase {
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration PRUNE_PERIOD = Duration.ofHours(1);

    private final Duration life;
    private final TimeSource time;
    private final Database database;
    private final Ownership ownership;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private Bus bus;
    private ApprovalInbox inbox;
    private Optional<Instant> nextDue = Optional.empty();

    public ApprovalVerticle(Database database, Ownership ownership, Settings settings, TimeSource time) {
        this.ownership = ownership;
        this.life = settings.approvals().ttl();
        this.time = time;
        this.database = database;
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        inbox = new ApprovalInbox(database, Ledger.of(database, scheduler), time);
        consumers.add(bus.answer(ApprovalCommands.ListApprovals.class, inbox::list));
        consumers.add(bus.answer(
                ApprovalCommands.Get.class, asked -> inbox.require(asked.id()).map(ApprovalCommands.Found::new)));
        consumers.add(bus.answer(ApprovalCommands.Decide.class, this::decide));
        consumers.add(bus.answer(ApprovalCommands.Ask.class, this::ask));
        consumers.add(bus.answer(ApprovalCommands.Withdraw.class, this::withdraw));
        timers.add(scheduler.every(TICK, this::expire));
        Janitor janitor = new Janitor(database, scheduler, ownership);
        timers.add(scheduler.every(
                PRUNE_PERIOD,
                () -> janitor.sweep(
                        "answered approvals",
                        ApprovalInbox.PRUNE_BATCH,
                        () -> c -> ApprovalInbox.prune(c, time.instant()))));
        return inbox.nextDue().compose(next -> {
            next.ifPresent(this::watch);
            return Future.all(
                    consumers.stream().map(MessageConsumer::completion).toList());
        });
    }

    @Override
    public Future<?> stop() {
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    private Future<ApprovalCommands.Decided> decide(ApprovalCommands.Decide decide) {
        return inbox.require(decide.id())
                .compose(approval -> {
                    requireWaiting(approval);
                    return switch (approval.kind()) {
                        case TOOL, ORDER -> carry(approval, decide);
                        case ACP, MCP -> settle(approval.id(), answer(decide)).<Void>mapEmpty();
                    };
                })
                .compose(done -> inbox.require(decide.id()))
                .map(ApprovalCommands.Decided::new)
                .onComplete(done -> audit(decide, done.succeeded() ? "ok" : "refused"));
    }

    /** Whoever asked decides what follows: it may have been answered there a moment ago. */
    private Future<Void> carry(Approval approval, ApprovalCommands.Decide decide) {
        return bus.requestAt(
                        ApprovalCommands.place(approval.kind()),
                        new ApprovalCommands.Carry(
                                approval.id(),
                                decide.approve(),
                                decide.reason(),
                                approval.sessionId(),
                                decide.actor(),
                                decide.address()))
                .<Void>mapEmpty()
                .recover(failure -> Bus.refusal(failure).code() == ErrorCode.INVALID_STATE
                        ? inbox.require(approval.id()).compose(now -> {
                            requireWaiting(now);
                            return Future.failedFuture(failure);
                        })
                        : Future.failedFuture(failure));
    }

    private Future<ApprovalCommands.Found> ask(ApprovalCommands.Ask ask) {
        check(ask);
        Instant now = time.instant().truncatedTo(ChronoUnit.MILLIS); // as it is kept and told
        Approval approval = new Approval(
                ask.id(),
                ask.kind(),
                ask.subject(),
                ask.detail(),
                Approval.Status.WAITING,
                now,
                now.plus(ask.life().orElse(life)),
                ask.sessionId());
        return inbox.ask(approval, ask.anew()).map(kept -> {
            if (!kept.known()) {
                watch(approval.expiresAt());
                bus.publish(
                        ApprovalEvent.class,
                        new ApprovalEvent.Asked(
                                approval.id(),
                                approval.kind(),
                                approval.subject(),
                                approval.sessionId(),
                                approval.expiresAt(),
                                now));
            }
            return new ApprovalCommands.Found(kept.approval());
        });
    }

    private static void check(ApprovalCommands.Ask ask) {
        if (ask.kind() != Approval.Kind.ACP && ask.kind() != Approval.Kind.MCP) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "Approvals of kind " + ask.kind().wire() + " are asked for by their concern");
        }
        if (ask.id().isEmpty()
                || ask.id().length() > Approval.MOST_ID
                || ask.subject().length() > Approval.MOST_SUBJECT
                || ask.detail().length() > Approval.MOST_DETAIL) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "An approval has an id of 1 to " + Approval.MOST_ID + ", a subject of at most "
                            + Approval.MOST_SUBJECT + " and a detail of at most " + Approval.MOST_DETAIL
                            + " characters");
        }
    }

    private Future<ApprovalCommands.Found> withdraw(ApprovalCommands.Withdraw withdraw) {
        return inbox.require(withdraw.id())
                .compose(approval -> approval.kind() == Approval.Kind.ACP || approval.kind() == Approval.Kind.MCP
                        ? inbox.settle(approval.id(), Approval.Status.EXPIRED)
                        : Future.succeededFuture(Optional.empty()))
                .compose(settled -> {
                    settled.ifPresent(this::tell);
                    return inbox.require(withdraw.id());
                })
                .map(ApprovalCommands.Found::new);
    }

    /** Fails where another answer was quicker. */
    private Future<Approval> settle(String id, Approval.Status status) {
        return inbox.settle(id, status)
                .compose(settled -> settled.map(Future::succeededFuture)
                        .orElseGet(() -> inbox.require(id).map(now -> {
                            requireWaiting(now);
                            return now;
                        })))
                .onSuccess(this::tell);
    }

    private void expire() {
        Instant now = time.instant();
        if (nextDue.filter(due -> !due.isAfter(now)).isEmpty()) {
            return;
        }
        nextDue = Optional.empty();
        inbox.due()
                .compose(due -> due.isEmpty()
                        ? Future.succeededFuture()
                        : inbox.expire(due).onSuccess(over -> over.forEach(this::tell)))
                .compose(done -> inbox.nextDue())
                .onSuccess(next -> next.ifPresent(this::watch))
                .onFailure(failure -> watch(now)); // the database is away: the next time
    }

    private void watch(Instant due) {
        nextDue = Optional.of(nextDue.filter(before -> before.isBefore(due)).orElse(due));
    }

    private void tell(Approval approval) {
        bus.publish(
                ApprovalEvent.class,
                new ApprovalEvent.Answered(
                        approval.id(), approval.kind(), approval.subject(), approval.status(), time.instant()));
    }

    private void requireWaiting(Approval approval) {
        if (approval.status() == Approval.Status.EXPIRED
                || (approval.status() == Approval.Status.WAITING
                        && !approval.expiresAt().isAfter(time.instant()))) {
            throw new FairleadException(
                    ErrorCode.APPROVAL_EXPIRED,
                    "Nobody answered '" + approval.id() + "' in time; what asked for it can ask again");
        }
        if (approval.status() != Approval.Status.WAITING) {
            throw new FairleadException(
                    ErrorCode.ALREADY_ANSWERED,
                    "'" + approval.id() + "' is " + approval.status().wire() + " already; the first answer stands");
        }
    }

    private static Approval.Status answer(ApprovalCommands.Decide decide) {
        return decide.approve() ? Approval.Status.APPROVED : Approval.Status.DENIED;
    }

    private void audit(ApprovalCommands.Decide decide, String outcome) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        decide.actor(),
                        decide.approve() ? "approval.approve" : "approval.deny",
                        Names.shown(decide.id()),
                        decide.address(),
                        outcome,
                        ""));
    }
}
