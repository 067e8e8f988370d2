package dev.fairlead.gateway.promises;

import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.ConnectionState;
import dev.fairlead.protocol.client.OutgoingMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Agents that do their work: each second each of them heartbeats and sends a message to the next one. */
final class HonestFleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PACE = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx();
    private final List<AgentClient> agents = new ArrayList<>();
    private final Histogram heartbeats = new ConcurrentHistogram(3);
    private final Histogram messages = new ConcurrentHistogram(3);
    private final Map<Long, Long> sentAt = new ConcurrentHashMap<>();
    private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
    private final Set<Long> delivered = ConcurrentHashMap.newKeySet();
    private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean working = new AtomicBoolean(true);
    private final AtomicLong numbers = new AtomicLong();

    /** Registers so many; all are connected when this returns. */
    HonestFleet(ServedGateway gateway, Path tokens, int size) {
        List<Future<Void>> registered = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            AgentClient agent = AgentClient.create(
                    vertx,
                    AgentClientOptions.of(gateway.ws("").toString(), name(i))
                            .withToken(gateway.registrationToken(name(i)))
                            .withTokenRoot(tokens));
            agent.onState(this::watch).onProblem(troubles::add);
            agent.messages().onMessage(message -> {
                heard(message.from(), message.payload().path("number").asLong(-1));
                return Future.succeededFuture();
            });
            agents.add(agent);
            registered.add(agent.start());
        }
        RunningGateway.await(Future.all(registered));
        for (int i = 0; i < size; i++) {
            int self = i;
            vertx.setTimer(1 + i * PACE.toMillis() / size, first -> {
                work(self);
                vertx.setPeriodic(PACE.toMillis(), again -> work(self));
            });
        }
    }

    static String name(int number) {
        return "honest-" + number;
    }

    private void watch(ConnectionState state) {
        if (state instanceof ConnectionState.Disconnected lost) {
            troubles.add("lost: " + lost.reason());
        } else if (state instanceof ConnectionState.Stopped end && working.get()) {
            troubles.add("stopped: " + end.reason());
        }
    }

    private void work(int self) {
        if (!working.get()) {
            return;
        }
        long asked = System.nanoTime();
        agents.get(self)
                .request("agent.heartbeat", Map.of(), PATIENCE)
                .onSuccess(answer -> heartbeats.recordValue(System.nanoTime() - asked))
                .onFailure(failure -> troubles.add("heartbeat: " + failure.getMessage()));
        long number = numbers.incrementAndGet();
        sentAt.put(number, asked);
        agents.get(self)
                .messages()
                .send(OutgoingMessage.of(name((self + 1) % agents.size()), "note", Map.of("number", number)))
                .onSuccess(stored -> accepted.add(number))
                .onFailure(failure -> troubles.add("message: " + failure.getMessage()));
    }

    private void heard(String from, long number) {
        Long sent = sentAt.get(number);
        if (sent == null || !from.startsWith("honest-")) {
            troubles.add("a message that nobody of them sent, from " + from);
        } else if (delivered.add(number)) {
            messages.recordValue(System.nanoTime() - sent);
        }
    }

    /** What was measured so far is another matter. */
    void measureAnew() {
        heartbeats.reset();
        messages.reset();
    }

    /** 99 of 100 heartbeats are answered within that. */
    Duration heartbeatsWithin() {
        return Duration.ofNanos(heartbeats.getValueAtPercentile(99));
    }

    /** 99 of 100 messages are stored and with their recipient within that. */
    Duration messagesWithin() {
        return Duration.ofNanos(messages.getValueAtPercentile(99));
    }

    /** They send nothing more. */
    void rest() {
        working.set(false);
    }

    /** How many messages were accepted so far. */
    int accepted() {
        return accepted.size();
    }

    /** Those of them that did not come. */
    Set<Long> missing() {
        Set<Long> missing = new HashSet<>(accepted);
        missing.removeAll(delivered);
        return missing;
    }

    /** What went wrong for any of them. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    @Override
    public void close() {
        working.set(false);
        RunningGateway.await(vertx.close());
    }
}
