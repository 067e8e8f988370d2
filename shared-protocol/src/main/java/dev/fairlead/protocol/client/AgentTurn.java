package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A turn of a chat that is this agent's to answer. What it says on the way is told to everybody who watches the
 * session, in order; once the turn is aborted nothing of it counts any more. Used on the client's context.
 */
public final class AgentTurn {
    private final AgentData.ChatTurn turn;
    private final BiFunction<String, Object, Future<Void>> tell;
    private final Promise<Void> aborted = Promise.promise();
    private final Map<String, Promise<AgentData.Decision>> asked = new HashMap<>();

    AgentTurn(AgentData.ChatTurn turn, BiFunction<String, Object, Future<Void>> tell) {
        this.turn = turn;
        this.tell = tell;
    }

    public String turnId() {
        return turn.turnId();
    }

    public String sessionId() {
        return turn.sessionId();
    }

    /** What the user says. */
    public String content() {
        return turn.content();
    }

    /** What was said before, oldest first. */
    public List<AgentData.ChatLine> history() {
        return turn.history();
    }

    /** The page of the dashboard the user looks at. */
    public Optional<String> pageContext() {
        return turn.pageContext();
    }

    /** Completes when the turn is aborted or the connection is lost, which ends it as well; never otherwise. */
    public Future<Void> aborted() {
        return aborted.future();
    }

    /** A piece of the answer, to be appended to those before. Completes when it is handed to the connection. */
    public Future<Void> chunk(String content) {
        return event(
                "chunk", Optional.of(content), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What it considers. */
    public Future<Void> thinking(String content) {
        return event(
                "thinking",
                Optional.of(content),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** It calls a tool of its own; {@code id} is unique within the turn, 48 characters at most. */
    public Future<Void> toolCall(String id, String name, JsonNode args) {
        return event(
                "tool_call", Optional.empty(), Optional.of(id), Optional.of(name), Optional.of(args), Optional.empty());
    }

    /**
     * It would call a tool of its own, as in {@link #toolCall}, if a person allows it.
     *
     * @return what they say; {@code EXPIRED} where nobody does in time, or the turn ends first. Never fails
     */
    public Future<AgentData.Decision> askToCall(String id, String name, JsonNode args) {
        Promise<AgentData.Decision> decision = Promise.promise();
        asked.put(id, decision);
        event(new AgentData.ChatEvent(
                        turn.turnId(),
                        "tool_call",
                        Optional.empty(),
                        Optional.of(id),
                        Optional.of(name),
                        Optional.of(args),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("required")))
                .onFailure(lost -> decide(id, AgentData.Decision.EXPIRED));
        aborted().onSuccess(over -> decide(id, AgentData.Decision.EXPIRED));
        return decision.future();
    }

    /** What it does now, in a word and a sentence; shown, not kept. */
    public Future<Void> status(String phase, String detail) {
        return event(new AgentData.ChatEvent(
                turn.turnId(),
                "operator_status",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(phase),
                Optional.of(detail),
                Optional.empty()));
    }

    /** What came of {@link #toolCall}. */
    public Future<Void> toolResult(String id, String name, String output) {
        return event(
                "tool_result",
                Optional.empty(),
                Optional.of(id),
                Optional.of(name),
                Optional.empty(),
                Optional.of(output));
    }

    void decide(String id, AgentData.Decision decision) {
        Promise<AgentData.Decision> waiting = asked.remove(id);
        if (waiting != null) {
            waiting.tryComplete(decision);
        }
    }

    void abort() {
        aborted.tryComplete();
    }

    boolean isAborted() {
        return aborted.future().isComplete();
    }

    private Future<Void> event(
            String type,
            Optional<String> content,
            Optional<String> id,
            Optional<String> name,
            Optional<JsonNode> args,
            Optional<String> output) {
        return event(new AgentData.ChatEvent(
                turn.turnId(),
                type,
                content,
                id,
                name,
                args,
                output,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private Future<Void> event(AgentData.ChatEvent event) {
        return tell.apply(AgentSubjects.CHAT_EVENT.value(), event);
    }
}
