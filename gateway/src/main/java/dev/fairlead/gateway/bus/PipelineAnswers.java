package dev.fairlead.gateway.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The concern's end of all {@link Pipeline}s to it: what it answers in one turn goes to each asker in one message. */
final class PipelineAnswers {
    private final EventBus eventBus;
    private final Context context;
    private final String address;
    private final Function<Request<?>, Future<? extends Record>> handler;
    private Map<String, List<Pipeline.Answered>> due = new LinkedHashMap<>();

    /** @param handler its answers come on this context */
    PipelineAnswers(
            EventBus eventBus,
            Context context,
            String address,
            Function<Request<?>, Future<? extends Record>> handler) {
        this.eventBus = eventBus;
        this.context = context;
        this.address = address;
        this.handler = handler;
    }

    void heard(Pipeline.Requests requests) {
        for (Pipeline.Asked asked : requests.asked()) {
            answer(asked.request())
                    .onComplete(done -> add(requests.replyTo(), asked.number(), done.cause(), done.result()));
        }
    }

    private Future<? extends Record> answer(Request<?> request) {
        try {
            return handler.apply(request);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void add(String asker, long number, Throwable cause, Record answer) {
        if (due.isEmpty()) {
            context.runOnContext(turn -> flush());
        }
        Future<? extends Record> told =
                cause == null ? Future.succeededFuture(answer) : Future.failedFuture(Bus.failure(address, cause));
        due.computeIfAbsent(asker, first -> new ArrayList<>()).add(new Pipeline.Answered(number, told));
    }

    private void flush() {
        Map<String, List<Pipeline.Answered>> leaving = due;
        due = new LinkedHashMap<>();
        leaving.forEach((asker, answers) -> eventBus.send(asker, new Pipeline.Answers(answers), Bus.LOCAL));
    }
}
