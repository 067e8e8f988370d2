package dev.fairlead.gateway.prove;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.AgentRequest;
import dev.fairlead.protocol.client.Backoff;
import dev.fairlead.protocol.client.ConnectionState;
import dev.fairlead.protocol.client.OutgoingMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Agents in a ring, each of which sends durable messages to the next and acknowledges what it gets. What the gateway
 * said of each goes to the history. Safe for use by several threads.
 */
final class MessageTraffic implements AutoCloseable {
    private static final int AGENTS = 8;

    private static final Duration PERIOD = Duration.ofMillis(100);

    /** Messages that wait for the gateway; while so many do, no more are sent. */
    private static final int MOST_WAITING = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a message carries besides its key. */
    private static final String TEXT = "x".repeat(100);

    /** Errors after which a client sends again by itself, or that say that it was closed. */
    private static final Set<ErrorCode> EXPECTED = Set.of(ErrorCode.CONNECTION_LOST, ErrorCode.BUSY);

    private final Vertx vertx = Vertx.vertx();
    private final List<AgentClient> agents = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private final History history;
    private final AcceptedSample sample;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();

    /** What the gateway said of each message that is not both accepted and settled yet: either may be told first. */
    private final Map<String, Progress> open = new ConcurrentHashMap<>();

    private enum Progress {
        ACCEPTED,
        SETTLED
    }

    private volatile boolean closing;

    /** @param sample takes up what the gateway says it has */
    MessageTraffic(History history, AcceptedSample sample) {
        this.history = history;
        this.sample = sample;
    }

    /** Who gets messages of others too. */
    static String recipient() {
        return name(0);
    }

    /** Registers the agents and has them send from now on. */
    void begin(ServedProcess gateway, Path tokens) throws IOException, InterruptedException {
        List<Future<Void>> registered = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            ServedProcess.Answer answer =
                    gateway.send("POST", "/api/admin/tokens", "{\"agent_name\":\"" + name(i) + "\"}");
            AgentClientOptions options = AgentClientOptions.of("ws://127.0.0.1:" + gateway.port(), name(i))
                    .withToken(answer.body().path("token").asText())
                    .withTokenRoot(tokens)
                    .withTimeout(Duration.ofSeconds(2))
                    .withBackoff(() -> Backoff.of(Duration.ofMillis(200), Duration.ofSeconds(1), new Random()));
            AgentClient agent = AgentClient.create(vertx, options);
            agent.onRequest(AgentSubjects.MESSAGE_DELIVER.value(), request -> take(agent, request));
            String name = name(i);
            agent.onState(state -> {
                if (state instanceof ConnectionState.Stopped stopped && !closing) {
                    history.add(new HistoryEvent.Problem(
                            history.now(), "Agent " + name + " does not come back: " + stopped));
                }
            });
            agents.add(agent);
            registered.add(agent.start());
        }
        await(Future.all(registered).mapEmpty());
        for (int i = 0; i < AGENTS; i++) {
            AgentClient from = agents.get(i);
            String to = name((i + 1) % AGENTS);
            timers.add(vertx.setPeriodic(PERIOD.toMillis(), tick -> send(from, to)));
        }
    }

    /** No more are sent from now on. */
    void stopSending() {
        timers.forEach(vertx::cancelTimer);
        timers.clear();
    }

    /** Messages the gateway has not said it has. */
    long waiting() {
        return waiting.get();
    }

    /** Messages it has, of which it has not said that it has the recipient's acknowledgement. */
    List<String> unsettled() {
        return open.entrySet().stream()
                .filter(message -> message.getValue() == Progress.ACCEPTED)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Somebody else had a message accepted that goes to one of these agents. */
    void accepted(String key, String messageId) {
        HistoryEvent.Accepted accepted = new HistoryEvent.Accepted(history.now(), key, messageId);
        history.add(accepted);
        sample.add(accepted);
        told(messageId, Progress.ACCEPTED);
    }

    private void told(String messageId, Progress what) {
        open.compute(messageId, (id, before) -> before == null || before == what ? what : null);
    }

    private void send(AgentClient from, String to) {
        if (waiting.get() >= MOST_WAITING) {
            return;
        }
        String key = "a-" + sent.incrementAndGet();
        waiting.incrementAndGet();
        from.messages()
                .send(OutgoingMessage.of(to, "prove.work", Map.of("key", key, "text", TEXT))
                        .withIdempotencyKey(key))
                .onComplete(done -> {
                    waiting.decrementAndGet();
                    if (done.succeeded()) {
                        accepted(key, done.result().messageId());
                    } else if (!isExpected(done.cause())) {
                        history.add(new HistoryEvent.Problem(
                                history.now(),
                                "Message " + key + " was refused: "
                                        + done.cause().getMessage()));
                    }
                });
    }

    private static boolean isExpected(Throwable cause) {
        return cause instanceof FairleadException refusal && EXPECTED.contains(refusal.code());
    }

    private Future<Void> take(AgentClient agent, AgentRequest request) {
        AgentData.Deliver message = request.as(AgentData.Deliver.class);
        String id = message.messageId();
        history.add(new HistoryEvent.Delivered(
                history.now(), message.payload().as(JsonNode.class).path("key").asText(), id, message.attempt()));
        agent.request(
                        AgentSubjects.MESSAGE_ACK.value(),
                        new AgentData.Settle(id, message.attempt(), Optional.empty()),
                        PATIENCE)
                .onSuccess(taken -> {
                    history.add(new HistoryEvent.Settled(history.now(), id));
                    told(id, Progress.SETTLED);
                });
        return Future.succeededFuture();
    }

    private static String name(int number) {
        return "prove-" + number;
    }

    /** Its agents say good-bye; once. */
    void end() {
        if (closing) {
            return;
        }
        closing = true;
        stopSending();
        try {
            await(Future.join(agents.stream().map(AgentClient::close).toList()).mapEmpty());
        } catch (IOException e) {
            // They say good-bye to a gateway that may be gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            vertx.close();
        }
    }

    private static void await(Future<Void> future) throws IOException, InterruptedException {
        try {
            future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("The agents do not get on: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("The agents do not get on within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    @Override
    public void close() {
        end();
    }
}
