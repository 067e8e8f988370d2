package dev.fairlead.gateway.chat.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.agents.ConnectionCommand;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.Subject;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Hands turns to agents on their sockets and hears what they say. A turn belongs to the connection it was given to:
 * what another one says of it is refused, and it fails with that connection.
 */
public final class RemoteAgents {
    private static final int MAX_TOOL_ID = 48;
    private static final int MAX_TOOL_NAME = 128;
    private static final int MAX_TOOL_ARGS = 65_536;
    private static final Set<ErrorCode> THEIRS =
            EnumSet.of(ErrorCode.CHAT_AUTH_ERROR, ErrorCode.CHAT_PROVIDER_ERROR, ErrorCode.CHAT_AGENT_ERROR);

    private record Session(String edge, long connection, long epoch) {}

    private record Underway(String agent, Session session, TurnContext turn, Promise<ChatAgent.Answer> answer) {}

    private record Awaiting(String agent, TurnContext turn, Promise<ChatAgent.Answer> answer) {}

    private final Bus bus;
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, Underway> turns = new HashMap<>();
    private final Map<String, Awaiting> awaiting = new HashMap<>(); // turns that go on, by id

    public RemoteAgents(Bus bus) {
        this.bus = bus;
    }

    /** The agent of that name, connected or not. */
    public ChatAgent agent(String name) {
        return new ChatAgent() {
            @Override
            public Provider provider() {
                return new Provider("agent:" + name, Optional.empty());
            }

            @Override
            public Future<Void> prepare() {
                return bus.request(new AgentCommands.GetAgent(name))
                        .<Void>mapEmpty()
                        .recover(failure -> Future.failedFuture(
                                Bus.refusal(failure).code() == ErrorCode.AGENT_NOT_FOUND
                                        ? new FairleadException(
                                                ErrorCode.CHAT_AGENT_INIT_FAILED,
                                                "No agent named '" + name + "' has registered; get it a token (fairlead"
                                                        + " token create " + name + ") and start it")
                                        : failure));
            }

            @Override
            public Future<Answer> run(TurnContext turn) {
                return RemoteAgents.this.run(name, turn);
            }
        };
    }

    /** Keeps track of who is connected. */
    public void hear(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            Session session = new Session(
                    connected.connection().edge(), connected.connection().id(), connected.epoch());
            Session before = sessions.get(connected.name());
            if (before == null || before.epoch() < session.epoch()) {
                sessions.put(connected.name(), session);
                lost(connected.name(), session.epoch() - 1, "connected anew");
                List.copyOf(awaiting.values()).stream()
                        .filter(one -> one.agent().equals(connected.name()))
                        .forEach(one -> {
                            awaiting.remove(one.turn().turnId());
                            run(connected.name(), one.turn()).onComplete(one.answer());
                        });
            }
        } else if (event instanceof AgentEvent.StatusChanged changed && changed.status() == AgentStatus.OFFLINE) {
            Session session = sessions.get(changed.name());
            if (session != null && session.epoch() <= changed.epoch()) {
                sessions.remove(changed.name());
            }
            lost(changed.name(), changed.epoch(), "went offline");
        } else if (event instanceof AgentEvent.Removed removed) {
            sessions.remove(removed.name());
            lost(removed.name(), Long.MAX_VALUE, "was revoked");
        }
    }

    /**
     * Something on the way to an answer.
     *
     * @throws FairleadException {@code not_found}, {@code stale_lease}, {@code bad_request}
     */
    public void told(String agent, long epoch, AgentData.ChatEvent event) {
        Underway underway = require(event.turnId(), agent, epoch);
        TurnContext turn = underway.turn();
        switch (event.type()) {
            case "thinking" -> turn.events().thinking(event.content().orElse(""));
            case "chunk" -> turn.events().chunk(event.content().orElse(""));
            case "operator_status" ->
                turn.events().status(event.phase().orElse(""), event.detail().orElse(""));
            case "tool_call" -> {
                var args = event.args().orElseGet(FrameCodec::object);
                if (FrameCodec.encode(args).length > MAX_TOOL_ARGS) {
                    throw new FairleadException(
                            ErrorCode.PAYLOAD_TOO_LARGE, "Field 'args' is larger than " + MAX_TOOL_ARGS + " bytes");
                }
                if (event.approval().isPresent()) {
                    ask(underway, event, args);
                } else {
                    turn.events().ownToolCall(toolId(event), toolName(event), args);
                }
            }
            case "tool_result" ->
                turn.events()
                        .ownToolResult(
                                toolId(event), toolName(event), event.output().orElse(""));
            default -> event.toFrame(); // refuses, naming what there is
        }
    }

    private void ask(Underway underway, AgentData.ChatEvent event, JsonNode args) {
        String id = toolId(event);
        underway.turn().events().askToCall(id, toolName(event), args).onComplete(done -> {
            AgentData.Decision decision = done.failed()
                    ? AgentData.Decision.EXPIRED
                    : switch (done.result().status()) {
                        case OK -> AgentData.Decision.APPROVED;
                        case DENIED, FAILED -> AgentData.Decision.DENIED;
                        case EXPIRED -> AgentData.Decision.EXPIRED;
                    };
            tell(
                    underway.session(),
                    AgentSubjects.CHAT_DECISION,
                    new AgentData.ChatDecision(underway.turn().turnId(), id, decision));
        });
    }

    /** An answer. */
    public void answered(String agent, long epoch, AgentData.ChatDone done) {
        require(done.turnId(), agent, epoch)
                .answer()
                .tryComplete(new ChatAgent.Answer(done.fullResponse(), done.usage()));
    }

    /** A failure. */
    public void gaveUp(String agent, long epoch, AgentData.ChatFailed failed) {
        ErrorCode code = ErrorCode.of(failed.code()).filter(THEIRS::contains).orElse(ErrorCode.CHAT_AGENT_ERROR);
        require(failed.turnId(), agent, epoch).answer().tryFail(new FairleadException(code, failed.message()));
    }

    /** A turn goes on with another node: what becomes of it here is nothing to its agent. */
    public void forget(String turnId) {
        turns.remove(turnId);
        awaiting.remove(turnId);
    }

    /** Whether a turn was given to an agent here. */
    public boolean has(String turnId) {
        return turns.containsKey(turnId);
    }

    private Future<ChatAgent.Answer> run(String name, TurnContext turn) {
        Session session = sessions.get(name);
        if (session == null && turn.resumed()) {
            return await(name, turn);
        }
        if (session == null) {
            return Future.failedFuture(new FairleadException(
                    ErrorCode.CHAT_AGENT_ERROR,
                    "Agent '" + name + "' is not connected; start it (fairlead agent --name " + name
                            + ") and ask again"));
        }
        Promise<ChatAgent.Answer> answer = Promise.promise();
        turns.put(turn.turnId(), new Underway(name, session, turn, answer));
        tell(
                session,
                AgentSubjects.CHAT_TURN,
                new AgentData.ChatTurn(
                        turn.turnId(),
                        turn.sessionId(),
                        turn.content(),
                        lines(turn),
                        turn.pageContext(),
                        Optional.of(true).filter(resumed -> turn.resumed())),
                turn.traceparent());
        turn.aborted().onSuccess(ignored -> {
            if (turns.remove(turn.turnId()) != null) {
                tell(session, AgentSubjects.CHAT_ABORT, new AgentData.ChatAbort(turn.turnId()));
                answer.tryFail(new FairleadException(ErrorCode.CHAT_AGENT_ERROR, "aborted"));
            }
        });
        return answer.future().onComplete(done -> turns.remove(turn.turnId()));
    }

    /** It was connected before the restart: it is about to be again. For how long that may take, the chat says. */
    private Future<ChatAgent.Answer> await(String name, TurnContext turn) {
        Promise<ChatAgent.Answer> answer = Promise.promise();
        awaiting.put(turn.turnId(), new Awaiting(name, turn, answer));
        turn.aborted().onSuccess(ignored -> {
            if (awaiting.remove(turn.turnId()) != null) {
                answer.fail(new FairleadException(ErrorCode.CHAT_AGENT_ERROR, "aborted"));
            }
        });
        return answer.future();
    }

    private void tell(Session session, Subject subject, AgentData data) {
        tell(session, subject, data, Optional.empty());
    }

    private void tell(Session session, Subject subject, AgentData data, Optional<String> traceparent) {
        bus.publishAt(
                session.edge(),
                ConnectionCommand.class,
                new ConnectionCommand.Deliver(List.of(new ConnectionCommand.Envelope(
                        session.connection(),
                        session.epoch(),
                        subject.value(),
                        RawJson.of(FrameCodec.encode(data)),
                        traceparent))));
    }

    private Underway require(String turnId, String agent, long epoch) {
        Underway underway = turns.get(turnId);
        if (underway == null || !underway.agent().equals(agent)) {
            throw new FairleadException(
                    ErrorCode.NOT_FOUND, "No turn of that id is with this agent; it may have ended");
        }
        if (underway.session().epoch() != epoch) {
            throw new FairleadException(ErrorCode.STALE_LEASE, "The turn was given to another connection");
        }
        return underway;
    }

    private void lost(String agent, long epoch, String what) {
        for (Underway underway : List.copyOf(turns.values())) {
            if (underway.agent().equals(agent) && underway.session().epoch() <= epoch) {
                underway.answer()
                        .tryFail(new FairleadException(
                                ErrorCode.CHAT_AGENT_ERROR,
                                "Agent '" + agent + "' " + what + " while it answered; ask again"));
            }
        }
    }

    /** Tools of the gateway were other agents' to use: it is told what was said. */
    private static List<AgentData.ChatLine> lines(TurnContext turn) {
        Stream<AgentData.ChatLine> instructions =
                turn.given().instructions().stream().map(text -> new AgentData.ChatLine("system", text));
        return Stream.concat(instructions, turn.history().stream().flatMap(RemoteAgents::line))
                .toList();
    }

    private static Stream<AgentData.ChatLine> line(Said said) {
        if (said instanceof Said.User user) {
            return Stream.of(new AgentData.ChatLine("user", user.content()));
        }
        return said instanceof Said.Assistant assistant
                ? Stream.of(new AgentData.ChatLine("assistant", assistant.content()))
                : Stream.empty();
    }

    private static String toolId(AgentData.ChatEvent event) {
        return bounded("id", event.id(), MAX_TOOL_ID);
    }

    private static String toolName(AgentData.ChatEvent event) {
        return bounded("name", event.name(), MAX_TOOL_NAME);
    }

    private static String bounded(String field, Optional<String> value, int length) {
        return value.filter(text -> !text.isEmpty() && text.length() <= length)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Field '" + field + "' is 1 to " + length + " characters"));
    }
}
