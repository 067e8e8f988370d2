package dev.fairlead.gateway.events;

import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.alerts.AlertEvent;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.chat.ChatEvent;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.gateway.ledger.Backlog;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.messages.MessageNews;
import dev.fairlead.gateway.orders.OrderCommands;
import dev.fairlead.gateway.orders.OrderEvent;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.tokens.TokenEvent;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /ws/events}: the news of every concern in one stream, metadata only. */
public final class EventStreamVerticle extends VerticleBase {
    /** Between two prunings of what is kept. */
    private static final Duration PRUNE_PERIOD = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(EventStreamVerticle.class);

    private final Database database;
    private final EventTable table;
    private final Settings settings;
    private final TimeSource time;
    private final Ownership ownership;
    private final String node;
    private final RecentEvents recent = new RecentEvents();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Bus bus;
    private StreamPublisher<EventsFrame> stream;
    private Ledger ledger;
    private Janitor janitor;
    private Backlog<EventTable.Told> backlog;
    private Scheduler.Cancellable pruning = () -> {};

    public EventStreamVerticle(Database database, Ownership ownership, Settings settings, TimeSource time) {
        this.database = database;
        this.table = new EventTable(database);
        this.settings = settings;
        this.time = time;
        this.ownership = ownership;
        this.node = ownership.node();
    }

    @Override
    public Future<?> start() {
        Scheduler timers = new VertxScheduler(vertx);
        ledger = Ledger.of(database, timers);
        janitor = new Janitor(database, timers, ownership);
        backlog = new Backlog<>(ledger, "the table of events", table);
        pruning = timers.every(PRUNE_PERIOD, this::prune);
        Future<List<EventTable.Told>> before = table.latest(settings.streams().ringEvents());
        Future<Set<StreamPosition>> ends = table.ends();
        return Future.all(before, ends).transform(read -> {
            if (read.failed()) {
                log.warn(
                        "What was told before is not to be had: {}",
                        read.cause().getMessage());
                recent.goesFurtherBack(); // the table may have it later
                open(List.of(), Set.of());
            } else {
                open(before.result(), ends.result());
            }
            return Future.succeededFuture();
        });
    }

    /** @param ends of the lives of which all is kept: of any other nobody knows what came after the last */
    private void open(List<EventTable.Told> before, Set<StreamPosition> ends) {
        bus = Bus.on(vertx);
        stream = StreamPublisher.open(vertx, time, node, settings.streams(), "events", parameters -> recent);
        if (before.size() >= settings.streams().ringEvents()) {
            recent.goesFurtherBack();
        }
        Optional<StreamPosition> last = Optional.empty();
        for (EventTable.Told told : before) {
            if (last.filter(one -> !one.epoch().equals(told.place().epoch()) && !ends.contains(one))
                    .isPresent()) {
                stream.forgetRecalled();
            }
            recent.add(told.event(), told.at());
            stream.recall(told.place(), told.event());
            last = Optional.of(told.place());
        }
        if (last.filter(one -> !ends.contains(one)).isPresent()) {
            stream.forgetRecalled();
        }
        consumers.add(bus.subscribe(AgentEvent.class, event -> tell(frame(event))));
        consumers.add(bus.subscribe(MessageNews.class, this::tell));
        consumers.add(bus.subscribe(InstanceEvent.class, event -> tell(InstanceNews.frame(event))));
        consumers.add(bus.subscribe(TokenEvent.class, this::tell));
        consumers.add(bus.subscribe(OrderEvent.class, this::tell));
        consumers.add(bus.subscribe(ApprovalEvent.class, event -> tell(ApprovalNews.frame(event))));
        consumers.add(bus.subscribe(AlertEvent.class, this::tell));
        consumers.add(bus.subscribe(ChatEvent.class, event -> tell(ChatNews.frame(event))));
        consumers.add(bus.answerAt(
                "events", HealthCommands.Check.class, check -> Future.succeededFuture(HealthCommands.Result.OK)));
        consumers.add(bus.answerAt(node, EventCommands.Since.class, asked -> since(asked.from())));
        consumers.add(bus.answerAt(
                node,
                EventCommands.Page.class,
                // Of all that was told until now, where the database takes it.
                asked -> backlog.tried().compose(tried -> table.page(asked.before(), asked.limit()))));
    }

    /** What is remembered, where that reaches back far enough or nothing else is to be had. */
    private Future<EventCommands.Happened> since(Instant from) {
        EventCommands.Happened remembered = recent.since(from);
        return remembered.whole()
                ? Future.succeededFuture(remembered)
                : backlog.tried()
                        .compose(tried -> table.since(from, EventCommands.MOST_TOLD + 1))
                        .map(kept -> recent.since(from, kept))
                        .otherwise(remembered);
    }

    @Override
    public Future<?> stop() {
        pruning.cancel();
        consumers.forEach(MessageConsumer::unregister);
        StreamPosition last = stream.position();
        return Future.join(
                stream.close(),
                backlog.close()
                        .compose(whole -> whole
                                ? ledger.commit(c -> EventTable.end(c, last, time.instant()))
                                : Future.succeededFuture()));
    }

    private void prune() {
        janitor.sweep("events", EventTable.PRUNE_BATCH, () -> c -> EventTable.prune(c, time.instant()));
    }

    private void tell(EventsFrame frame) {
        Instant now = time.instant();
        recent.add(frame, now);
        stream.publish(frame);
        backlog.add(new EventTable.Told(now, stream.position(), frame));
        if (frame instanceof EventsFrame.ChannelEvent channel) {
            bus.publishAt(node, ChannelNews.class, new ChannelNews.Told(channel));
        }
    }

    /** Of messages only what calls for the operator: all of them have a stream of their own. */
    private void tell(MessageNews news) {
        if (news instanceof MessageNews.Happened happened) {
            for (MessageEvent event : happened.events()) {
                if (event.event() == MessageEvent.Kind.DEAD_LETTERED) {
                    tell(new EventsFrame.ChannelEvent(
                            "messages", event.to(), "message_dead_lettered", event.detail(), event.timestamp()));
                }
            }
        }
    }

    private void tell(TokenEvent news) {
        if (news instanceof TokenEvent.StateChanged changed) {
            tell(new EventsFrame.TokenEvent(changed.state(), changed.reason(), changed.at()));
        }
    }

    private void tell(AlertEvent news) {
        if (news instanceof AlertEvent.Told told) {
            tell(new EventsFrame.ChannelEvent(
                    "alerts",
                    told.subject(),
                    told.firing() ? "alert_firing" : "alert_resolved",
                    Optional.of(told.rule()),
                    told.at()));
        }
    }

    private void tell(OrderEvent news) {
        if (news instanceof OrderEvent.StatusChanged changed) {
            OrderCommands.OrderSummary order = changed.order();
            tell(new EventsFrame.OrderEvent(
                    order.orderId(),
                    order.submitter(),
                    order.symbol(),
                    order.status().wire(),
                    order.mode(),
                    order.changedAt()));
        }
    }

    private static EventsFrame frame(AgentEvent event) {
        if (event instanceof AgentEvent.Connected) {
            return agent(event, "agent_registered", Optional.empty());
        }
        if (event instanceof AgentEvent.StatusChanged changed) {
            return agent(event, "agent_" + changed.status().wire(), Optional.of(changed.reason()));
        }
        return agent(event, "agent_removed", Optional.empty());
    }

    private static EventsFrame agent(AgentEvent event, String what, Optional<String> detail) {
        return new EventsFrame.ChannelEvent("agents", event.name(), what, detail, event.at());
    }
}
