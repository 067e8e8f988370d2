package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.agent.PendingRequests.Asker;
import dev.fairlead.gateway.edge.socket.Connection;
import dev.fairlead.gateway.edge.socket.Outbox;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.EnvelopeView;
import dev.fairlead.protocol.EnvelopeWriter;
import dev.fairlead.protocol.ErrorBody;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.Subject;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is spoken on one agent's socket. Until it is registered it hears {@code agent.register} alone; from then on the
 * session's name, taken from the token, stands behind everything it sends. Used on its edge's event loop only.
 */
final class AgentSocket implements Connection.Listener {
    private static final int PROTOCOL = 1;

    private enum State {
        UNREGISTERED,
        REGISTERING,
        REGISTERED,
        CLOSED
    }

    private final AgentHub hub;
    private final Connection connection;
    private final String remoteAddress;
    private final PendingRequests pending;
    private final Throttle throttle;
    private final OpenRequests requests;
    private State state = State.UNREGISTERED;
    private String tokenGiven = "";
    private AgentData.Registered registration; // null until registered
    private AgentSession session; // null until registered
    private final List<ConnectionCommand.Envelope> early = new ArrayList<>(); // as bounded as what concerns send

    AgentSocket(AgentHub hub, Connection connection, String remoteAddress) {
        this.hub = hub;
        this.connection = connection;
        this.remoteAddress = remoteAddress;
        this.pending = new PendingRequests(hub.settings().requestMaxPending());
        this.throttle = hub.throttle(connection);
        this.requests = new OpenRequests(hub.settings().requestMaxPending());
        connection.closeIfSlow(true);
        connection.outbox().onDrained(this::drained);
    }

    String remoteAddress() {
        return remoteAddress;
    }

    /** Starts with the token of the upgrade: the first frame is then the gateway's {@code agent.register.ack}. */
    Future<?> startRegistering(AgentData.Register announced) {
        connection.listen(this);
        return register(announced, Optional.empty());
    }

    /** Starts unregistered; the first frame must register, and soon. */
    void start() {
        connection.listen(this);
    }

    @Override
    public void onText(byte[] message) {
        if (state == State.REGISTERED && !throttle.admits()) {
            overrun(message);
            return;
        }
        EnvelopeView envelope;
        try {
            envelope = EnvelopeView.parse(message);
        } catch (FairleadException refusal) {
            send(AgentSubjects.ERROR, ErrorBody.of(refusal));
            return;
        }
        try {
            if (state == State.REGISTERED) {
                registered(envelope);
            } else if (envelope.subject().equals(AgentSubjects.REGISTER)) {
                register(
                        envelope.data()
                                .orElseThrow(() -> new FairleadException(
                                        ErrorCode.BAD_REQUEST, "agent.register needs data with a token"))
                                .as(AgentData.Register.class),
                        envelope.reply());
            } else {
                throw new FairleadException(
                        ErrorCode.NOT_REGISTERED, "Send agent.register first; nothing else is heard before");
            }
        } catch (FairleadException refusal) {
            refuse(envelope.subject(), envelope.reply(), refusal);
        }
        if (connection.outbox().isStalled()) {
            connection.pause(); // who does not read is not read from
        }
    }

    private void overrun(byte[] message) {
        FairleadException refusal = throttle.refusal();
        try {
            EnvelopeView envelope = EnvelopeView.parse(message);
            refuse(envelope.subject(), envelope.reply(), refusal);
        } catch (FairleadException malformed) {
            send(AgentSubjects.ERROR, ErrorBody.of(refusal));
        }
        throttle.hold();
    }

    @Override
    public void onClosed() {
        boolean was = state == State.REGISTERED;
        if (state == State.UNREGISTERED) {
            hub.leftUnregistered(this);
        }
        state = State.CLOSED;
        pending.failAll(offline());
        hub.closed(connection.id(), was ? Optional.of(session) : Optional.empty());
    }

    /** Closes a socket that has not registered in time. */
    void registrationDeadline() {
        if (state == State.UNREGISTERED) {
            String why = "no registration within "
                    + hub.settings().registrationTimeout().toSeconds() + " s";
            send(AgentSubjects.ERROR, ErrorBody.of(ErrorCode.REGISTRATION_TIMEOUT, why));
            connection.close(CloseCode.REGISTRATION_TIMEOUT, why);
        }
    }

    boolean isOwner(long epoch) {
        return state == State.REGISTERED && session.epoch() == epoch && !connection.isClosing();
    }

    /** Asks this agent; the answer counts only on this connection. */
    void ask(
            Optional<String> from,
            Optional<String> traceparent,
            Subject subject,
            Optional<RawJson> data,
            long deadline,
            Asker asker) {
        long number = pending.add(asker, deadline, from);
        if (!deliver(subject, Optional.of(hub.inbox(number)), from, traceparent, data)) {
            pending.fail(
                    number, new FairleadException(ErrorCode.BUSY, "The agent takes too little of what it is sent"));
        }
    }

    /** Sends an envelope; false where the outbox is full or the socket closed. */
    boolean deliver(Subject subject, Optional<Subject> reply, Optional<String> from, Optional<RawJson> data) {
        return deliver(subject, reply, from, Optional.empty(), data);
    }

    private boolean deliver(
            Subject subject,
            Optional<Subject> reply,
            Optional<String> from,
            Optional<String> traceparent,
            Optional<RawJson> data) {
        byte[] frame = EnvelopeWriter.writeFrame(subject, reply, from, traceparent, data, hub.wallMillis());
        return connection.sendEncoded(frame, 1) == Outbox.Offer.ACCEPTED;
    }

    /** Sends what a concern tells this agent; one that takes too little for it is closed. */
    void deliver(ConnectionCommand.Envelope envelope) {
        if (state == State.REGISTERING) {
            early.add(envelope); // the registration is known to others before its answer is here
        } else if (isOwner(envelope.epoch())
                && !deliver(
                        new Subject(envelope.subject()),
                        Optional.empty(),
                        Optional.empty(),
                        envelope.traceparent(),
                        Optional.of(envelope.data()))) {
            connection.close(CloseCode.INVALID_FRAME, "slow_consumer");
        }
    }

    /** Sends a frame that all agents get; one that takes too little for it is closed. */
    void tell(byte[] frame) {
        if (state == State.REGISTERED
                && !connection.isClosing()
                && connection.sendEncoded(frame, 1) != Outbox.Offer.ACCEPTED) {
            connection.close(CloseCode.INVALID_FRAME, "slow_consumer");
        }
    }

    /**
     * Sends frames shared with other agents and takes over the reference; what it gets is its loss where it is behind.
     */
    void tellShared(ByteBuf frames, int count) {
        if (state == State.REGISTERED && !connection.isClosing()) {
            connection.sendShared(frames, count);
        } else {
            frames.release();
        }
    }

    /** Whether the network is behind: what is sent now would wait. */
    boolean isBehind() {
        return connection.outbox().isStalled();
    }

    /** Sends what the agents' concern says of this connection, unless it has registered anew since. */
    void close(long epoch, int code, String reason, Optional<ErrorCode> error) {
        if (session == null || session.epoch() != epoch) {
            return;
        }
        error.ifPresent(what -> send(AgentSubjects.ERROR, ErrorBody.of(what, reason)));
        connection.close(code, reason);
    }

    void expireRequests(long now) {
        pending.expire(now);
    }

    private void registered(EnvelopeView envelope) {
        Subject subject = envelope.subject();
        if (subject.isInbox()) {
            // An answer to nothing that waits here, late or forged, is dropped without a word.
            hub.number(subject).ifPresent(number -> pending.answer(number, envelope.data()));
        } else if (subject.equals(AgentSubjects.HEARTBEAT)) {
            hub.beat(session);
            reply(envelope, Optional.empty());
        } else if (subject.equals(AgentSubjects.ECHO)) {
            deliver(envelope.reply().orElse(AgentSubjects.ECHO), Optional.empty(), Optional.empty(), envelope.data());
        } else if (subject.equals(AgentSubjects.REGISTER)) {
            registerAgain(envelope);
        } else {
            Optional<Subject.AgentTarget> target = subject.agentTarget();
            if (target.isPresent()) {
                route(envelope, target.get());
            } else {
                answer(envelope);
            }
        }
    }

    private void route(EnvelopeView envelope, Subject.AgentTarget target) {
        if (target.rest().isReserved()) {
            hub.refusedReserved(session, envelope.subject(), remoteAddress);
            target.rest().requireUnreserved();
        }
        Subject subject = envelope.subject(); // not the envelope, whose data would be held until the answer comes
        Optional<Subject> reply = envelope.reply();
        Asker asker = requests.open(
                data -> deliver(reply.orElseGet(subject::ack), Optional.empty(), Optional.empty(), data),
                why -> refuse(subject, reply, why));
        hub.router()
                .ask(
                        target.name(),
                        Optional.of(session.name()),
                        envelope.traceparent(),
                        target.rest(),
                        envelope.data(),
                        hub.settings().requestTimeout(),
                        asker);
    }

    private void answer(EnvelopeView envelope) {
        AgentEndpoint endpoint = hub.endpoint(envelope.subject())
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.UNKNOWN_SUBJECT, "This gateway knows no subject '" + envelope.subject() + "'"));
        Future<RawJson> answer;
        try {
            answer = endpoint.handler().answer(session, envelope.data(), envelope.traceparent());
        } catch (FairleadException refusal) {
            answer = Future.failedFuture(refusal);
        }
        answer.onComplete(done -> {
            if (state != State.REGISTERED) {
                return;
            }
            if (done.succeeded()) {
                reply(envelope, Optional.of(done.result()));
            } else {
                refuse(envelope.subject(), envelope.reply(), Bus.refusal(done.cause()));
            }
        });
    }

    private Future<?> register(AgentData.Register request, Optional<Subject> reply) {
        if (state == State.UNREGISTERED) {
            hub.leftUnregistered(this);
        }
        state = State.REGISTERING;
        tokenGiven = request.token();
        connection.pause();
        return hub.register(new AgentCommands.Register(
                        request.token(),
                        request.nonce(),
                        request.name(),
                        request.version(),
                        request.capabilities().orElse(List.of()),
                        hub.connection(connection.id(), remoteAddress)))
                .onComplete(done -> {
                    connection.resume();
                    if (done.succeeded()) {
                        accepted(done.result(), reply);
                    } else {
                        refused(Bus.refusal(done.cause()), reply);
                    }
                });
    }

    private void accepted(AgentCommands.Registered result, Optional<Subject> reply) {
        AgentSession made = new AgentSession(result.name(), result.epoch(), hub.edge(), connection.id());
        if (state == State.CLOSED || connection.isClosing()) {
            hub.disconnected(made, "the connection closed while it registered");
            return;
        }
        session = made;
        state = State.REGISTERED;
        throttle.goOnWith(hub.entered(made));
        registration = new AgentData.Registered(
                result.agentId(),
                result.name(),
                result.token(),
                hub.settings().heartbeatInterval().toMillis(),
                hub.tokenState(),
                PROTOCOL,
                result.epoch());
        hub.registered(made);
        send(reply.orElse(AgentSubjects.REGISTER_ACK), registration);
        send(AgentSubjects.TOKEN_STATE, new AgentData.TokenStateNotice(hub.tokenState()));
        early.forEach(this::deliver);
        early.clear();
    }

    private void refused(FairleadException refusal, Optional<Subject> reply) {
        if (state == State.CLOSED) {
            return;
        }
        refuse(AgentSubjects.REGISTER, reply, refusal);
        boolean ours = refusal.code().httpStatus() >= 500;
        if (ours) {
            connection.close(CloseCode.INTERNAL, refusal.getMessage()); // the agent comes back by itself
        } else {
            connection.close(CloseCode.UNAUTHORIZED, refusal.getMessage());
        }
    }

    private void registerAgain(EnvelopeView envelope) {
        AgentData.Register request = envelope.data()
                .orElseThrow(
                        () -> new FairleadException(ErrorCode.BAD_REQUEST, "agent.register needs data with a token"))
                .as(AgentData.Register.class);
        if (!request.token().equals(tokenGiven)) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "This connection is registered as '" + session.name() + "'; open another one for another token");
        }
        send(envelope.reply().orElse(AgentSubjects.REGISTER_ACK), registration);
    }

    private void reply(EnvelopeView envelope, Optional<RawJson> data) {
        deliver(envelope.reply().orElseGet(() -> envelope.subject().ack()), Optional.empty(), Optional.empty(), data);
    }

    private void refuse(Subject subject, Optional<Subject> reply, FairleadException refusal) {
        send(reply.orElse(AgentSubjects.ERROR), ErrorBody.of(refusal, subject));
    }

    private void send(Subject subject, Object data) {
        deliver(subject, Optional.empty(), Optional.empty(), Optional.of(RawJson.of(FrameCodec.encode(data))));
    }

    private void drained() {
        if (state != State.REGISTERING && !throttle.isPausing()) {
            connection.resume();
        }
        hub.drained(connection.id());
    }

    private FairleadException offline() {
        String name = session == null ? "the agent" : "agent '" + session.name() + "'";
        return new FairleadException(
                ErrorCode.AGENT_OFFLINE, "The connection of " + name + " ended before it answered");
    }
}
