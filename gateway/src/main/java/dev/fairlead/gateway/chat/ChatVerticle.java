package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.chat.budget.StoredSpending;
import dev.fairlead.gateway.chat.llm.LlmAgent;
import dev.fairlead.gateway.chat.operator.OperatorAgent;
import dev.fairlead.gateway.chat.remote.RemoteAgents;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.tools.GatewayTools;
import dev.fairlead.gateway.tools.ToolCaller;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Wires the chats: answers their requests, keeps what happens, tells it, keeps time. */
public final class ChatVerticle extends VerticleBase {
    /** What was said is kept as often, at the latest. */
    private static final Duration TICK = Duration.ofMillis(250);

    /** Between two looks at which nodes are there. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Database database;
    private final Settings settings;
    private final TimeSource time;
    private final MeterRegistry registry;
    private final Ownership ownership;
    private final String node;
    private final ChatQueries queries;
    private final Chats chats;
    private final ChatMetrics metrics;
    private final Map<String, SessionOutlet> outlets = new HashMap<>();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Bus bus;
    private Scheduler scheduler;
    private Ledger ledger;
    private Scheduler.Cancellable looking = () -> {};
    private Optional<Ticker> ticker = Optional.empty(); // not before turns may go on
    private ChatWire wire;
    private Homes homes;
    private Relay relay;
    private SessionMoves moves;
    private ChatAgents agents;
    private RemoteAgents remote;
    private LlmAgent llm;
    private TurnRunner runner;
    private final Traces traces;
    private final TurnSpans spans;
    private Viewing viewing;
    private boolean draining;
    private boolean stopped;

    /** @param ownership says which other nodes there are, and who sees to sessions whose node is gone */
    public ChatVerticle(
            Database database,
            Ownership ownership,
            Settings settings,
            TimeSource time,
            MeterRegistry registry,
            Traces traces) {
        this.traces = traces;
        this.spans = new TurnSpans(traces);
        this.database = database;
        this.settings = settings;
        this.time = time;
        this.registry = registry;
        this.ownership = ownership;
        this.node = ownership.node();
        this.queries = new ChatQueries(database);
        this.chats = new Chats(ChatLimits.of(settings), time);
        this.metrics = new ChatMetrics(registry, chats::running, chats::waiting);
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        scheduler = new VertxScheduler(vertx);
        ledger = Ledger.of(database, scheduler);
        wire = new ChatWire(bus, context, node);
        homes = new Homes(ownership, ledger, queries, id -> moves.takeUp(id));
        relay = new Relay(bus, time, node, ownership::nodes, homes, wire);
        remote = new RemoteAgents(bus);
        llm = new LlmAgent(
                vertx, time, settings.llm(), registry, new StoredSpending(ledger, settings.llm(), time), traces);
        agents = new ChatAgents(
                Map.of(
                        "operator", new ChatAgents.Kind(new OperatorAgent(), true),
                        "llm", new ChatAgents.Kind(llm, false)),
                remote::agent);
        runner = new TurnRunner(bus, time, queries, agents, GatewayTools.of(bus, time, node), metrics, spans, this::in);
        ChatBacklog backlog = new ChatBacklog(database);
        viewing = new Viewing(backlog, queries, chats, outlets, wire);
        Resumption resumption = new Resumption(ledger, queries, backlog, agents, chats, time, node, spans);
        moves = new SessionMoves(
                ownership,
                homes,
                relay,
                wire,
                queries,
                backlog,
                resumption,
                chats,
                outlets,
                this::goesOn,
                this::dropped);
        return (homes.isAlone() ? resumption.takeUp() : homes.takeUpOwn()).compose(taken -> listen());
    }

    /** What was taken up wants something done; before all is there that it may ask, it waits. */
    private void goesOn(String sessionId) {
        if (ticker.isPresent()) {
            in(sessionId, ChatSession::tick);
            ticker.get().wake();
        }
    }

    /** A turn goes on with another node. Its agent least of all is told here: it has been given it again. */
    private void dropped(Turn turn) {
        remote.forget(turn.turnId());
        runner.stop(turn);
    }

    /** Not before all is there that tools and agents may ask. */
    private Future<ChatCommands.GoesOn> goOn() {
        tick();
        ticker.ifPresent(Ticker::cancel);
        ticker = Optional.of(new Ticker(scheduler, TICK, () -> !chats.isEmpty(), this::tick));
        if (!homes.isAlone()) {
            looking = scheduler.every(LOOK, moves::look);
        }
        return Future.succeededFuture(new ChatCommands.GoesOn());
    }

    private Future<?> listen() {
        String place = ChatCommands.place(node);
        consumers.add(bus.answerAt(place, ChatCommands.Open.class, this::open));
        HomeRoutes routes = new HomeRoutes(bus, node, homes);
        routes.answer(place, ChatCommands.Attach.class, ChatCommands.Attach::sessionId, viewing::attach, relay::attach);
        routes.answer(place, ChatCommands.Say.class, ChatCommands.Say::sessionId, this::say, relay::say);
        routes.answer(place, ChatCommands.GetEntries.class, ChatCommands.GetEntries::sessionId, viewing::entries);
        routes.answer(place, ChatCommands.Abort.class, ChatCommands.Abort::sessionId, this::abort);
        routes.answer(place, ChatCommands.Decide.class, ChatCommands.Decide::sessionId, this::decide);
        routes.answer(
                ApprovalCommands.place(Approval.Kind.TOOL),
                ApprovalCommands.Carry.class,
                carry -> carry.sessionId().orElseThrow(),
                this::carry);
        routes.answer(place, ChatCommands.GetMessages.class, ChatCommands.GetMessages::sessionId, this::messages);
        routes.answer(place, ChatCommands.Delete.class, ChatCommands.Delete::sessionId, this::delete);
        consumers.addAll(routes.consumers());
        consumers.add(bus.answerAt(place, ChatCommands.ListSessions.class, queries::sessions));
        consumers.add(bus.answerAt(place, ChatCommands.GetMessagesAfter.class, queries::messagesAfter));
        consumers.add(bus.answerAt(place, ChatCommands.Rename.class, this::rename));
        consumers.add(bus.answerAt(place, ChatCommands.GoOn.class, go -> goOn()));
        consumers.add(bus.answerAt(place, ChatCommands.Drain.class, drain -> drain()));
        consumers.addAll(new AgentTurns(bus, node, remote, homes, queries).listen());
        if (!homes.isAlone()) {
            consumers.addAll(relay.listen());
            consumers.addAll(moves.listen(bus));
        }
        consumers.add(bus.subscribe(AgentEvent.class, remote::hear));
        consumers.add(bus.answerAt("chat", HealthCommands.Check.class, check -> Future.succeededFuture(health())));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        looking.cancel();
        ticker.ifPresent(Ticker::cancel);
        draining = true;
        tick(); // keeps what came of answers since the last time
        stopped = true;
        for (String id : chats.active()) {
            chats.find(id).flatMap(ChatSession::running).ifPresent(runner::stop);
        }
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> llm.close());
    }

    private HealthCommands.Result health() {
        boolean stuck = outlets.values().stream().anyMatch(SessionOutlet::waitsForStorage);
        return stuck
                ? new HealthCommands.Result(false, "the database does not answer; chats wait for it")
                : new HealthCommands.Result(true, chats.running() + " turns run");
    }

    private Future<ChatCommands.Opened> open(ChatCommands.Open open) {
        String id = open.sessionId().map(ChatRequests::sessionId).orElseGet(() -> UUID.randomUUID()
                .toString());
        open.name().ifPresent(ChatRequests::name);
        return queries.find(id).compose(found -> {
            found.ifPresent(session -> ChatRepository.requireOwner(session.owner(), open.owner()));
            Optional<ChatCommands.Session> session = found.map(ChatQueries.Owned::session);
            int count = session.map(ChatCommands.Session::messageCount).orElse(0);
            return prepare(agentOf(open.agent(), session))
                    .map(problem -> new ChatCommands.Opened(
                            id, session.flatMap(ChatCommands.Session::name).or(open::name), count > 0, count, problem));
        });
    }

    private Future<Optional<String>> prepare(String agent) {
        Future<Void> prepared;
        try {
            prepared = agents.require(agent).agent().prepare();
        } catch (FairleadException refusal) {
            prepared = Future.failedFuture(refusal);
        }
        return prepared.map(ignored -> Optional.<String>empty())
                .otherwise(
                        cause -> Optional.of(Sanitised.text(Bus.refusal(cause).getMessage())));
    }

    private String agentOf(Optional<String> asked, Optional<ChatCommands.Session> session) {
        return asked.or(() -> session.map(ChatCommands.Session::agent))
                .orElse(settings.chat().agent());
    }

    private Future<ChatCommands.Said> say(ChatCommands.Say say) {
        ChatRequests.check(say);
        if (draining) {
            throw new FairleadException(ErrorCode.SHUTTING_DOWN, "The gateway is shutting down; send it again later");
        }
        ChatSession session;
        try {
            session = chats.reserve(say.sessionId());
            ticker.ifPresent(Ticker::wake);
        } catch (FairleadException busy) {
            return known(say).map(turn -> turn.orElseThrow(() -> busy));
        }
        String turnId = UUID.randomUUID().toString();
        Instant now = time.instant();
        // Whose session it is, the commit looks; who answers, most clients say.
        Future<Optional<ChatQueries.Owned>> known =
                say.agent().isPresent() ? Future.succeededFuture(Optional.empty()) : queries.find(say.sessionId());
        return known.compose(found -> {
                    String agent = agentOf(say.agent(), found.map(ChatQueries.Owned::session));
                    ChatAgent answering = agents.require(agent).agent();
                    ChatCommands.Say traced = spans.asked(turnId, say, agent, answering.provider());
                    Turn turn = new Turn(
                            turnId,
                            say.sessionId(),
                            say.content(),
                            say.pageContext().filter(page -> PageHints.of(page).isPresent()),
                            agent,
                            answering.provider(),
                            answering.silence(),
                            say.owner(),
                            say.address(),
                            say.origin(),
                            say.takesAlong(),
                            traced.given(),
                            false);
                    return ledger.commit(c -> new Begun(
                                    ChatRepository.accept(c, traced, agent, turnId, node, now),
                                    homes.claim(c, say.sessionId())))
                            .map(begun -> {
                                ChatRepository.Accepted kept = begun.accepted();
                                homes.holds(say.sessionId(), begun.home());
                                if (kept.known()) {
                                    spans.forgotten(turnId);
                                    session.notAccepted();
                                } else {
                                    session.numbers(kept.numbers());
                                    session.accepted(turn);
                                }
                                carryOut(say.sessionId(), session);
                                return kept;
                            });
                })
                .onFailure(cause -> {
                    spans.forgotten(turnId);
                    session.notAccepted();
                    carryOut(say.sessionId(), session);
                })
                .map(kept -> new ChatCommands.Said(kept.turnId(), kept.known()));
    }

    /** A message that was taken in, and the right to have the session here. */
    private record Begun(ChatRepository.Accepted accepted, Optional<HomeRows.Home> home) {}

    /** A message that is sent again is no new one: it needs no room. */
    private Future<Optional<ChatCommands.Said>> known(ChatCommands.Say say) {
        return say.idempotencyKey()
                .map(key -> queries.turnOf(say.sessionId(), say.owner(), key)
                        .map(turn -> turn.map(id -> new ChatCommands.Said(id, true))))
                .orElse(Future.succeededFuture(Optional.empty()));
    }

    private Future<ChatCommands.Aborted> abort(ChatCommands.Abort abort) {
        return queries.require(abort.sessionId(), abort.owner()).map(session -> {
            Optional<ChatSession> active = chats.find(abort.sessionId());
            Optional<String> turn = active.flatMap(ChatSession::abort);
            active.ifPresent(aborted -> carryOut(abort.sessionId(), aborted));
            return new ChatCommands.Aborted(turn);
        });
    }

    private Future<ChatCommands.Decided> decide(ChatCommands.Decide decide) {
        return queries.require(decide.sessionId(), decide.owner()).map(session -> {
            ChatSession active = chats.open(decide.sessionId());
            try {
                active.decide(decide.callId(), decide.approve());
                runner.decidedBy(
                        decide.callId(),
                        new ToolCaller(
                                decide.owner(),
                                decide.address(),
                                decide.sessionId(),
                                session.turnId().orElse(""),
                                decide.callId()));
            } finally {
                carryOut(decide.sessionId(), active);
            }
            return new ChatCommands.Decided(decide.callId());
        });
    }

    /** An answer from the inbox of approvals, which is the operator's, whoever the session's owner. */
    private Future<ApprovalCommands.Carried> carry(ApprovalCommands.Carry answer) {
        String sessionId = answer.sessionId().orElseThrow();
        ChatSession active = chats.open(sessionId);
        try {
            active.decide(answer.id(), answer.approve());
            runner.decidedBy(answer.id(), new ToolCaller(answer.actor(), answer.address(), sessionId, "", answer.id()));
        } finally {
            carryOut(sessionId, active);
        }
        return kept(sessionId).map(kept -> new ApprovalCommands.Carried(answer.id()));
    }

    /** What is read as ended has been told by the time this is answered. */
    private Future<ChatCommands.Messages> messages(ChatCommands.GetMessages asked) {
        return queries.messages(asked)
                .compose(messages -> told(asked.sessionId()).map(messages));
    }

    private Future<Void> kept(String sessionId) {
        return Optional.ofNullable(outlets.get(sessionId))
                .map(SessionOutlet::empty)
                .orElseGet(Future::succeededFuture);
    }

    private Future<Void> told(String sessionId) {
        return kept(sessionId).onComplete(empty -> wire.position(sessionId)); // has what is due leave
    }

    private Future<ChatCommands.Renamed> rename(ChatCommands.Rename rename) {
        ChatRequests.name(rename.name());
        return ledger.commit(c -> ChatRepository.rename(c, rename))
                .compose(ignored -> queries.require(rename.sessionId(), rename.owner()))
                .map(ChatCommands.Renamed::new);
    }

    private Future<ChatCommands.Deleted> delete(ChatCommands.Delete delete) {
        if (chats.find(delete.sessionId()).filter(session -> !session.isIdle()).isPresent()) {
            throw new FairleadException(
                    ErrorCode.INVALID_STATE,
                    "Something is under way in this session; abort the turn and decide on its tool calls first");
        }
        return ledger.commit(c -> ChatRepository.delete(c, delete.sessionId(), delete.owner()))
                .map(deleted -> {
                    if (!deleted) {
                        throw ChatQueries.notFound(delete.sessionId());
                    }
                    wire.gone(delete.sessionId());
                    ChatTrail.deleted(bus, delete, time.instant());
                    return new ChatCommands.Deleted(delete.sessionId());
                });
    }

    /** Takes nothing new; answered when no turn is at work any more: one that waits for a person goes on later. */
    private Future<ChatCommands.Drained> drain() {
        draining = true;
        return chats.atWork() == 0
                ? Future.succeededFuture(new ChatCommands.Drained())
                : vertx.timer(TICK.toMillis())
                        .compose(ignored -> drain())
                        .otherwise(new ChatCommands.Drained()); // the time for it is up
    }

    /** What an agent says to being stopped is no answer: its turn goes on after the restart. */
    private void in(String sessionId, Consumer<ChatSession> action) {
        if (stopped) {
            return;
        }
        chats.find(sessionId).ifPresent(session -> {
            action.accept(session);
            carryOut(sessionId, session);
        });
    }

    private void tick() {
        for (String id : chats.active()) {
            in(id, ChatSession::tick);
        }
    }

    private void carryOut(String sessionId, ChatSession session) {
        List<Effect> effects = session.take();
        effects.forEach(this::noteRefused);
        if (!effects.isEmpty()) {
            outlets.computeIfAbsent(
                            sessionId,
                            id -> new SessionOutlet(
                                    ledger,
                                    time,
                                    homes.guard(id),
                                    outlet -> moves.lost(id, outlet),
                                    effect -> stage(id, effect)))
                    .add(effects);
        }
        SessionOutlet outlet = outlets.get(sessionId);
        if ((outlet == null || outlet.isEmpty()) && chats.release(sessionId)) {
            outlets.remove(sessionId);
            homes.letGo(sessionId);
        }
    }

    private void noteRefused(Effect effect) {
        if (effect instanceof Effect.Keep keep && keep.entry() instanceof ChatEntry.Ended ended) {
            ended.failure()
                    .filter(failure -> failure.code().equals(ErrorCode.CHAT_SESSION_BUSY.wire()))
                    .ifPresent(busy -> spans.refused(ended.turnId()));
        }
    }

    private void stage(String sessionId, Effect effect) {
        if (effect instanceof Effect.Tell tell) {
            wire.tell(sessionId, tell.told(), tell.except());
        } else if (effect instanceof Effect.Run run) {
            runner.run(run.turn());
        } else if (effect instanceof Effect.Stop stop) {
            runner.stop(stop.turn());
        } else if (effect instanceof Effect.LookUp lookUp) {
            runner.lookUp(sessionId, lookUp.call());
        } else if (effect instanceof Effect.Call call) {
            runner.call(sessionId, call.call());
        } else if (effect instanceof Effect.Settle settle) {
            runner.settle(settle.call(), settle.outcome());
        } else if (effect instanceof Effect.Asks asks) {
            bus.publish(ApprovalEvent.class, asks.event());
        } else if (effect instanceof Effect.News news) {
            if (news.event() instanceof ChatEvent.TurnEnded ended) {
                metrics.ended(
                        ended.reason().isEmpty()
                                ? TurnEnd.DONE
                                : ended.reason().get().equals(TurnEnd.ABORTED.status())
                                        ? TurnEnd.ABORTED
                                        : TurnEnd.ERROR);
            }
            bus.publish(ChatEvent.class, news.event());
        }
    }
}
