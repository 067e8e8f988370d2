package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.alerts.receivers.Delivery;
import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.alerts.receivers.Receiver;
import dev.fairlead.gateway.alerts.receivers.Receivers;
import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.messages.MessageNews;
import dev.fairlead.gateway.settings.AlertRule.Kind;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.tokens.TokenCommands;
import dev.fairlead.gateway.tokens.TokenEvent;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the alerts: hears the news of all concerns, keeps what fires, and has the receivers told of it. */
public final class AlertVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(AlertVerticle.class);

    /** How long what is over is kept. */
    private static final Duration RETENTION = Duration.ofDays(30);

    private static final Duration PRUNE_PERIOD = Duration.ofHours(1);
    private static final Duration DISK_PERIOD = Duration.ofSeconds(30);

    /** Between two looks at what time has done, where there is no room for what is due. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(200);

    private static final int MOST_APPROVALS = 500;

    private static final Set<Kind> APPROVALS = Set.of(Kind.ORDER_WAITING, Kind.APPROVAL_WAITING);

    private final Database database;
    private final Settings settings;
    private final TimeSource time;
    private final Ownership ownership;
    private final String node;
    private final Silences silences = new Silences();
    private final Alerts alerts;
    private final AlertSources sources;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private Scheduler.Cancellable due = () -> {};
    private long armed = -1;
    private boolean moreApprovals;
    private Scheduler scheduler;
    private Bus bus;
    private Ledger ledger;
    private AlertStore store;
    private AlertDesk desk;

    public AlertVerticle(Database database, Ownership ownership, Settings settings, TimeSource time) {
        this.database = database;
        this.settings = settings;
        this.time = time;
        this.ownership = ownership;
        this.node = ownership.node();
        this.alerts = new Alerts(time, () -> UUID.randomUUID().toString(), silences);
        this.sources = new AlertSources(alerts);
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        scheduler = new VertxScheduler(vertx);
        ledger = Ledger.of(database, scheduler);
        for (Receiver receiver : Receivers.of(vertx, settings.alerts())) {
            deliveries.add(new Delivery(receiver, time, scheduler, notice -> store.settled(receiver.name(), notice)));
        }
        desk = new AlertDesk(ledger, time, alerts, silences, deliveries, this::changed, this::lookAgain);
        settings.alerts().rules().forEach(alerts::add);
        List<String> receivers = deliveries.stream().map(Delivery::name).toList();
        store = new AlertStore(ledger, receivers);
        return ledger.commit(c -> AlertRows.begin(c, receivers)).compose(kept -> {
            kept.rules().forEach(desk::restore);
            kept.silences().forEach(silences::put);
            kept.notices().forEach(this::owed); // before what is over by now, which takes their place
            changed(alerts.restore(kept.alerts()));
            subscribe();
            return known().onSuccess(ignored -> begin());
        });
    }

    @Override
    public Future<?> stop() {
        due.cancel();
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() ->
                        Future.join(deliveries.stream().map(Delivery::close).toList()))
                .eventually(store::close);
    }

    private void subscribe() {
        consumers.add(bus.subscribe(InstanceEvent.class, event -> changed(sources.on(event))));
        consumers.add(bus.subscribe(AgentEvent.class, event -> changed(sources.on(event))));
        consumers.add(bus.subscribe(ApprovalEvent.class, event -> changed(sources.on(event))));
        consumers.add(bus.subscribe(MessageNews.class, this::heard));
        if (hasUpstream()) {
            consumers.add(bus.subscribe(TokenEvent.class, this::heard));
        }
        consumers.add(bus.answer(AlertCommands.GetAlerts.class, desk::list));
        consumers.add(bus.answer(AlertCommands.AddRule.class, desk::add));
        consumers.add(bus.answer(AlertCommands.RemoveRule.class, desk::remove));
        consumers.add(bus.answer(AlertCommands.Silence.class, desk::silence));
        consumers.add(bus.answer(AlertCommands.Test.class, desk::test));
    }

    /** What is so now, of all that lasts. */
    private Future<?> known() {
        Future<?> token = hasUpstream()
                ? bus.request(new TokenCommands.GetToken())
                        .onSuccess(now -> changed(
                                sources.token(now.token().state(), now.token().reason())))
                : Future.succeededFuture();
        return Future.all(
                bus.request(new InstanceCommands.ListInstances(false, Optional.empty()))
                        .onSuccess(all -> all.instances().forEach(one -> changed(sources.instance(one)))),
                bus.request(new AgentCommands.ListAgents())
                        .onSuccess(all -> all.agents().forEach(one -> changed(sources.agent(one)))),
                bus.request(new ApprovalCommands.ListApprovals(Optional.of(Approval.Status.WAITING), MOST_APPROVALS))
                        .onSuccess(all -> {
                            moreApprovals = all.approvals().size() >= MOST_APPROVALS;
                            all.approvals()
                                    .forEach(one -> changed(sources.waiting(one.id(), one.kind(), one.subject())));
                        }),
                token,
                disk());
    }

    /** A rule that is new is to find what is so already. */
    private void lookAgain() {
        known().onFailure(failure ->
                log.warn("Alerts: not all that holds already was looked at for a new rule: {}", failure.getMessage()));
    }

    private void begin() {
        changed(alerts.settled(moreApprovals ? APPROVALS : Set.of()));
        timers.add(scheduler.every(DISK_PERIOD, () -> {
            Future<?> unused = disk();
        }));
        Janitor janitor = new Janitor(database, scheduler, ownership);
        timers.add(scheduler.every(
                PRUNE_PERIOD,
                () -> janitor.sweep(
                        "alerts that are long over",
                        AlertRows.PRUNE_BATCH,
                        () -> c -> AlertRows.prune(c, time.instant().minus(RETENTION), time.instant()))));
        LogLines lines = new LogLines(
                bus,
                node,
                alerts::rules,
                sources,
                time,
                (rule, instance, line) -> changed(
                        alerts.happened(rule, instance, AlertSources.line("Log of " + instance + ": " + line))));
        timers.add(lines.start(scheduler));
    }

    private Future<?> disk() {
        return DiskFill.of(vertx, settings.dataDir())
                .onSuccess(percent ->
                        changed(sources.disk(percent, settings.dataDir().toString())))
                .otherwise(0); // a folder that is gone is the store's to tell
    }

    private boolean hasUpstream() {
        return settings.upstream().kind() != Settings.UpstreamKind.NONE;
    }

    private void heard(MessageNews news) {
        if (news instanceof MessageNews.Happened happened) {
            changed(sources.on(happened.events()));
        }
    }

    private void heard(TokenEvent news) {
        if (news instanceof TokenEvent.StateChanged now) {
            changed(sources.token(now.state(), now.reason()));
        }
    }

    private void changed(List<Change> changes) {
        if (!changes.isEmpty()) {
            store.keep(changes);
            changes.forEach(this::tell);
        }
        if (armed != alerts.revision()) {
            armed = alerts.revision();
            arm();
        }
    }

    private void tell(Change change) {
        Alert alert = change.alert();
        if (change.news()) {
            bus.publish(
                    AlertEvent.class,
                    new AlertEvent.Told(
                            alert.id(),
                            alert.rule(),
                            // An approval is known to people by what it is about, not by its id.
                            APPROVALS.contains(alert.kind()) ? alert.summary() : alert.subject(),
                            alert.isFiring(),
                            alert.resolvedAt().orElse(alert.startedAt())));
        }
        change.tell().ifPresent(status -> deliveries.forEach(delivery -> delivery.tell(notice(alert, status))));
    }

    private void owed(AlertRows.Waiting waiting) {
        deliveries.stream()
                .filter(delivery -> delivery.name().equals(waiting.receiver()))
                .forEach(delivery -> delivery.tell(notice(waiting.alert(), waiting.status())));
    }

    private static Notice notice(Alert alert, Notice.Status status) {
        return new Notice(
                alert.id(),
                status,
                alert.rule(),
                alert.kind(),
                alert.kind().severity(),
                alert.subject(),
                alert.summary(),
                alert.startedAt(),
                alert.resolvedAt(),
                alert.count());
    }

    private void arm() {
        due.cancel();
        alerts.next()
                .map(wait -> wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait)
                .ifPresent(wait -> due = scheduler.after(wait, () -> changed(alerts.tick())));
    }
}
