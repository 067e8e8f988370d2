package dev.fairlead.gateway.demo.agent;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.OutgoingMessage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Looks around, and tells the planner now and then. */
final class Scout implements SampleAgent.Work {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final int REPORT_EACH = 15;
    private static final List<String> SIGHTINGS =
            List.of("all quiet", "volume picks up", "a new high of the day", "spreads widen", "spreads narrow");

    private final AgentClient client;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final AgentLog log;
    private int looks;

    Scout(AgentClient client, Scheduler scheduler, SplittableRandom random, AgentLog log) {
        this.client = client;
        this.scheduler = scheduler;
        this.random = random;
        this.log = log;
    }

    @Override
    public void prepare() {
        client.messages().onMessage(message -> {
            log.info(message.from() + " says " + message.payload());
            return Future.succeededFuture();
        });
    }

    @Override
    public void begin() {
        scheduler.every(LOOK_EVERY, this::look);
    }

    @Override
    public Map<String, Object> status() {
        return Map.of("looks", looks);
    }

    private void look() {
        looks++;
        String sighting = SIGHTINGS.get(random.nextInt(SIGHTINGS.size()));
        log.info(sighting);
        if (looks % REPORT_EACH == 0) {
            client.messages()
                    .send(OutgoingMessage.of("planner", "market.note", Map.of("text", sighting)))
                    .onFailure(refused -> log.error("not told: " + refused.getMessage()));
        }
    }
}
