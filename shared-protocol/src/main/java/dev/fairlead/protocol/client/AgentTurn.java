package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
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
        return tell.apply(
                AgentSubjects.CHAT_EVENT.value(),
                new AgentData.ChatEvent(
                        turn.turnId(), type, content, id, name, args, output, Optional.empty(), Optional.empty()));
    }
}
