package dev.fairlead.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private record Ask(int number) implements Request<Told> {
        @Override
        public FairleadException late() {
            return new FairleadException(ErrorCode.OUTCOME_UNKNOWN, "Nobody knows");
        }
    }

    private record Told(int number) {}

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final Context asker = vertx.getOrCreateContext();
    private final Context answerer = vertx.getOrCreateContext();
    private final AtomicInteger messages = new AtomicInteger();
    private Pipeline pipeline;

    @BeforeEach
    void open() throws Exception {
        vertx.eventBus().addInboundInterceptor(context -> {
            messages.incrementAndGet();
            context.next();
        });
        pipeline = on(() -> Future.succeededFuture(bus.pipeline(PipelineTest.class)));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void requests_of_a_turn_and_their_answers_are_a_bus_message_each() throws Exception {
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        answer(ask -> {
            heard.add(ask.number());
            return Future.succeededFuture(new Told(-ask.number()));
        });

        List<Told> told = on(() -> Future.all(ask(1), ask(2), ask(3)).map(all -> all.<Told>list()));

        assertThat(told).containsExactly(new Told(-1), new Told(-2), new Told(-3));
        assertThat(heard).containsExactly(1, 2, 3);
        assertThat(messages).hasValue(2);
    }

    @Test
    void one_that_waits_holds_back_no_other() throws Exception {
        Promise<Told> first = Promise.promise();
        answer(ask -> ask.number() == 1 ? first.future() : Future.succeededFuture(new Told(ask.number())));
        List<Future<Told>> both = on(() -> Future.succeededFuture(List.of(ask(1), ask(2))));
        assertThat(await(both.get(1))).isEqualTo(new Told(2));
        assertThat(both.get(0).isComplete()).isFalse();
        answerer.runOnContext(turn -> first.complete(new Told(1)));
        assertThat(await(both.get(0))).isEqualTo(new Told(1));
    }

    @Test
    void a_refusal_is_its_askers_and_a_bug_is_told_without_its_details() throws Exception {
        answer(ask -> {
            if (ask.number() == 1) {
                throw new FairleadException(ErrorCode.BUSY, "Full");
            }
            if (ask.number() == 2) {
                throw new IllegalStateException("secret detail");
            }
            return Future.succeededFuture(new Told(ask.number()));
        });
        List<Future<Told>> all = on(() -> Future.succeededFuture(List.of(ask(1), ask(2), ask(3))));
        assertThat(code(all.get(0))).isEqualTo(ErrorCode.BUSY);
        assertThatThrownBy(() -> await(all.get(1))).hasMessageNotContaining("secret");
        assertThat(code(all.get(1))).isEqualTo(ErrorCode.INTERNAL);
        assertThat(await(all.get(2))).isEqualTo(new Told(3));
    }

    @Test
    void nobody_there_is_told_as_starting_or_stopping() throws Exception {
        Future<Told> asked = on(() -> Future.succeededFuture(ask(1)));
        assertThat(code(asked)).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    @Test
    void what_a_late_answer_means_is_said_by_what_was_asked() throws Exception {
        answer(ask -> Promise.<Told>promise().future());
        Future<Told> asked = on(() -> {
            Future<Told> one = ask(1);
            for (int i = 0; i < Pipeline.MOST_SWEEPS; i++) {
                pipeline.sweep();
            }
            assertThat(one.isComplete()).isFalse();
            pipeline.sweep();
            return Future.succeededFuture(one);
        });
        assertThat(code(asked)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }

    private Future<Told> ask(int number) {
        return pipeline.request(new Ask(number));
    }

    private void answer(Function<Ask, Future<Told>> handler) throws Exception {
        Promise<Void> ready = Promise.promise();
        answerer.runOnContext(turn -> bus.answerPipelines(PipelineTest.class, request -> handler.apply((Ask) request))
                .completion()
                .onComplete(ready));
        await(ready.future());
    }

    private interface Work<T> {
        Future<T> run();
    }

    private <T> T on(Work<T> work) throws Exception {
        Promise<T> done = Promise.promise();
        asker.runOnContext(turn -> {
            try {
                work.run().onComplete(done);
            } catch (RuntimeException | AssertionError e) {
                done.fail(e);
            }
        });
        return await(done.future());
    }

    private static ErrorCode code(Future<?> refused) {
        try {
            await(refused);
        } catch (Exception e) {
            return ((FairleadException) e.getCause()).code();
        }
        throw new AssertionError("answered");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
