package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentEnvelope;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorBody;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Subject;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** An agent on its link: shows its token, waits to be registered, heartbeats, asks and answers. On one context only. */
final class AgentSession implements ReconnectingLink.Session {
    /** A gateway cannot make an agent heartbeat more often than that. */
    private static final long MIN_HEARTBEAT_MS = 50;

    /** Told what the agent learns; called on the session's context. */
    interface Listener {
        /** The gateway knows the agent on this link: it is ready. */
        void registered(AgentData.Registered registration);

        void tokenState(TokenState state);

        /** Something a person should know of, that ends nothing. */
        void problem(String what);
    }

    private final Vertx vertx;
    private final AgentClientOptions options;
    private final Endpoint endpoint;
    private final AgentTokenFile tokenFile;
    private final AgentCredentials credentials;
    private final RequestHandlers handlers;
    private final PendingRequests pending;
    private final Listener listener;

    private boolean tokenFileRead;
    private Optional<Link> registeredLink = Optional.empty();
    private long deadline = -1;
    private long heartbeat = -1;

    AgentSession(Vertx vertx, AgentClientOptions options, RequestHandlers handlers, Listener listener) {
        this.vertx = vertx;
        this.options = options;
        this.endpoint = announcing(options);
        this.tokenFile = new AgentTokenFile(options.tokenRoot(), options.name());
        this.credentials = new AgentCredentials(options.token());
        this.handlers = handlers;
        this.pending = new PendingRequests(randomId(), this::after);
        this.listener = listener;
    }

    private static String randomId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** What a frame of registration would say of the agent stands in the query, as its token is in the upgrade too. */
    private static Endpoint announcing(AgentClientOptions options) {
        Endpoint given = Endpoint.parse(options.url());
        // The same for each attempt: should the reply that brings the permanent token be lost, it is given again.
        Endpoint socket = (given.path().equals("/") ? given.at("/ws/agent") : given).with("nonce", randomId());
        Endpoint versioned = options.version()
                .map(version -> socket.with("version", version))
                .orElse(socket);
        return options.capabilities().isEmpty()
                ? versioned
                : versioned.with("capabilities", String.join(",", options.capabilities()));
    }

    @Override
    public Future<WebSocketConnectOptions> prepare() {
        Future<Void> known = tokenFileRead ? Future.succeededFuture() : readTokenFile();
        return known.compose(read -> credentials.current().isPresent()
                ? options.proof().get().map(proven -> endpoint.attempt(credentials.current(), options.timeout()))
                : Future.failedFuture(new FairleadException(
                        ErrorCode.UNAUTHORIZED,
                        "Agent '" + options.name() + "' has no token: none is kept at " + tokenFile.path()
                                + " and none was given. " + howToGetOne())));
    }

    private Future<Void> readTokenFile() {
        return vertx.executeBlocking(tokenFile::read)
                .onFailure(failure -> listener.problem("Cannot read the agent's token: " + failure.getMessage()))
                .otherwise(Optional.empty())
                .map(kept -> {
                    tokenFileRead = true;
                    kept.ifPresent(credentials::kept);
                    return null;
                });
    }

    @Override
    public void opened(Link link) {
        deadline = vertx.setTimer(
                options.timeout().toMillis(),
                due -> link.abandon(
                        CloseCode.GOING_AWAY,
                        new LinkEnd.Unreachable("The gateway did not register the agent within "
                                + options.timeout().toMillis() + " ms")));
    }

    @Override
    public void message(Link link, String text) {
        try {
            AgentEnvelope envelope = AgentEnvelope.parse(text.getBytes(StandardCharsets.UTF_8));
            if (registeredLink.isPresent()) {
                received(link, envelope);
            } else if (envelope.subject().equals(AgentSubjects.REGISTER_ACK)) {
                register(link, FrameCodec.fromTree(envelope.data(), AgentData.Registered.class));
            } else {
                reportError(envelope);
            }
        } catch (FairleadException e) {
            link.abandon(
                    CloseCode.INVALID_FRAME,
                    new LinkEnd.Garbled("The gateway sent what is no envelope: " + e.getMessage()));
        }
    }

    private void received(Link link, AgentEnvelope envelope) {
        Subject subject = envelope.subject();
        if (subject.isReserved() && envelope.from().isPresent()) {
            refuse(link, envelope);
        } else if (subject.isInbox()) {
            pending.answered(envelope);
        } else if (subject.equals(AgentSubjects.TOKEN_STATE)) {
            listener.tokenState(FrameCodec.fromTree(envelope.data(), AgentData.TokenStateNotice.class)
                    .state());
        } else if (subject.equals(AgentSubjects.ERROR)) {
            reportError(envelope);
        } else {
            // A reply counts only on the connection that was asked: a link that is over sends nothing.
            handlers.handle(envelope, reply -> link.send(reply.encode()));
        }
    }

    /**
     * The gateway's own subjects are its word only where it passes nothing on: an agent may not speak as the gateway.
     */
    private void refuse(Link link, AgentEnvelope envelope) {
        FairleadException refusal = new FairleadException(
                ErrorCode.RESERVED_SUBJECT,
                "Only the gateway may say '" + envelope.subject() + "', not agent '"
                        + envelope.from().orElse("") + "'");
        listener.problem(refusal.getMessage());
        envelope.reply()
                .ifPresent(inbox -> link.send(AgentEnvelope.of(inbox, ErrorBody.of(refusal, envelope.subject()))
                        .encode()));
    }

    private void reportError(AgentEnvelope envelope) {
        envelope.error()
                .ifPresent(error ->
                        listener.problem("The gateway refused: " + error.code().wire() + ": " + error.getMessage()));
    }

    private void register(Link link, AgentData.Registered registration) {
        vertx.cancelTimer(deadline);
        registeredLink = Optional.of(link);
        heartbeat = vertx.setPeriodic(
                Math.max(MIN_HEARTBEAT_MS, registration.heartbeatIntervalMs()),
                due -> link.send(AgentEnvelope.of(AgentSubjects.HEARTBEAT, new AgentData.Heartbeat())
                        .encode()));
        keep(registration.token()).onComplete(kept -> {
            if (registeredLink.filter(link::equals).isPresent()) { // not lost meanwhile
                listener.registered(registration);
                listener.tokenState(registration.tokenState());
            }
        });
    }

    private Future<Void> keep(Optional<String> token) {
        if (token.isEmpty()) {
            return Future.succeededFuture();
        }
        credentials.received(token.get());
        return vertx.<Void>executeBlocking(() -> {
                    tokenFile.write(token.get());
                    return null;
                })
                .recover(failure -> {
                    listener.problem("Cannot keep the agent's token at " + tokenFile.path() + " (" + describe(failure)
                            + "): after a restart it will need a new one");
                    return Future.succeededFuture();
                });
    }

    private static String describe(Throwable failure) {
        return failure instanceof IOException
                ? failure.toString()
                : failure.getClass().getSimpleName();
    }

    @Override
    public boolean ended(LinkEnd end) {
        vertx.cancelTimer(deadline);
        vertx.cancelTimer(heartbeat);
        registeredLink = Optional.empty();
        pending.failAll("The connection was lost: " + end.reason());
        boolean unauthorized = end instanceof LinkEnd.Refused refused && refused.status() == 401;
        if (unauthorized && credentials.refused()) {
            listener.problem("The gateway refused the token kept at " + tokenFile.path() + "; trying the one given");
            return true;
        }
        return false;
    }

    @Override
    public String advice(ErrorCode code) {
        return code == ErrorCode.UNAUTHORIZED ? ". " + howToGetOne() : "";
    }

    private String howToGetOne() {
        return "Get one with: fairlead token create " + options.name();
    }

    void request(Subject subject, Object data, Duration timeout, Promise<JsonNode> answer) {
        if (registeredLink.isEmpty()) {
            answer.fail(notConnected(subject));
            return;
        }
        JsonNode tree = FrameCodec.toTree(data);
        pending.open(subject, timeout, answer).ifPresent(inbox -> registeredLink
                .get()
                .send(AgentEnvelope.request(subject, inbox, tree).encode()));
    }

    void tell(Subject subject, Object data, Promise<Void> sent) {
        if (registeredLink.isEmpty()) {
            sent.fail(notConnected(subject));
            return;
        }
        registeredLink.get().send(AgentEnvelope.of(subject, data).encode());
        sent.complete();
    }

    private static FairleadException notConnected(Subject subject) {
        return new FairleadException(
                ErrorCode.CONNECTION_LOST, "Not registered with the gateway right now: " + subject + " was not sent");
    }

    private Runnable after(Duration delay, Runnable action) {
        long id = vertx.setTimer(Math.max(1, delay.toMillis()), due -> action.run());
        return () -> vertx.cancelTimer(id);
    }
}
