package dev.fairlead.gateway.demo.agent;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.OutgoingMessage;
import dev.fairlead.protocol.client.ReceivedMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/** Does tasks in a second or so. One in eight fails the first time, one that is impossible each time. */
final class Worker implements SampleAgent.Work {
    private static final int FAILS_ONE_IN = 8;
    private static final int SHORTEST_MILLIS = 300;
    private static final int LONGEST_MILLIS = 1_600;
    private static final Duration ASK_EVERY = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AgentClient client;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final AgentLog log;
    private int done;
    private int failed;
    private int atWork;

    Worker(AgentClient client, Scheduler scheduler, SplittableRandom random, AgentLog log) {
        this.client = client;
        this.scheduler = scheduler;
        this.random = random;
        this.log = log;
    }

    @Override
    public void prepare() {
        client.messages().onMessage(this::received);
    }

    @Override
    public void begin() {
        scheduler.every(ASK_EVERY, this::askScout);
    }

    @Override
    public Map<String, Object> status() {
        return Map.of("tasks_done", done, "tasks_failed", failed, "tasks_at_work", atWork);
    }

    private Future<?> received(ReceivedMessage message) {
        if (!message.type().equals(Task.HANDOFF)) {
            log.info(message.from() + " says " + message.payload());
            return Future.succeededFuture();
        }
        Task task = message.payloadAs(Task.class);
        String attempt = message.attempt() > 1 ? " (attempt " + message.attempt() + ")" : "";
        log.info("working on " + task.title() + attempt);
        atWork++;
        Promise<Void> worked = Promise.promise();
        scheduler.after(Duration.ofMillis(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS)), () -> {
            atWork--;
            finish(task, message).onComplete(worked);
        });
        return worked.future();
    }

    private Future<Void> finish(Task task, ReceivedMessage message) {
        if (!task.possible()) {
            return fail("cannot be done", task);
        }
        if (message.attempt() == 1 && random.nextInt(FAILS_ONE_IN) == 0) {
            return fail("the tool timed out", task);
        }
        OutgoingMessage report = OutgoingMessage.of(message.from(), Task.DONE, task)
                // The same however often the task is delivered: it is reported once.
                .withIdempotencyKey("done-" + message.messageId());
        return client.messages()
                .send(message.correlationId().map(report::withCorrelationId).orElse(report))
                .onSuccess(accepted -> {
                    done++;
                    log.info("done: " + task.title());
                })
                .mapEmpty();
    }

    private Future<Void> fail(String reason, Task task) {
        failed++;
        log.warn(reason + ": " + task.title());
        return Future.failedFuture(reason);
    }

    private void askScout() {
        String symbol = Scout.SYMBOLS.get(random.nextInt(Scout.SYMBOLS.size()));
        client.request("agents.scout." + Scout.PRICE, Map.of("symbol", symbol), PATIENCE)
                .onSuccess(quote -> log.debug(
                        "scout has " + symbol + " at " + quote.path("mid").asText()))
                .onFailure(failure -> log.warn("scout does not answer: " + failure.getMessage()));
    }
}
