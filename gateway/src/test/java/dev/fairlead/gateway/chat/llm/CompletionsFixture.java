package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;

/** Asks a model that does as it is told, over real sockets. */
abstract class CompletionsFixture {
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(300);
    static final String KEY = "sk-canary";
    static final CompletionRequest QUESTION =
            new CompletionRequest(List.of(new ModelMessage.User("Hello?")), Functions.NONE, true);

    final Vertx vertx = Vertx.vertx();
    final Context loop = vertx.getOrCreateContext();
    final FakeModel model = FakeModel.start();
    final Heard heard = new Heard();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        model.close();
    }

    static ModelLimits patient() {
        return limits(LONG, LONG, LONG);
    }

    static ModelLimits limits(Duration first, Duration idle, Duration whole) {
        return new ModelLimits(LONG, first, idle, whole, 3, Duration.ofMillis(5), LONG);
    }

    ChatCompletions completions(ModelLimits limits) {
        return new ChatCompletions(
                vertx, TimeSource.system(), limits, model.baseUrl(), "test-model", Optional.of(Secret.of(KEY)));
    }

    Completion answer(ModelLimits limits) {
        return done(ask(completions(limits)));
    }

    ModelFailure failure(ModelLimits limits) {
        return failureOf(ask(completions(limits)));
    }

    Future<Completion> ask(ChatCompletions completions) {
        return ask(completions, new ArrayList<>());
    }

    Future<Completion> ask(ChatCompletions completions, List<CompletionCall> calls) {
        Promise<Completion> result = Promise.promise();
        loop.runOnContext(ignored -> {
            CompletionCall call = completions.ask(QUESTION, heard);
            calls.add(call);
            call.result().onComplete(result);
        });
        return result.future();
    }

    static ModelFailure failureOf(Future<Completion> result) {
        try {
            return result.toCompletionStage()
                    .toCompletableFuture()
                    .handle((answer, failure) -> {
                        assertThat(failure).as("an answer: %s", answer).isInstanceOf(ModelFailure.class);
                        return (ModelFailure) failure;
                    })
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
