package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.gateway.chat.turn.TurnEvents;
import dev.fairlead.gateway.tools.Parameters;
import dev.fairlead.gateway.tools.ToolBox;
import dev.fairlead.gateway.tools.ToolDefinition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A turn without a session: what is said is kept, tools give what a test has them give, when it has them. */
final class ScriptedTurn implements TurnContext, TurnEvents, ToolBox {
    final List<String> chunks = new CopyOnWriteArrayList<>();
    final List<String> thoughts = new CopyOnWriteArrayList<>();
    final List<String> phases = new CopyOnWriteArrayList<>();
    volatile boolean askedAgainAfterText;
    final List<String> called = new CopyOnWriteArrayList<>();
    final Map<String, Promise<String>> waiting = new ConcurrentHashMap<>();
    final List<JsonNode> origins = new CopyOnWriteArrayList<>();
    final List<Said> history = new ArrayList<>();
    final List<Said> stored = new ArrayList<>();
    Given given = Given.NOTHING;
    private final Promise<Void> aborted = Promise.promise();
    private final String content;
    Optional<String> hint = Optional.empty();

    ScriptedTurn(String content) {
        this.content = content;
    }

    /** Ends it, as the chat does. */
    void abort() {
        aborted.complete();
    }

    String text() {
        return String.join("", chunks);
    }

    @Override
    public String turnId() {
        return "turn";
    }

    @Override
    public String sessionId() {
        return "session";
    }

    @Override
    public String content() {
        return content;
    }

    @Override
    public List<Said> history() {
        return history;
    }

    @Override
    public Given given() {
        return given;
    }

    @Override
    public boolean resumed() {
        return !stored.isEmpty();
    }

    @Override
    public List<Said> stored() {
        return List.copyOf(stored);
    }

    @Override
    public Optional<String> pageContext() {
        return Optional.empty();
    }

    @Override
    public Optional<String> pageHint() {
        return hint;
    }

    @Override
    public TurnEvents events() {
        return this;
    }

    @Override
    public ToolBox tools() {
        return this;
    }

    @Override
    public Future<Void> aborted() {
        return aborted.future();
    }

    @Override
    public void thinking(String thought) {
        thoughts.add(thought);
    }

    @Override
    public void chunk(String piece) {
        chunks.add(piece);
    }

    @Override
    public void chunkReset() {
        throw new AssertionError("chunks of a model stand");
    }

    @Override
    public void status(String phase, String detail) {
        if (phase.equals("retrying") && !chunks.isEmpty()) {
            askedAgainAfterText = true;
        }
        phases.add(phase);
    }

    @Override
    public Future<Outcome> askToCall(String id, String name, JsonNode args) {
        throw new AssertionError("No turn of a model has tools of its own");
    }

    @Override
    public void ownToolCall(String id, String name, JsonNode args) {
        throw new AssertionError("a model has no tools of its own");
    }

    @Override
    public void ownToolResult(String id, String name, String output) {
        throw new AssertionError("a model has no tools of its own");
    }

    @Override
    public List<ToolDefinition> offered() {
        return List.of(
                new ToolDefinition(
                        "list_instances",
                        "Lists them.",
                        Parameters.of()
                                .optional()
                                .flag("archived", "Those too.")
                                .build(),
                        ToolDefinition.Effect.READ),
                new ToolDefinition(
                        "stop_instance",
                        "Stops one.",
                        Parameters.of().text("name", "Which.", 63).build(),
                        ToolDefinition.Effect.CHANGE));
    }

    @Override
    public Future<Outcome> call(String name, JsonNode args, Optional<JsonNode> origin) {
        called.add(name + args);
        origin.ifPresent(origins::add);
        String id = "call-" + called.size();
        Promise<String> output = waiting.get(name);
        return (output == null ? Future.succeededFuture("output of " + name) : output.future())
                .map(text -> new Outcome(id, name, Status.OK, text));
    }

    @Override
    public Future<Outcome> refuse(String name, String why, Optional<JsonNode> origin) {
        called.add(name + " refused");
        return Future.succeededFuture(new Outcome("call-" + called.size(), name, Status.FAILED, why));
    }
}
