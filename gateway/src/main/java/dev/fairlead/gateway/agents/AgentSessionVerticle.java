package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.Projection;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.LeapGuard;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Wires the agents' concern: answers its requests, hears the edges, keeps time. */
public final class AgentSessionVerticle extends VerticleBase {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration PRUNE_PERIOD = Duration.ofMinutes(1);

    /** How often it is looked which nodes are there. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final String HEALTH_PLACE = "agents";

    private final Database database;
    private final Ownership ownership;
    private final Settings settings;
    private final TimeSource time;
    private final String node;
    private final AgentMetrics metrics;
    private final TokenIssuer issuer;
    private final TokenVerifier verifier;
    private final AgentRepository repository;
    private final AgentSessions sessions;
    private final OthersAgents others;
    private final LeapGuard leaps;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Ledger ledger;
    private AgentAccess access;
    private Ticker ticks; // null until it has started
    private Scheduler.Cancellable looking = () -> {};
    private Bus bus;
    private StreamPublisher<AgentEvent> stream;
    private boolean saving;

    /** @param ownership says which other nodes there are */
    public AgentSessionVerticle(
            Database database,
            Ownership ownership,
            Settings settings,
            TokenIssuer issuer,
            TokenVerifier verifier,
            TimeSource time,
            MeterRegistry metrics) {
        this.database = database;
        this.ownership = ownership;
        this.settings = settings;
        this.time = time;
        this.node = ownership.node();
        this.metrics = new AgentMetrics(metrics);
        this.issuer = issuer;
        this.verifier = verifier;
        this.repository = new AgentRepository(issuer);
        this.sessions = new AgentSessions(time, settings.agents());
        this.others = new OthersAgents(time, sessions);
        this.leaps = new LeapGuard(time.nanos());
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        ledger = Ledger.of(database, scheduler);
        access = new AgentAccess(
                ledger, issuer, verifier, time, settings.agents().revokeOverlap());
        return new AgentQueries(database).agents().compose(known -> {
            known.forEach(sessions::know);
            metrics.count(sessions.count());
            stream = StreamPublisher.open(vertx, time, node, settings.streams(), "agents", new AgentStream(sessions));
            ticks = new Ticker(scheduler, TICK, sessions::isBusy, this::tick);
            Janitor janitor = new Janitor(database, scheduler, ownership);
            scheduler.every(PRUNE_PERIOD, () -> janitor.sweep("tokens", Integer.MAX_VALUE, access::prune));
            return listen();
        });
    }

    private Future<?> listen() {
        consumers.add(bus.answer(AgentCommands.Authenticate.class, this::authenticate));
        consumers.add(bus.answer(AgentCommands.Register.class, this::register));
        consumers.add(bus.answer(AgentCommands.CreateRegistrationToken.class, this::createToken));
        consumers.add(bus.answer(AgentCommands.CreateProgramToken.class, this::createToken));
        consumers.add(bus.answer(AgentCommands.ListAgents.class, this::list));
        consumers.add(bus.answer(AgentCommands.GetAgent.class, this::get));
        consumers.add(bus.answer(AgentCommands.RevokeAgent.class, this::revoke));
        consumers.add(bus.answer(AgentCommands.RotateToken.class, this::rotate));
        consumers.add(bus.answerAt(HEALTH_PLACE, HealthCommands.Check.class, this::health));
        consumers.add(bus.subscribe(ConnectionEvent.class, this::hear));
        if (!ownership.isAlone()) {
            consumers.add(bus.subscribe(AgentNews.class, this::hear));
            consumers.add(bus.answer(
                    AgentCommands.ListConnected.class,
                    asked -> Future.succeededFuture(new AgentCommands.Connected(sessions.connected()))));
            consumers.add(bus.answerAt(node, AgentCommands.MeetOthers.class, this::meetOthers));
        }
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        looking.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> stream.close())
                .eventually(this::saveLastSeen);
    }

    private Future<AgentCommands.Met> meetOthers(AgentCommands.MeetOthers command) {
        Projection<AgentCommands.Connected> nodes = Projection.ofNodes(
                bus, ownership, new AgentCommands.ListConnected(), this::shown, away -> show(others.away(away)));
        consumers.add(nodes.listen());
        looking = new VertxScheduler(vertx).every(LOOK, () -> {
            nodes.look();
            metrics.count(sessions.count());
        });
        nodes.look();
        return Future.succeededFuture(new AgentCommands.Met());
    }

    /** What a node has to say; of what it may have said before this one listened, the database knows the rest. */
    private void shown(String from, AgentCommands.Connected connected) {
        show(others.shown(from, connected.agents()));
        Map<String, Long> before = others.epochs();
        new AgentQueries(database).agents().onSuccess(kept -> show(others.read(before, kept)));
    }

    private void hear(AgentNews news) {
        if (news.node().equals(node)) {
            return;
        }
        if (news instanceof AgentNews.Happened happened) {
            happened.events().forEach(event -> show(others.told(event)));
        } else if (news instanceof AgentNews.Heard heard) {
            others.heard(heard.agents());
        } else if (news instanceof AgentNews.Rotated rotated) {
            sessions.rotated(rotated.name(), rotated.jti(), rotated.previousEnd());
        }
    }

    private Future<AgentCommands.Identity> authenticate(AgentCommands.Authenticate command) {
        return access.authenticate(command);
    }

    private Future<AgentCommands.Registered> register(AgentCommands.Register command) {
        // What the check of the token throws is to be counted as what the database refuses.
        Future<Registration.Outcome.Admitted> admission =
                Future.succeededFuture(command).compose(access::register);
        return admission.onFailure(failure -> refused(command, failure)).map(admitted -> {
            StoredAgent agent = admitted.agent();
            List<Effect> effects = sessions.registered(admitted, command.connection());
            metrics.registered(effects.stream().anyMatch(Effect.Tell.class::isInstance));
            perform(effects);
            ticks.wake();
            if (admitted.handedOut().isPresent()) {
                // Not every reconnect: only that credentials were given out.
                String actor = "agent:" + agent.name();
                audit(
                        actor,
                        "agent.register",
                        agent.name(),
                        command.connection().remoteAddress());
            }
            return new AgentCommands.Registered(
                    agent.agentId(),
                    agent.name(),
                    admitted.handedOut(),
                    agent.epoch(),
                    admitted.jti(),
                    sessions.find(agent.name()).orElseThrow());
        });
    }

    private void refused(AgentCommands.Register command, Throwable failure) {
        ErrorCode why = Bus.refusal(failure).code();
        if (why == ErrorCode.UNAUTHORIZED) {
            metrics.refused();
        }
        if (why == ErrorCode.UNAUTHORIZED || why == ErrorCode.FORBIDDEN) {
            bus.publish(
                    AuditEvents.class,
                    new AuditEvents.Recorded(
                            time.instant(),
                            AuditEvents.STRANGER,
                            "agent.register",
                            "",
                            command.connection().remoteAddress(),
                            AuditEvents.REFUSED,
                            why.wire()));
        }
    }

    private Future<AgentCommands.RegistrationToken> createToken(AgentCommands.CreateRegistrationToken command) {
        return access.createRegistrationToken(command.agentName()).map(created -> {
            audit(command.actor(), "agent.token.create", created.agentName(), command.address());
            return created;
        });
    }

    private Future<AgentCommands.RegistrationToken> createToken(AgentCommands.CreateProgramToken command) {
        return access.createProgramToken(command.agentName()).map(created -> {
            audit("gateway", "agent.token.create", created.agentName(), "");
            return created;
        });
    }

    private Future<AgentCommands.AgentList> list(AgentCommands.ListAgents command) {
        return Future.succeededFuture(new AgentCommands.AgentList(sessions.list()));
    }

    private Future<AgentCommands.AgentFound> get(AgentCommands.GetAgent command) {
        Promise<AgentCommands.AgentFound> found = Promise.promise();
        // A turn later, after what was told of changes so far: who asks then knows of them.
        context.runOnContext(ignored -> sessions.find(command.name())
                .ifPresentOrElse(
                        agent -> found.complete(new AgentCommands.AgentFound(agent)),
                        () -> found.fail(AgentAccess.notFound(command.name()))));
        return found.future();
    }

    private Future<AgentCommands.AgentRevoked> revoke(AgentCommands.RevokeAgent command) {
        return access.revoke(command.name()).map(revoked -> {
            perform(sessions.revoked(command.name()));
            audit(command.actor(), "agent.revoke", command.name(), command.address());
            return revoked;
        });
    }

    private Future<AgentCommands.TokenRotated> rotate(AgentCommands.RotateToken command) {
        return access.rotate(command.name()).map(rotated -> {
            sessions.rotated(command.name(), rotated.jti(), rotated.answer().previousValidUntil());
            if (!ownership.isAlone()) {
                bus.publish(
                        AgentNews.class,
                        new AgentNews.Rotated(
                                node,
                                command.name(),
                                rotated.jti(),
                                rotated.answer().previousValidUntil()));
            }
            audit(command.actor(), "agent.token.rotate", command.name(), command.address());
            return rotated.answer();
        });
    }

    private Future<HealthCommands.Result> health(HealthCommands.Check command) {
        Map<AgentStatus, Long> count = sessions.count();
        return Future.succeededFuture(new HealthCommands.Result(
                true,
                count.getOrDefault(AgentStatus.ONLINE, 0L) + " online, "
                        + count.getOrDefault(AgentStatus.STALE, 0L) + " stale, "
                        + count.getOrDefault(AgentStatus.OFFLINE, 0L) + " offline"));
    }

    private void hear(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Heartbeats heartbeats) {
            perform(sessions.heard(heartbeats.beats()));
        } else if (event instanceof ConnectionEvent.Disconnected disconnected) {
            perform(sessions.disconnected(disconnected));
        }
    }

    private void tick() {
        if (leaps.mayJudge(time.nanos())) {
            perform(sessions.tick());
        }
        metrics.count(sessions.count());
        saveLastSeen();
    }

    /** One batch for all agents, and none while the one before is under way. */
    private Future<?> saveLastSeen() {
        Map<String, Instant> batch = sessions.unsavedLastSeen();
        if (saving || batch.isEmpty()) {
            return Future.succeededFuture();
        }
        saving = true;
        if (!ownership.isAlone()) {
            bus.publish(AgentNews.class, new AgentNews.Heard(node, sessions.seen(batch)));
        }
        return ledger.commit(c -> repository.seen(c, batch), written -> sessions.saved(batch))
                .onComplete(done -> saving = false);
    }

    /**
     * Everybody hears of a change in the turn it is made: the stream, so that no snapshot is ahead of it; the others
     * before who asked has the answer, so that nothing a replaced connection says after that finds somebody who still
     * takes it for the current one.
     */
    private void perform(List<Effect> effects) {
        show(effects);
        if (!ownership.isAlone()) {
            List<AgentEvent> news = effects.stream()
                    .flatMap(effect ->
                            effect instanceof Effect.Publish publish ? Stream.of(publish.event()) : Stream.empty())
                    .toList();
            if (!news.isEmpty()) {
                bus.publish(AgentNews.class, new AgentNews.Happened(node, news));
            }
        }
    }

    /** On this node alone. */
    private void show(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                stream.publish(publish.event());
            }
        }
        effects.forEach(this::tell);
    }

    private void audit(String actor, String action, String target, String address) {
        bus.publish(
                AuditEvents.class, new AuditEvents.Recorded(time.instant(), actor, action, target, address, "ok", ""));
    }

    private void tell(Effect effect) {
        if (effect instanceof Effect.Publish publish) {
            bus.publish(AgentEvent.class, publish.event());
        } else if (effect instanceof Effect.Tell tell) {
            bus.publishAt(tell.edge(), ConnectionCommand.class, tell.command());
        }
    }
}
