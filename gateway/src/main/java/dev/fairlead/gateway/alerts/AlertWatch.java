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
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.messages.MessageNews;
import dev.fairlead.gateway.settings.AlertRule.Kind;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tokens.TokenCommands;
import dev.fairlead.gateway.tokens.TokenEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over what calls for attention for as long as this node is the one that does: takes up what is kept, hears the
 * news of all concerns, keeps what fires, and has the receivers told of it. Confined to the context of the alerts.
 */
final class AlertWatch {
    private static final Logger log = LoggerFactory.getLogger(AlertWatch.class);

    /** How long what is over is kept. */
    private static final Duration RETENTION = Duration.ofDays(30);

    private static final Duration PRUNE_PERIOD = Duration.ofHours(1);
    private static final Duration DISK_PERIOD = Duration.ofSeconds(30);

    /** Between two looks at what time has done, where there is no room for what is due. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(200);

    private static final int MOST_APPROVALS = 500;

    private static final Set<Kind> APPROVALS = Set.of(Kind.ORDER_WAITING, Kind.APPROVAL_WAITING);

    private final Vertx vertx;
    private final Bus bus;
    private final Scheduler scheduler;
    private final Ledger ledger;
    private final Janitor janitor;
    private final Settings settings;
    private final TimeSource time;
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
    private boolean stopped;
    private final AlertStore store;
    private final AlertDesk desk;

    /**
     * Of all alerts.
     *
     * @param ledger under which this node may keep what becomes of them
     * @param mayTell whether it still is the one that tells of them
     */
    AlertWatch(
            Vertx vertx,
            Scheduler scheduler,
            Ledger ledger,
            Janitor janitor,
            BooleanSupplier mayTell,
            Settings settings,
            TimeSource time,
            String node) {
        this.vertx = vertx;
        this.bus = Bus.on(vertx);
        this.scheduler = scheduler;
        this.ledger = ledger;
        this.janitor = janitor;
        this.settings = settings;
        this.time = time;
        this.node = node;
        this.alerts = new Alerts(time, () -> UUID.randomUUID().toString(), silences);
        this.sources = new AlertSources(alerts);
        List<Receiver> receivers = Receivers.of(vertx, settings.alerts());
        this.store =
                new AlertStore(ledger, receivers.stream().map(Receiver::name).toList());
        for (Receiver receiver : receivers) {
            deliveries.add(new Delivery(
                    new OwnersReceiver(receiver, mayTell),
                    time,
                    scheduler,
                    notice -> store.settled(receiver.name(), notice)));
        }
        this.desk = new AlertDesk(ledger, time, alerts, silences, deliveries, this::changed, this::lookAgain);
        settings.alerts().rules().forEach(alerts::add);
    }

    /** What is told to nobody once another node is the one that tells. */
    private record OwnersReceiver(Receiver receiver, BooleanSupplier mayTell) implements Receiver {
        @Override
        public String name() {
            return receiver.name();
        }

        @Override
        public Future<Void> send(List<Notice> notices) {
            return mayTell.getAsBoolean()
                    ? receiver.send(notices)
                    : Future.failedFuture("another node tells it by now");
        }

        @Override
        public Future<Void> close() {
            return receiver.close();
        }
    }

    AlertDesk desk() {
        return desk;
    }

    /** Takes up what is kept, and what is so now. */
    Future<?> start() {
        List<String> receivers = deliveries.stream().map(Delivery::name).toList();
        return ledger.commit(c -> AlertRows.begin(c, receivers)).compose(kept -> {
            kept.rules().forEach(desk::restore);
            kept.silences().forEach(silences::put);
            kept.notices().forEach(this::owed); // before what is over by now, which takes their place
            changed(alerts.restore(kept.alerts()));
            subscribe();
            return known().onSuccess(ignored -> begin());
        });
    }

    /** Ends it, and keeps what waits for that. */
    Future<?> stop() {
        return drop().eventually(store::close);
    }

    /** Ends it where another node takes all of it up: what waits to be kept here is that one's to find out. */
    Future<?> drop() {
        stopped = true;
        due.cancel();
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() ->
                        Future.join(deliveries.stream().map(Delivery::close).toList()));
    }

    private void subscribe() {
        if (stopped) {
            return;
        }
        consumers.add(bus.subscribe(InstanceEvent.class, event -> changed(sources.on(event))));
        consumers.add(bus.subscribe(AgentEvent.class, event -> changed(sources.on(event))));
        consumers.add(bus.subscribe(ApprovalEvent.class, event -> changed(sources.on(event))));
        consumers.add(bus.subscribe(MessageNews.class, this::heard));
        if (hasUpstream()) {
            consumers.add(bus.subscribe(TokenEvent.class, this::heard));
        }
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
        if (stopped) {
            return;
        }
        changed(alerts.settled(moreApprovals ? APPROVALS : Set.of()));
        timers.add(scheduler.every(DISK_PERIOD, () -> {
            Future<?> unused = disk();
        }));
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
        if (stopped) {
            return;
        }
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
