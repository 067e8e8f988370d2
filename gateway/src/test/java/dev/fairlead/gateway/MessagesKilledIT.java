package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.Backoff;
import dev.fairlead.protocol.client.OutgoingMessage;
import dev.fairlead.protocol.client.ReceivedMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise behind every accepted message, while the gateway is killed under its agents again and again. */
class MessagesKilledIT {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> acceptedKeyOfId = new ConcurrentHashMap<>();
    private final List<ReceivedMessage> received = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    @Test
    void nothing_accepted_is_lost_or_doubled_over_kills() throws Exception {
        survives(1_000, 3);
    }

    @Test
    @Tag("long")
    void nothing_of_10_000_messages_is_lost_or_doubled_over_20_kills() throws Exception {
        survives(10_000, 20);
    }

    private void survives(int messages, int kills) throws Exception {
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        try (ServedGateway gateway = ServedGateway.start(folder.resolve("data"))) {
            AgentClient receiver = client(gateway, "receiver");
            receiver.messages().onMessage(message -> {
                received.add(message);
                return Future.succeededFuture();
            });
            receiver.start().await(60, TimeUnit.SECONDS);
            AgentClient sender = client(gateway, "sender");
            sender.start().await(60, TimeUnit.SECONDS);

            int sent = 0;
            for (int kill = 0; kill <= kills; kill++) {
                int until = kill == kills ? messages : messages * (kill + 1) / (kills + 1);
                for (; sent < until; sent++) {
                    send(sender, sent);
                }
                if (kill < kills) {
                    int some = acceptedKeyOfId.size() + random.nextInt(messages / (kills + 1));
                    Awaitility.await()
                            .atMost(Duration.ofMinutes(3))
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> acceptedKeyOfId.size() >= Math.min(some, until));
                    gateway.kill();
                    gateway.start();
                }
            }
            Awaitility.await("all accepted and all received, seed " + seed)
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> acceptedKeyOfId.size() == messages && distinctReceived() == messages);
            check(gateway, messages);
        }
    }

    private void check(ServedGateway gateway, int messages) {
        assertThat(new HashSet<>(acceptedKeyOfId.values()))
                .as("one message a key")
                .hasSize(messages);
        Map<String, Long> kept = new HashMap<>();
        String cursor = "";
        do {
            JsonNode page = gateway.get("/api/messages?limit=1000" + cursor);
            page.get("messages")
                    .forEach(one -> kept.put(
                            one.get("message_id").asText(), one.get("sequence").asLong()));
            cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").asText() : "";
        } while (!cursor.isEmpty());
        assertThat(kept.keySet()).as("kept, and accepted").isEqualTo(acceptedKeyOfId.keySet());
        List<Integer> sendOrder = new ArrayList<>();
        List<Long> acceptOrder = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        synchronized (received) {
            for (ReceivedMessage message : received) {
                if (seen.add(message.messageId())) {
                    sendOrder.add(message.payload().asInt());
                    acceptOrder.add(kept.get(message.messageId()));
                }
            }
        }
        assertThat(acceptOrder).as("first deliveries, in order of acceptance").isSorted();
        assertThat(sendOrder).as("first deliveries, in the order sent").isSorted();
        assertThat(gateway.get("/api/messages?status=dead_lettered").get("messages"))
                .isEmpty();
    }

    private long distinctReceived() {
        synchronized (received) {
            return received.stream().map(ReceivedMessage::messageId).distinct().count();
        }
    }

    private void send(AgentClient sender, int number) {
        OutgoingMessage message =
                OutgoingMessage.of("receiver", "count", number).withIdempotencyKey("key-" + number);
        Future<AgentData.Accepted> accepted = sender.messages().send(message);
        accepted.onSuccess(answer -> acceptedKeyOfId.put(answer.messageId(), "key-" + number));
    }

    private AgentClient client(ServedGateway gateway, String name) throws IOException {
        AgentClientOptions options = AgentClientOptions.of(gateway.http("/").toString(), name)
                .withToken(gateway.registrationToken(name))
                .withTokenRoot(folder.resolve("agents"))
                .withBackoff(() -> Backoff.of(Duration.ofMillis(50), Duration.ofMillis(200), new Random()));
        return AgentClient.create(vertx, options);
    }
}
