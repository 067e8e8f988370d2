package dev.fairlead.gateway.demo.agent;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.OutgoingMessage;
import dev.fairlead.protocol.client.ReceivedMessage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes plans of a few steps and hands each step to the worker once the one before it is done. */
final class Planner implements SampleAgent.Work {
    private static final String WORKER = "worker";
    private static final Duration BETWEEN_PLANS = Duration.ofSeconds(6);
    /** The worker may not have registered yet. */
    private static final Duration HAND_AGAIN = Duration.ofSeconds(1);
    /** Plans given up are forgotten then; their tasks are dead letters by that time. */
    private static final int MOST_OPEN = 50;
    /** The second plan, and from then on every so many, has a step that cannot be done. */
    private static final int IMPOSSIBLE_EACH = 60;

    private static final List<List<String>> PLANS = List.of(
            List.of("collect last night's build reports", "summarise the failures", "draft the morning note"),
            List.of("read the open positions", "price the hedge", "check it against the limits"),
            List.of("fetch the new support mail", "sort it by topic"),
            List.of("compare the two backups", "verify the checksums", "file the result"));

    private record Open(List<String> steps, long startedNanos) {}

    private final AgentClient client;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final SplittableRandom random;
    private final AgentLog log;
    private final String run;
    private final Map<Integer, Open> open = new LinkedHashMap<>();
    private int plans;
    private int finished;

    Planner(AgentClient client, Scheduler scheduler, TimeSource time, SplittableRandom random, AgentLog log) {
        this.client = client;
        this.scheduler = scheduler;
        this.time = time;
        this.random = random;
        this.log = log;
        this.run = Integer.toString(random.nextInt(0x1000, 0x10000), 16);
    }

    @Override
    public void prepare() {
        client.messages().onMessage(this::received);
    }

    @Override
    public void begin() {
        plan();
        scheduler.every(BETWEEN_PLANS, this::plan);
    }

    @Override
    public Map<String, Object> status() {
        return Map.of("plans_made", plans, "plans_finished", finished, "plans_open", open.size());
    }

    private void plan() {
        List<String> steps = PLANS.get(random.nextInt(PLANS.size()));
        plans++;
        open.put(plans, new Open(steps, time.nanos()));
        while (open.size() > MOST_OPEN) {
            int oldest = open.keySet().iterator().next();
            open.remove(oldest);
        }
        log.info("plan " + plans + " has " + steps.size() + " steps: " + String.join(", ", steps));
        hand(plans, 1);
    }

    private void hand(int plan, int step) {
        List<String> steps = open.get(plan).steps();
        boolean possible = plan % IMPOSSIBLE_EACH != 2 || step < steps.size();
        Task task = new Task(plan, step, steps.size(), steps.get(step - 1), possible);
        client.messages()
                .send(OutgoingMessage.of(WORKER, Task.HANDOFF, task).withCorrelationId(correlation(plan)))
                .onSuccess(accepted -> log.debug("handed to " + WORKER + ": " + task.title()))
                .onFailure(refused -> {
                    log.warn("not handed over yet: " + refused.getMessage());
                    scheduler.after(HAND_AGAIN, () -> handIfOpen(plan, step));
                });
    }

    private void handIfOpen(int plan, int step) {
        if (open.containsKey(plan)) {
            hand(plan, step);
        }
    }

    private Future<?> received(ReceivedMessage message) {
        if (!message.type().equals(Task.DONE)) {
            log.info(message.from() + " says " + message.payload());
            return Future.succeededFuture();
        }
        Task done = message.payloadAs(Task.class);
        boolean ours =
                message.correlationId().filter(correlation(done.plan())::equals).isPresent();
        if (!ours || !open.containsKey(done.plan())) {
            log.warn("no plan of mine is open for " + done.title());
        } else if (done.step() < done.steps()) {
            hand(done.plan(), done.step() + 1);
        } else {
            finished++;
            Duration took =
                    Duration.ofNanos(time.nanos() - open.remove(done.plan()).startedNanos());
            log.info("plan " + done.plan() + " is finished after " + took.toMillis() + " ms");
        }
        return Future.succeededFuture();
    }

    private String correlation(int plan) {
        return "plan-" + run + "-" + plan;
    }
}
