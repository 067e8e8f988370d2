package dev.fairlead.protocol.client;

import dev.fairlead.protocol.AgentEnvelope;
import dev.fairlead.protocol.ErrorBody;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Subject;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** What an agent answers to what. Handlers may be set from any thread. */
final class RequestHandlers {
    private final Map<Subject, Function<AgentRequest, ? extends Future<?>>> handlers = new ConcurrentHashMap<>();
    private final Consumer<String> problems;

    RequestHandlers(Consumer<String> problems) {
        this.problems = problems;
    }

    void set(Subject subject, Function<AgentRequest, ? extends Future<?>> handler) {
        handlers.put(subject, handler);
    }

    /** Has an envelope handled and hands on the reply, where one is waited for. */
    void handle(AgentEnvelope envelope, Consumer<AgentEnvelope> replies) {
        AgentRequest request = new AgentRequest(
                envelope.subject(),
                envelope.data().isMissingNode() ? FrameCodec.object() : envelope.data(),
                envelope.from());
        run(request, envelope.reply().isPresent())
                .onComplete(done -> envelope.reply().ifPresent(inbox -> replies.accept(reply(inbox, request, done))));
    }

    private Future<?> run(AgentRequest request, boolean answerAwaited) {
        return Optional.ofNullable(handlers.get(request.subject()))
                .<Future<?>>map(handler -> Future.succeededFuture(request)
                        .compose(asked -> handler.apply(asked).map(result -> (Object) result))
                        .onFailure(failure -> tell(request, failure)))
                .orElseGet(() -> answerAwaited
                        ? Future.failedFuture(new FairleadException(
                                ErrorCode.UNKNOWN_SUBJECT, "This agent does not answer " + request.subject()))
                        : Future.succeededFuture());
    }

    private AgentEnvelope reply(Subject inbox, AgentRequest request, AsyncResult<?> done) {
        if (done.failed()) {
            return AgentEnvelope.of(inbox, ErrorBody.of(asTold(done.cause()), request.subject()));
        }
        try {
            return AgentEnvelope.of(inbox, done.result() == null ? FrameCodec.object() : done.result());
        } catch (FairleadException | IllegalArgumentException e) {
            problems.accept("The answer to " + request.subject() + " cannot be written as JSON: "
                    + done.result().getClass().getName());
            return AgentEnvelope.of(inbox, ErrorBody.of(asTold(e), request.subject()));
        }
    }

    private void tell(AgentRequest request, Throwable failure) {
        if (!(failure instanceof FairleadException)) { // that is an answer, not a fault
            problems.accept("The handler of " + request.subject() + " failed: " + failure);
        }
    }

    /** What the asker is told: of our own faults, no more than that there is one. */
    private static FairleadException asTold(Throwable failure) {
        return failure instanceof FairleadException refused && refused.code() != ErrorCode.INVALID_ENVELOPE
                ? refused
                : new FairleadException(ErrorCode.INTERNAL, "The agent failed to answer");
    }
}
