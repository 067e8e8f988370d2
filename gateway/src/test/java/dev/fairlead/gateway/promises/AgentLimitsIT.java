package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bounds agents' sockets, and whose word counts on them. */
@Tag("attack")
@Tag("alone")
class AgentLimitsIT {
    private static final int QUESTIONS = 1000;

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private Agents agents;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "ws.max_per_address_loopback=100",
                "http.max_per_address=1000", // one address may take all there is
                "agents.request_max_pending=" + 2 * QUESTIONS,
                "ws.slow_close_after=1s",
                "agents.request_timeout=20s");
        agents = new Agents(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_65th_unregistered_socket_is_refused_before_the_upgrade() {
        List<WsClient> open = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            open.add(WsClient.connect(gateway.ws("/ws/agent")));
        }
        assertThat(WsClient.refusal(gateway.ws("/ws/agent"))).isEqualTo(429);
        // Who brings its token is no stranger.
        WsClient known = agents.register("agent-1");

        open.get(0).abort();
        await().atMost(Duration.ofSeconds(5)).until(() -> WsClient.refusal(gateway.ws("/ws/agent")) == 101);
        known.close();
        open.forEach(WsClient::abort);
    }

    @Test
    void sockets_of_one_address_are_bounded_by_the_setting() throws IOException {
        List<WsClient> open = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            open.add(WsClient.connect(gateway.ws("/ws/agents")));
        }
        try (RawHttp http = new RawHttp(gateway.port())) {
            String head = http.request(
                            "GET /ws/agents HTTP/1.1",
                            "Host: localhost",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                    .head();
            assertThat(head).startsWith("HTTP/1.1 429").containsIgnoringCase("retry-after:");
            assertThat(http.json(Integer.parseInt(
                                    head.split("content-length: ", 2)[1].split("\r\n", 2)[0]))
                            .toString())
                    .contains("ws.max_per_address_loopback");
        }
        open.get(0).close();
        await().atMost(Duration.ofSeconds(5)).until(() -> WsClient.refusal(gateway.ws("/ws/agents")) == 101);
        open.forEach(WsClient::abort);
    }

    @Test
    void late_replies_of_a_replaced_connection_are_not_accepted() throws IOException {
        WsClient asker = agents.register("asker");
        String token = agents.permanentToken("worker");
        RawHttp replaced = new RawHttp(gateway.port()).upgrade("/ws/agent?token=" + token);
        agents.awaitOnline("worker");
        ask(asker, QUESTIONS);
        // Once the last question has been handed over, the connection is taken away.
        await().atMost(Duration.ofSeconds(10)).until(() -> replaced.sees("inbox." + QUESTIONS + "\""));
        WsClient worker = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token);
        worker.next("token.state");
        assertThat(replaced.closeCode()).isEqualTo(4409);

        ask(asker, QUESTIONS); // to the new connection, under the same inboxes
        answerForged(replaced, QUESTIONS);
        for (int i = 0; i < QUESTIONS; i++) {
            JsonNode question = worker.next("work");
            worker.send("{\"subject\":\"" + question.get("reply").asText() + "\",\"data\":{\"by\":\"worker\"}}");
        }

        int offline = 0;
        int answered = 0;
        for (int i = 0; i < 2 * QUESTIONS; i++) {
            JsonNode data = asker.next().get("data");
            assertThat(data.path("by").asText()).isNotEqualTo("forger");
            offline += data.path("error").path("code").asText().equals("agent_offline") ? 1 : 0;
            answered += data.path("by").asText().equals("worker") ? 1 : 0;
        }
        assertThat(offline).isEqualTo(QUESTIONS);
        assertThat(answered).isEqualTo(QUESTIONS);
        replaced.close();
    }

    @Test
    void replies_on_an_inbox_of_another_connection_are_not_accepted() throws IOException {
        WsClient asker = agents.register("asker");
        WsClient worker = agents.register("worker");
        RawHttp forger = new RawHttp(gateway.port()).upgrade("/ws/agent?token=" + agents.permanentToken("forger"));
        ask(asker, QUESTIONS);
        answerForged(forger, QUESTIONS);
        for (int i = 0; i < QUESTIONS; i++) {
            JsonNode question = worker.next("work");
            worker.send("{\"subject\":\"" + question.get("reply").asText() + "\",\"data\":{\"by\":\"worker\"}}");
        }

        for (int i = 0; i < QUESTIONS; i++) {
            assertThat(asker.next().get("data").path("by").asText()).isEqualTo("worker");
        }
        forger.close();
    }

    @Test
    void an_agent_that_does_not_read_is_not_read_from_and_closed() throws IOException {
        String token = agents.permanentToken("agent-1");
        String line = "GET /ws/agent?token=" + token + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        byte[] payload = ("{\"subject\":\"test.echo\",\"data\":{\"x\":\"" + "x".repeat(60_000) + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(8 + payload.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | 126))
                .putShort((short) payload.length)
                .putInt(0)
                .put(payload);
        long[] sent = {0};
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()))) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            frame.flip();
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        try {
                            while (channel.write(frame) > 0) {
                                if (!frame.hasRemaining()) {
                                    sent[0] += frame.position();
                                    frame.rewind();
                                }
                            }
                            return false;
                        } catch (IOException gone) {
                            return true;
                        }
                    });
        }
        // Two kernels' buffers and one outbox, not what an agent cares to send.
        assertThat(sent[0]).isLessThan(64L << 20);
        agents.awaitStatus("agent-1", "offline");
    }

    private static void ask(WsClient asker, int questions) {
        for (int i = 0; i < questions; i++) {
            asker.send("{\"subject\":\"agents.worker.work\",\"reply\":\"inbox.q\",\"data\":{}}");
        }
    }

    /** Answers what nobody asked on that connection; the gateway may end it before all of it is sent. */
    private static void answerForged(RawHttp connection, int questions) {
        try {
            for (int i = 1; i <= questions; i++) {
                byte[] reply = ("{\"subject\":\"inbox." + i + "\",\"data\":{\"by\":\"forger\"}}")
                        .getBytes(StandardCharsets.US_ASCII);
                connection.frame(0x81, reply);
            }
        } catch (IOException ended) {
            // as it should be
        }
    }
}
