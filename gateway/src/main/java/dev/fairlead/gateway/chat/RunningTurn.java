package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.gateway.chat.turn.TurnEvents;
import dev.fairlead.gateway.tools.ToolBox;
import dev.fairlead.gateway.tools.ToolDefinition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A turn as its agent sees it. */
final class RunningTurn implements TurnContext, TurnEvents, ToolBox {
    private final Turn turn;
    private final List<Said> history;
    private final TurnRunner runner;
    private final Promise<Void> aborted;
    private final Deque<StoredCall> stored;
    private int calls;

    RunningTurn(Turn turn, List<Said> history, List<StoredCall> stored, Promise<Void> aborted, TurnRunner runner) {
        this.stored = new ArrayDeque<>(stored);
        this.turn = turn;
        this.history = List.copyOf(history);
        this.aborted = aborted;
        this.runner = runner;
    }

    @Override
    public String turnId() {
        return turn.turnId();
    }

    @Override
    public String sessionId() {
        return turn.sessionId();
    }

    @Override
    public String content() {
        return turn.content();
    }

    @Override
    public List<Said> history() {
        return history;
    }

    @Override
    public Given given() {
        return turn.given();
    }

    @Override
    public boolean resumed() {
        return turn.resumed();
    }

    @Override
    public List<Said> stored() {
        List<Said> said = stored.stream().flatMap(call -> call.said().stream()).toList();
        stored.clear();
        return said;
    }

    @Override
    public Optional<String> pageContext() {
        return turn.pageContext();
    }

    @Override
    public Optional<String> pageHint() {
        return turn.pageContext().flatMap(PageHints::of);
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
    public void thinking(String content) {
        runner.in(turn, session -> session.thinking(turn.turnId(), content));
    }

    @Override
    public void chunk(String content) {
        runner.in(turn, session -> session.chunk(turn.turnId(), content));
    }

    @Override
    public void chunkReset() {
        runner.in(turn, session -> session.chunkReset(turn.turnId()));
    }

    @Override
    public void status(String phase, String detail) {
        runner.in(turn, session -> session.status(turn.turnId(), phase, detail));
    }

    @Override
    public void ownToolCall(String id, String name, JsonNode args) {
        runner.in(turn, session -> session.called(turn.turnId(), new ToolUse(own(id), name, args, true), false));
    }

    @Override
    public Future<Outcome> askToCall(String id, String name, JsonNode args) {
        return tooMany(name).orElseGet(() -> runner.ask(turn, new ToolUse(own(id), name, args, true)));
    }

    @Override
    public void ownToolResult(String id, String name, String output) {
        runner.in(turn, session -> session.answered(own(id), Status.OK, TurnRunner.bounded(output)));
    }

    @Override
    public List<ToolDefinition> offered() {
        return runner.offered(turn);
    }

    @Override
    public Future<Outcome> call(String name, JsonNode args, Optional<JsonNode> origin) {
        StoredCall before = stored.peekFirst();
        if (before != null && before.name().equals(name) && before.args().equals(args)) {
            return Future.succeededFuture(stored.removeFirst().outcome());
        }
        stored.clear(); // it goes another way than before
        return tooMany(name).orElseGet(() -> runner.call(turn, name, args, origin));
    }

    @Override
    public Future<Outcome> refuse(String name, String why, Optional<JsonNode> origin) {
        return tooMany(name).orElseGet(() -> runner.refuse(turn, name, why, origin));
    }

    private Optional<Future<Outcome>> tooMany(String name) {
        return ++calls > MAX_CALLS
                ? Optional.of(Future.succeededFuture(new Outcome(
                        "", name, Status.FAILED, "More than " + MAX_CALLS + " calls in one turn; answer now")))
                : Optional.empty();
    }

    /** What an agent calls its calls is unique within its turn only. */
    private String own(String id) {
        return turn.turnId().substring(0, 8) + "-" + id;
    }
}
