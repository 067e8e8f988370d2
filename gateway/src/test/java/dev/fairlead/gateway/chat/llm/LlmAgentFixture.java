package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.budget.Spending;
import dev.fairlead.gateway.chat.turn.ChatAgent.Answer;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;

/** A model behind the chat, at an endpoint that does as it is told, over real sockets. */
abstract class LlmAgentFixture {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    final Vertx vertx = Vertx.vertx();
    final Context loop = vertx.getOrCreateContext();
    final FakeModel model = FakeModel.start();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ScriptedTurn turn = new ScriptedTurn("How are things?");

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        model.close();
    }

    LlmAgent agent(Spending spending) {
        return agent(spending, new String[0]);
    }

    LlmAgent agent(String... more) {
        return agent(Spending.UNBOUNDED, more);
    }

    LlmAgent agent(Spending spending, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("llm.base_url=" + model.baseUrl(), "llm.model=test-model", "llm.api_key=sk-canary"));
        settings.addAll(Arrays.asList(more));
        return new LlmAgent(
                vertx,
                TimeSource.system(),
                Settings.of(settings.toArray(String[]::new)).llm(),
                registry,
                spending);
    }

    Answer answer() {
        return done(run());
    }

    Future<Answer> run(String... settings) {
        return run(agent(settings));
    }

    Future<Answer> run(LlmAgent agent) {
        Promise<Answer> result = Promise.promise();
        loop.runOnContext(ignored -> agent.run(turn).onComplete(result));
        return result.future();
    }

    double count(String outcome) {
        return registry.counter("fairlead.llm.turns", "outcome", outcome).count();
    }

    static FairleadException failure(Future<?> result) {
        await().atMost(PATIENCE).until(result::isComplete);
        assertThat(result.cause()).isInstanceOf(FairleadException.class);
        return (FairleadException) result.cause();
    }

    static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
