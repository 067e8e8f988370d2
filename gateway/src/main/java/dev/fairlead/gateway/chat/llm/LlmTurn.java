package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.gateway.chat.turn.ChatAgent.Answer;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.gateway.tools.ToolBox;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One turn of a model: rounds of asking and calling until it only speaks. What it says in each round is one answer, a
 * blank line between the parts.
 */
final class LlmTurn implements CompletionListener {
    private static final String BETWEEN_ROUNDS = "\n\n";
    /** Characters of its own arguments that a model is shown. */
    private static final int QUOTED = 300;
    /** Characters of the arguments of a call that the client is to carry out. */
    private static final int MOST_ARGUMENTS = 65_536;

    private final LlmAgent agent;
    private final ChatCompletions completions;
    private final TurnContext turn;
    private final Promise<Answer> result = Promise.promise();
    private final StringBuilder answer = new StringBuilder();
    private final List<ModelMessage> exchanged = new ArrayList<>();
    private Optional<BoundedCall> call = Optional.empty();
    private Optional<ChatFrame.Usage> usage = Optional.empty();
    private final long began;
    private boolean heardFirst;
    private boolean roundSpoke;
    private boolean aborted;
    private int rounds;

    LlmTurn(LlmAgent agent, ChatCompletions completions, TurnContext turn) {
        this.agent = agent;
        this.completions = completions;
        this.turn = turn;
        this.began = agent.time().nanos();
    }

    Future<Answer> run() {
        turn.aborted().onSuccess(ignored -> abort());
        List<Said> stored = turn.stored();
        if (stored.isEmpty() || turn.given().functions().isEmpty()) {
            goOn(stored);
            ask();
        } else { // the client was handed its calls before a restart: with what they gave it comes in another turn
            end("ok", Future.succeededFuture(new Answer("", usage)));
        }
        return result.future();
    }

    /** What was called before a restart stands: the model is asked again with what came of it. */
    private void goOn(List<Said> stored) {
        List<ModelMessage> before = new Conversation(turn, agent.provider(), agent.maxHistory(), agent.callsFunctions())
                .told(stored, agent.maxHistory());
        exchanged.addAll(before);
        rounds = Math.min(agent.maxRounds(), (int)
                before.stream().filter(ModelMessage.Assistant.class::isInstance).count());
    }

    @Override
    public void content(String piece) {
        heard();
        if (!roundSpoke && answer.length() > 0) {
            say(BETWEEN_ROUNDS);
        }
        roundSpoke = true;
        say(piece);
    }

    @Override
    public void thinking(String piece) {
        heard();
        turn.events().thinking(piece);
    }

    @Override
    public void retrying(ModelFailure failure, Duration delay) {
        agent.metrics().retried(failure.kind());
        turn.events()
                .status(
                        "retrying",
                        failure.getMessage() + "; next attempt in " + (delay.toMillis() + 999) / 1000 + " s");
    }

    private void say(String piece) {
        answer.append(piece);
        turn.events().chunk(piece);
    }

    private void heard() {
        if (!heardFirst) {
            heardFirst = true;
            agent.metrics().firstPiece(Duration.ofNanos(agent.time().nanos() - began));
        }
    }

    private void abort() {
        aborted = true;
        call.ifPresent(BoundedCall::abort);
        end(Kind.ABORTED.tag(), Future.succeededFuture(new Answer(answer.toString(), usage)));
    }

    private void ask() {
        if (aborted) {
            return;
        }
        boolean functions = agent.callsFunctions()
                && (turn.given().trust() != Given.Trust.NOBODY
                        || !turn.given().functions().isEmpty());
        Conversation conversation = new Conversation(turn, agent.provider(), agent.maxHistory(), functions);
        List<ModelMessage> messages =
                new ArrayList<>(conversation.messages(agent.time().instant()));
        messages.addAll(exchanged);
        roundSpoke = false;
        BoundedCall asked = new BoundedCall(agent, completions, turn, this);
        call = Optional.of(asked);
        asked.ask(new CompletionRequest(
                        messages,
                        functions ? agent.functions(turn) : Functions.NONE,
                        rounds < agent.maxRounds(),
                        turn.given().choice()))
                .onComplete(this::answered);
    }

    private void answered(AsyncResult<Completion> done) {
        if (aborted) {
            return;
        }
        if (done.failed()) {
            if (done.cause() instanceof ModelFailure failure) {
                failed(failure);
            } else {
                end("refused", Future.failedFuture(done.cause())); // there is nothing left to spend, or no storage
            }
            return;
        }
        Completion completion = done.result();
        completion.usage().ifPresent(this::count);
        if (completion.calls().isEmpty()) {
            finish(completion.end());
        } else if (!turn.given().functions().isEmpty()) {
            handOver(completion.calls());
        } else if (rounds++ < agent.maxRounds()) {
            callAll(completion);
        } else {
            failed(ModelFailure.of(
                    Kind.PROTOCOL,
                    "The model called functions " + agent.maxRounds() + " times and again when it was told to answer"
                            + " (llm.max_rounds)"));
        }
    }

    private void failed(ModelFailure failure) {
        if (failure.kind() == Kind.NO_TOOLS && agent.callsFunctions() && rounds == 0) {
            agent.callsNoFunctions();
            turn.events().status("no_tools", "The model calls no functions: it answers without looking at the gateway");
            ask();
            return;
        }
        end(failure.kind().tag(), Future.failedFuture(new FairleadException(failure.code(), failure.getMessage())));
    }

    private void finish(Completion.End how) {
        if (answer.toString().isBlank()) {
            failed(ModelFailure.of(
                    how == Completion.End.FILTERED ? Kind.REFUSED : Kind.PROTOCOL,
                    switch (how) {
                        case LENGTH -> "The model reached its limit before it answered";
                        case FILTERED -> "The provider's filter holds the answer back";
                        case STOP -> "The model said nothing";
                    }));
            return;
        }
        if (how != Completion.End.STOP) {
            turn.events()
                    .status(
                            "cut_off",
                            how == Completion.End.LENGTH
                                    ? "The model reached its limit: the answer is not whole"
                                    : "The provider's filter cut the answer off");
        }
        end("ok", Future.succeededFuture(new Answer(answer.toString(), usage)));
    }

    /** The client carries its own tools out, and comes back with what they gave in a turn of its own. */
    private void handOver(List<FunctionCall> calls) {
        for (int i = 0; i < calls.size(); i++) {
            FunctionCall wanted = calls.get(i);
            if (wanted.arguments().length() > MOST_ARGUMENTS) {
                failed(ModelFailure.of(
                        Kind.PROTOCOL,
                        "The model called a function with more than " + MOST_ARGUMENTS + " characters of arguments"));
                return;
            }
            JsonNode args = arguments(wanted.arguments()).orElseGet(() -> TextNode.valueOf(wanted.arguments()));
            turn.events().ownToolCall("call_" + i, wanted.name(), args);
            turn.events().ownToolResult("call_" + i, wanted.name(), "(handed to the client, which carries it out)");
        }
        end("ok", Future.succeededFuture(new Answer(answer.toString(), usage)));
    }

    /** All at the same time; the model is told what came of them in the order in which it called. */
    private void callAll(Completion completion) {
        List<CallOrigin> origins = CallOrigin.of(agent.provider(), turn.turnId() + ":" + rounds, completion);
        List<Future<ToolBox.Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < origins.size(); i++) {
            outcomes.add(callOne(completion.calls().get(i), origins.get(i).json()));
        }
        Future.all(outcomes)
                .onSuccess(all -> {
                    exchanged.add(completion.message());
                    for (int i = 0; i < outcomes.size(); i++) {
                        exchanged.add(new ModelMessage.Output(
                                completion.calls().get(i).id(),
                                Conversation.clip(outcomes.get(i).result().output(), agent.maxHistory())));
                    }
                    ask();
                })
                .onFailure(failure -> end("ended", Future.failedFuture(failure))); // the turn is over
    }

    private Future<ToolBox.Outcome> callOne(FunctionCall wanted, JsonNode origin) {
        Optional<JsonNode> args = arguments(wanted.arguments());
        return args.isPresent()
                ? turn.tools().call(wanted.name(), args.get(), Optional.of(origin))
                : turn.tools()
                        .refuse(
                                wanted.name(),
                                "The arguments are no JSON object: " + Conversation.clip(wanted.arguments(), QUOTED)
                                        + " — call again with one that fits the schema",
                                Optional.of(origin));
    }

    private static Optional<JsonNode> arguments(String written) {
        if (written.isBlank()) {
            return Optional.of(FrameCodec.object());
        }
        try {
            return Optional.of(FrameCodec.tree(written)).filter(JsonNode::isObject);
        } catch (FairleadException e) {
            return Optional.empty();
        }
    }

    private void count(ChatFrame.Usage round) {
        agent.metrics().tokens(round);
        usage = Optional.of(usage.map(sum -> new ChatFrame.Usage(
                        sum.inputTokens() + round.inputTokens(), sum.outputTokens() + round.outputTokens()))
                .orElse(round));
    }

    private void end(String outcome, Future<Answer> how) {
        if (!result.future().isComplete()) {
            agent.metrics().ended(outcome);
            how.onComplete(result);
        }
    }
}
