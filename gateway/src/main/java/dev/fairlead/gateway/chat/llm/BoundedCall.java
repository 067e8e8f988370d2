package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.chat.budget.Spender;
import dev.fairlead.gateway.chat.budget.Spending;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A question of a turn, asked within what the model holds and what may be spent on it. */
final class BoundedCall implements CompletionListener {
    private static final Logger log = LoggerFactory.getLogger(BoundedCall.class);

    /** Of whom the budget speaks. */
    private static final String NAME = "llm";

    /** Tokens that an answer is taken to have before it is there. */
    private static final int ANSWER_TOKENS = 1_024;

    private static final ChatFrame.Usage NOTHING = new ChatFrame.Usage(0, 0);

    private final ContextWindow window;
    private final Spending spending;
    private final ChatCompletions completions;
    private final TurnContext turn;
    private final CompletionListener listener;
    private final Promise<Completion> result = Promise.promise();
    private Optional<CompletionCall> call = Optional.empty();
    private boolean aborted;
    private boolean shortened;
    private int heard;

    BoundedCall(LlmAgent agent, ChatCompletions completions, TurnContext turn, CompletionListener listener) {
        this.window = agent.window();
        this.spending = agent.spending();
        this.completions = completions;
        this.turn = turn;
        this.listener = listener;
    }

    /**
     * Asks.
     *
     * @return fails with a {@link ModelFailure}, or with what the budget refuses it with
     */
    Future<Completion> ask(CompletionRequest whole) {
        CompletionRequest request = fitting(whole);
        spending.reserve(
                        new Spender(turn.sessionId(), turn.turnId(), NAME),
                        new ChatFrame.Usage(window.tokens(request), ANSWER_TOKENS))
                .onSuccess(reserved -> {
                    if (aborted) {
                        settle(reserved, NOTHING);
                    } else {
                        put(request, reserved);
                    }
                })
                .onFailure(result::tryFail);
        return result.future();
    }

    /** Gives it up; the result never comes. */
    void abort() {
        aborted = true;
        call.ifPresent(CompletionCall::abort);
    }

    @Override
    public void content(String piece) {
        heard += piece.length();
        listener.content(piece);
    }

    @Override
    public void thinking(String piece) {
        heard += piece.length();
        listener.thinking(piece);
    }

    @Override
    public void retrying(ModelFailure failure, Duration delay) {
        listener.retrying(failure, delay);
    }

    private CompletionRequest fitting(CompletionRequest whole) {
        HistoryTrim trim = HistoryTrim.of(whole.messages(), window.excessCharacters(whole));
        if (!trim.isTrimmed()) {
            return whole;
        }
        turn.events()
                .status(
                        "trimmed",
                        "The model holds " + window.limit().orElse(0L) + " tokens: " + trim.outputs()
                                + " earlier results and " + trim.turns() + " earlier turns are not told to it");
        return whole.with(trim.messages());
    }

    private void put(CompletionRequest request, Spending.Reservation reserved) {
        CompletionCall asked = completions.ask(request, turn.traceparent(), this);
        call = Optional.of(asked);
        asked.result().onComplete(done -> settle(reserved, used(request, done))
                .onComplete(settled -> answered(request, done)));
    }

    private void answered(CompletionRequest request, AsyncResult<Completion> done) {
        if (aborted) {
            return;
        }
        if (done.failed() && isTooLong(request, (ModelFailure) done.cause())) {
            ask(request);
        } else {
            result.handle(done);
        }
    }

    /** Whether less of it can be told, now that the endpoint has said that it was too much. */
    private boolean isTooLong(CompletionRequest request, ModelFailure failure) {
        if (failure.kind() != ModelFailure.Kind.CONTEXT_LENGTH || shortened) {
            return false;
        }
        shortened = true;
        window.refused(request, failure.getMessage());
        return HistoryTrim.of(request.messages(), window.excessCharacters(request))
                .isTrimmed();
    }

    /** As reported; what was not is estimated from what went out and came in. */
    private ChatFrame.Usage used(CompletionRequest request, AsyncResult<Completion> done) {
        Optional<ChatFrame.Usage> told = done.succeeded() ? done.result().usage() : Optional.empty();
        told.ifPresent(usage -> window.reported(request, usage));
        return told.orElseGet(() -> done.succeeded() || heard > 0 || aborted
                ? new ChatFrame.Usage(window.tokens(request), heard / window.characters(1))
                : NOTHING);
    }

    /** Where that leaves the budget is told with each answer. */
    private Future<Optional<String>> settle(Spending.Reservation reserved, ChatFrame.Usage used) {
        return reserved.settle(used)
                .onSuccess(standing -> standing.ifPresent(words -> turn.events().status("budget", words)))
                .onFailure(failure -> log.warn(
                        "What the turn {} cost is not settled: it counts as estimated ({})",
                        turn.turnId(),
                        failure.getMessage()));
    }
}
