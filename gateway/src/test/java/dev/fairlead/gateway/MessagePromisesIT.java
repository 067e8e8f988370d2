package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.OutgoingMessage;
import dev.fairlead.protocol.client.ReceivedMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised of messages, in the numbers it is promised in. */
@Tag("slow")
class MessagePromisesIT {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"), "messages.max_backlog=100000", "messages.max_attempts=1000");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    private AgentClient client(String name) {
        return AgentClient.create(
                vertx,
                AgentClientOptions.of(gateway.http("/").toString(), name)
                        .withToken(gateway.registrationToken(name))
                        .withTokenRoot(folder.resolve("agents")));
    }

    @Test
    void eight_senders_of_5_000_messages_see_no_inversion() throws Exception {
        int senders = 8;
        int each = 5_000;
        List<ReceivedMessage> received = Collections.synchronizedList(new ArrayList<>());
        AgentClient receiver = client("receiver");
        receiver.messages().onMessage(message -> {
            received.add(message);
            return Future.succeededFuture();
        });
        receiver.start().await(60, TimeUnit.SECONDS);
        for (int sender = 0; sender < senders; sender++) {
            AgentClient agent = client("sender-" + sender);
            agent.start().await(60, TimeUnit.SECONDS);
            for (int i = 0; i < each; i++) {
                agent.messages().send(OutgoingMessage.of("receiver", "count", i));
            }
        }
        Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> received.size() >= senders * each);

        Map<String, Integer> last = new HashMap<>();
        int inversions = 0;
        for (ReceivedMessage message : List.copyOf(received)) {
            int number = message.payload().asInt();
            if (!message.redelivered()) {
                inversions += number < last.getOrDefault(message.from(), -1) ? 1 : 0;
                last.put(message.from(), number);
            }
        }
        assertThat(inversions).isZero();
    }

    @Test
    void of_1_000_late_acknowledgements_from_replaced_connections_none_is_accepted() {
        WsClient sender = connect(gateway.registrationToken("sender"));
        sender.next("token.state");
        WsClient agent = connect(gateway.registrationToken("receiver"));
        String permanent =
                agent.next("agent.register.ack").get("data").get("token").asText();
        for (int late = 0; late < 1_000; late++) {
            if (late % 200 == 0) { // far from what makes a dead letter
                sender.send("{\"subject\":\"message.send\",\"reply\":\"inbox.1\",\"data\":{\"to\":\"receiver\","
                        + "\"type\":\"t\",\"payload\":1}}");
                sender.next("inbox.1");
            }
            JsonNode delivered = agent.next("message.deliver").get("data");
            WsClient replaced = agent;
            agent = connect(permanent);
            agent.next("agent.register.ack");
            try {
                replaced.send("{\"subject\":\"message.ack\",\"data\":{\"message_id\":\""
                        + delivered.get("message_id").asText() + "\",\"attempt\":"
                        + delivered.get("attempt").asInt() + "}}");
            } catch (RuntimeException closedAlready) {
                // as good as refused
            }
        }

        agent.next("message.deliver");
        assertThat(gateway.get("/api/messages?status=acknowledged").body().get("messages"))
                .isEmpty();
        assertThat(gateway.get("/api/messages").body().get("messages")).hasSize(5);
    }

    private WsClient connect(String token) {
        return WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token);
    }
}
