package dev.fairlead.protocol.client;

import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The chat turns an agent has in hand. */
final class AgentTurns {
    private final AgentClient client;
    private final Function<AgentTurn, Future<String>> handler;
    private final Consumer<String> problem;
    private final Map<String, AgentTurn> underway = new HashMap<>();

    AgentTurns(AgentClient client, Function<AgentTurn, Future<String>> handler, Consumer<String> problem) {
        this.client = client;
        this.handler = handler;
        this.problem = problem;
    }

    Future<?> begin(AgentRequest request) {
        AgentTurn turn = new AgentTurn(request.as(AgentData.ChatTurn.class), this::tell);
        underway.put(turn.turnId(), turn);
        answer(turn).onComplete(done -> {
            underway.remove(turn.turnId());
            if (turn.isAborted()) {
                return;
            }
            if (done.succeeded()) {
                tell(
                        AgentSubjects.CHAT_DONE.value(),
                        new AgentData.ChatDone(turn.turnId(), done.result(), Optional.empty()));
            } else {
                failed(turn, done.cause());
            }
        });
        return Future.succeededFuture();
    }

    Future<?> abort(AgentRequest request) {
        AgentTurn turn = underway.remove(request.as(AgentData.ChatAbort.class).turnId());
        if (turn != null) {
            turn.abort();
        }
        return Future.succeededFuture();
    }

    Future<?> decided(AgentRequest request) {
        AgentData.ChatDecision decision = request.as(AgentData.ChatDecision.class);
        AgentTurn turn = underway.get(decision.turnId());
        if (turn != null) {
            turn.decide(decision.id(), decision.decision());
        }
        return Future.succeededFuture();
    }

    /** The connection the turns came on is gone, and with it they are over for the gateway. */
    void lost() {
        List<AgentTurn> over = List.copyOf(underway.values());
        underway.clear();
        over.forEach(AgentTurn::abort);
    }

    /** What the handler answers; an answer there is none of is a failure too. */
    private Future<String> answer(AgentTurn turn) {
        try {
            return Objects.requireNonNull(handler.apply(turn), "it returned no future")
                    .map(text -> Objects.requireNonNull(text, "its answer is null"));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void failed(AgentTurn turn, Throwable cause) {
        boolean told = cause instanceof FairleadException;
        if (!told) {
            problem.accept("the chat handler failed: " + cause);
        }
        tell(
                AgentSubjects.CHAT_ERROR.value(),
                new AgentData.ChatFailed(
                        turn.turnId(),
                        told ? ((FairleadException) cause).code().wire() : ErrorCode.CHAT_AGENT_ERROR.wire(),
                        told ? cause.getMessage() : "The agent failed; its own log has the details"));
    }

    private Future<Void> tell(String subject, Object data) {
        return client.tell(subject, data)
                .onFailure(lost -> problem.accept("a chat does not hear it: " + lost.getMessage()));
    }
}
