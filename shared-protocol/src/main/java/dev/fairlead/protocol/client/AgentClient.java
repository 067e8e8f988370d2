package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Subject;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An agent: connects with its token, registers, heartbeats, asks and answers, and reconnects for ever.
 *
 * <pre>{@code
 * AgentClient agent = AgentClient.create(vertx, AgentClientOptions.of("ws://localhost:18800", "greeter").withToken(token));
 * agent.onRequest("greet", request -> Future.succeededFuture(Map.of("text", "Hello, " + request.data().path("who").asText())));
 * agent.onState(state -> System.err.println(state));
 * agent.start();
 * }</pre>
 *
 * <p>It stops by itself, in state {@link ConnectionState.Stopped}, where another attempt would be no use: it has no
 * token or a refused one (401, 4401), may not connect (403, 4403), or another connection of the same agent took over
 * (4409). A stopped client stays stopped; make a new one once the cause is mended.
 *
 * <p>Set handlers and listeners before {@link #start}.
 */
public final class AgentClient {
    private final ReconnectingLink link;
    private final AgentSession session;
    private final RequestHandlers handlers;
    private final AgentMessages messages;

    private volatile Consumer<ConnectionState> stateListener = state -> {};
    private volatile Consumer<TokenState> tokenListener = state -> {};
    private volatile Consumer<String> problemListener = problem -> {};
    private volatile Runnable connectionLost = () -> {};
    private volatile Optional<AgentData.Registered> registration = Optional.empty();
    private volatile Optional<TokenState> tokenState = Optional.empty();

    private AgentClient(Vertx vertx, AgentClientOptions options) {
        handlers = new RequestHandlers(this::problem);
        session = new AgentSession(vertx, options, handlers, new SessionListener());
        link = new ReconnectingLink(
                vertx,
                options.silence(),
                // A gateway behind a proxy may answer 404 while it is being replaced: an agent waits for it.
                new Reconnection(options.backoff().get(), Set.of(ErrorCode.NOT_FOUND, ErrorCode.BAD_REQUEST)),
                session,
                this::changed);
        messages = new AgentMessages(this, link.context());
    }

    /** A client that does nothing yet. It lives on the Vert.x context this is called on, or on one of its own. */
    public static AgentClient create(Vertx vertx, AgentClientOptions options) {
        return new AgentClient(vertx, options);
    }

    /** Begins. Completes at the first registration; fails, with the reason, when there will never be one. */
    public Future<Void> start() {
        return link.start();
    }

    /**
     * Answers a request of another agent ({@code agents.<this agent>.<subject>} for them) or of the gateway, and hears
     * what the gateway tells without asking. The result is the reply's data: a record, a map, a tree or a
     * {@code JsonObject}'s map, or any other JSON value; null for an empty object. A {@link FairleadException} is told
     * to the asker as it stands; any other failure as {@code internal}, its text only to {@link #onProblem}.
     */
    public AgentClient onRequest(String subject, Function<AgentRequest, ? extends Future<?>> handler) {
        handlers.set(new Subject(subject), handler);
        return this;
    }

    /**
     * Answers in chats ({@code agent:<name>}): the result is the whole answer, what {@link AgentTurn} said before only
     * its way there. A {@link FairleadException} is told to the user as it stands; any other failure without details,
     * its text only to {@link #onProblem}.
     */
    public AgentClient onChat(Function<AgentTurn, Future<String>> handler) {
        AgentTurns turns = new AgentTurns(this, handler, this::problem);
        connectionLost = turns::lost;
        return onRequest(AgentSubjects.CHAT_TURN.value(), turns::begin)
                .onRequest(AgentSubjects.CHAT_ABORT.value(), turns::abort)
                .onRequest(AgentSubjects.CHAT_DECISION.value(), turns::decided);
    }

    /** Hears each change of the connection. */
    public AgentClient onState(Consumer<ConnectionState> listener) {
        stateListener = listener;
        return this;
    }

    /** Hears the state of the gateway's upstream token, at each registration and on each change. */
    public AgentClient onTokenState(Consumer<TokenState> listener) {
        tokenListener = listener;
        return this;
    }

    /** Hears what a person should know of: a handler that failed, a token that could not be kept. Never a secret. */
    public AgentClient onProblem(Consumer<String> listener) {
        problemListener = listener;
        return this;
    }

    /** Its durable messages: those it sends, and those it is sent. */
    public AgentMessages messages() {
        return messages;
    }

    public ConnectionState state() {
        return link.state();
    }

    /** What the gateway said at the last registration, its token left out. Empty before the first. */
    public Optional<AgentData.Registered> registration() {
        return registration;
    }

    /** The last state heard of the gateway's upstream token. */
    public Optional<TokenState> tokenState() {
        return tokenState;
    }

    /**
     * Asks the gateway, or with {@code agents.<name>.<subject>} another agent.
     *
     * @param data a record, map, tree or any other value that can be written as JSON
     * @return the reply's data, any JSON value; an empty object where there is none. Fails with a
     *     {@link FairleadException}: the error in the reply, {@code timeout}, or {@code connection_lost} where the
     *     connection is not there or ended before the answer came (it may have been handled all the same)
     */
    public Future<JsonNode> request(String subject, Object data, Duration timeout) {
        Subject asked = new Subject(subject);
        Promise<JsonNode> answer = Promise.promise();
        onContext(answer, () -> session.request(asked, data, timeout, answer));
        return answer.future();
    }

    /** Tells the gateway something and waits for no answer. Completes when it is handed to the connection. */
    public Future<Void> tell(String subject, Object data) {
        Subject told = new Subject(subject);
        Promise<Void> sent = Promise.promise();
        onContext(sent, () -> session.tell(told, data, sent));
        return sent.future();
    }

    /**
     * Says good-bye (close 1000) and ends. Requests and messages that wait fail. May be called at any time, more than
     * once.
     */
    public Future<Void> close() {
        return link.close();
    }

    private void onContext(Promise<?> promise, Runnable action) {
        link.context().runOnContext(go -> {
            try {
                action.run();
            } catch (FairleadException | IllegalArgumentException e) { // data that is no JSON
                promise.tryFail(e);
            }
        });
    }

    private void changed(ConnectionState state) {
        if (state instanceof ConnectionState.Stopped) {
            messages.stopped();
        }
        if (!(state instanceof ConnectionState.Ready)) {
            connectionLost.run();
        }
        stateListener.accept(state);
    }

    void problem(String what) {
        link.context().runOnContext(go -> problemListener.accept(what));
    }

    private final class SessionListener implements AgentSession.Listener {
        @Override
        public void registered(AgentData.Registered made) {
            registration = Optional.of(new AgentData.Registered(
                    made.agentId(),
                    made.name(),
                    Optional.empty(),
                    made.heartbeatIntervalMs(),
                    made.tokenState(),
                    made.protocol(),
                    made.epoch()));
            link.ready();
        }

        @Override
        public void tokenState(TokenState state) {
            tokenState = Optional.of(state);
            link.context().runOnContext(go -> tokenListener.accept(state));
        }

        @Override
        public void problem(String what) {
            AgentClient.this.problem(what);
        }
    }
}
