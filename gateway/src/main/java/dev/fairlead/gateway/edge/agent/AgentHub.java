package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.agents.ConnectionEvent;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.SocketSlots;
import dev.fairlead.gateway.edge.socket.Connection;
import dev.fairlead.gateway.edge.socket.FrameRate;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.EnvelopeWriter;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.Subject;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The agents' sockets of one edge, and their ties to the rest of the gateway. Used on the edge's event loop only. */
public final class AgentHub {
    /** Heartbeats of this long travel together; far below anything that depends on them. */
    private static final Duration BEAT_BATCH = Duration.ofMillis(100);

    private static final Duration SWEEP = Duration.ofMillis(250);
    private static final String INBOX = "inbox.";

    private final Settings.Agents settings;
    private final String node;
    private final String edge;
    private final Bus bus;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final SocketSlots slots;
    private final FrameRates rates;
    private final AgentDirectory directory = new AgentDirectory();
    private final AgentRouter router;
    private final Map<Subject, AgentEndpoint> endpoints = new HashMap<>();
    private final Map<AgentSocket, Scheduler.Cancellable> deadlines = new HashMap<>();
    private final List<ConnectionEvent.Beat> beats = new ArrayList<>();
    private final List<MessageConsumer<?>> consumers;
    private final QuoteFanout quotes;
    private final TokenWatch token;
    private final Ticker sweeper;
    private boolean beatsScheduled;

    /**
     * For one edge.
     *
     * @param edge the edge's unique id, its bus place
     * @param rates what each agent has left of its frames, shared by all edges
     * @param endpoints what agents may ask besides what the edge answers itself
     */
    public AgentHub(
            Settings.Agents settings,
            String node,
            String edge,
            Bus bus,
            Context context,
            Scheduler scheduler,
            TimeSource time,
            SocketSlots slots,
            FrameRates rates,
            List<AgentEndpoint> endpoints) {
        this.settings = settings;
        this.node = node;
        this.edge = edge;
        this.bus = bus;
        this.scheduler = scheduler;
        this.time = time;
        this.slots = slots;
        this.rates = rates;
        this.router = new AgentRouter(edge, bus, time, directory);
        this.quotes = new QuoteFanout(edge, bus, context, scheduler, time, router);
        endpoints.forEach(endpoint -> this.endpoints.put(endpoint.subject(), endpoint));
        quotes.endpoints().forEach(endpoint -> this.endpoints.put(endpoint.subject(), endpoint));
        this.consumers = List.of(
                bus.subscribe(AgentEvent.class, directory::apply),
                bus.subscribeAt(edge, ConnectionCommand.class, this::heard),
                bus.subscribeAt(edge, RouteEvent.class, router::heard));
        this.token = new TokenWatch(bus, this::tellTokenState);
        this.sweeper = new Ticker(scheduler, SWEEP, router::isBusy, () -> router.sweep(time.nanos()));
    }

    /** When it knows all that an agent is told at its registration. */
    public Future<Void> ready() {
        return token.ready();
    }

    /**
     * Takes a socket whose upgrade proved an agent's token, and said what a first frame would have said.
     *
     * @return when its registration has come to an end, whichever
     */
    public Future<?> open(Connection connection, String remoteAddress, AgentData.Register announced) {
        AgentSocket socket = new AgentSocket(this, connection, remoteAddress);
        add(connection, socket);
        return socket.startRegistering(announced);
    }

    /**
     * Takes a socket that is to register by its first frame; {@link SocketSlots#enterUnregistered} has been called for
     * it.
     */
    public void openUnregistered(Connection connection, String remoteAddress) {
        AgentSocket socket = new AgentSocket(this, connection, remoteAddress);
        add(connection, socket);
        // What lies in the buffer of a process that did not run meanwhile is read first.
        deadlines.put(
                socket,
                scheduler.after(
                        settings.registrationTimeout(),
                        () -> deadlines.computeIfPresent(
                                socket, (same, due) -> scheduler.after(SWEEP, socket::registrationDeadline))));
        socket.start();
    }

    private void add(Connection connection, AgentSocket socket) {
        router.add(connection.id(), socket);
        sweeper.wake();
    }

    /**
     * Asks an agent for the operator.
     *
     * @return the answer's data; fails with {@code agent_offline}, {@code busy} or {@code timeout}
     */
    public Future<Optional<RawJson>> request(String agent, Subject subject, Optional<RawJson> data, Duration timeout) {
        Promise<Optional<RawJson>> promise = Promise.promise();
        sweeper.wake();
        router.ask(agent, Optional.empty(), Optional.empty(), subject, data, timeout, new PendingRequests.Asker() {
            @Override
            public void answered(Optional<RawJson> answer) {
                promise.tryComplete(answer);
            }

            @Override
            public void failed(FairleadException why) {
                promise.tryFail(why);
            }
        });
        return promise.future();
    }

    public Future<Void> close() {
        sweeper.cancel();
        deadlines.values().forEach(Scheduler.Cancellable::cancel);
        flushBeats();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> token.close())
                .eventually(() -> quotes.close())
                .mapEmpty();
    }

    Settings.Agents settings() {
        return settings;
    }

    String edge() {
        return edge;
    }

    Throttle throttle(Connection connection) {
        return new Throttle(connection, scheduler, settings.maxRate());
    }

    /** What the agent of a new session has left of its frames. */
    FrameRate entered(AgentSession session) {
        return rates.enter(session.name(), time.nanos());
    }

    AgentRouter router() {
        return router;
    }

    long wallMillis() {
        return time.millis();
    }

    TokenState tokenState() {
        return token.state();
    }

    /** One frame for all agents of this edge. */
    private void tellTokenState(TokenState state) {
        byte[] frame = EnvelopeWriter.writeFrame(
                AgentSubjects.TOKEN_STATE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(RawJson.of(FrameCodec.encode(new AgentData.TokenStateNotice(state)))),
                wallMillis());
        router.forEach(socket -> socket.tell(frame));
    }

    Optional<AgentEndpoint> endpoint(Subject subject) {
        return Optional.ofNullable(endpoints.get(subject));
    }

    Subject inbox(long number) {
        return new Subject(INBOX + number);
    }

    Optional<Long> number(Subject inbox) {
        try {
            return Optional.of(
                    Long.parseLong(inbox.value(), INBOX.length(), inbox.value().length(), 10));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    AgentCommands.Connection connection(long id, String remoteAddress) {
        return new AgentCommands.Connection(node, edge, id, remoteAddress);
    }

    Future<AgentCommands.Registered> register(AgentCommands.Register request) {
        return bus.request(request);
    }

    void registered(AgentSession session) {
        directory.connected(session.name(), new Route(edge, session.connection(), session.epoch()));
    }

    /** The network has taken all that a socket was sent. */
    void drained(long connection) {
        quotes.drained(connection);
    }

    void leftUnregistered(AgentSocket socket) {
        Scheduler.Cancellable deadline = deadlines.remove(socket);
        if (deadline != null) {
            deadline.cancel();
            slots.leaveUnregistered(socket.remoteAddress());
        }
    }

    void closed(long connection, Optional<AgentSession> session) {
        router.remove(connection);
        quotes.left(connection);
        session.ifPresent(ended -> {
            rates.leave(ended.name(), time.nanos());
            directory.disconnected(ended.name(), ended.epoch());
            disconnected(ended, "the connection closed");
        });
    }

    void disconnected(AgentSession session, String reason) {
        bus.publish(ConnectionEvent.class, new ConnectionEvent.Disconnected(session.name(), session.epoch(), reason));
    }

    /** An agent tried to speak to another as the gateway: that goes into the audit trail. */
    void refusedReserved(AgentSession session, Subject subject, String address) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        "agent:" + session.name(),
                        "agent.request",
                        subject.value(),
                        address,
                        "refused",
                        ErrorCode.RESERVED_SUBJECT.wire()));
    }

    void beat(AgentSession session) {
        beats.add(new ConnectionEvent.Beat(session.name(), session.epoch()));
        if (!beatsScheduled) {
            beatsScheduled = true;
            scheduler.after(BEAT_BATCH, this::flushBeats);
        }
    }

    private void flushBeats() {
        beatsScheduled = false;
        if (!beats.isEmpty()) {
            bus.publish(ConnectionEvent.class, new ConnectionEvent.Heartbeats(beats));
            beats.clear();
        }
    }

    private void heard(ConnectionCommand command) {
        if (command instanceof ConnectionCommand.Close close) {
            router.socket(close.connectionId())
                    .ifPresent(socket ->
                            socket.close(close.epoch(), close.closeCode().code(), close.reason(), close.error()));
        } else if (command instanceof ConnectionCommand.Deliver deliver) {
            for (ConnectionCommand.Envelope envelope : deliver.envelopes()) {
                router.socket(envelope.connectionId()).ifPresent(socket -> socket.deliver(envelope));
            }
        }
    }
}
