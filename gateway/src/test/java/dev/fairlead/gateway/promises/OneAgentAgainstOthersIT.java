package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.CloseCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one agent may take of what is there for all. */
@Tag("attack")
@Tag("alone")
class OneAgentAgainstOthersIT {
    private static final int PENDING = 4;
    private static final int RATE = 50;

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private Agents agents;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(
                folder.resolve("data"), "agents.request_max_pending=" + PENDING, "agents.max_rate=" + RATE);
        agents = new Agents(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void an_answer_makes_room_for_the_next_request() {
        WsClient worker = agents.register("worker");
        WsClient asker = agents.register("asker");
        for (int i = 0; i < 3 * PENDING; i++) {
            ask(asker);
            answer(worker, worker.next("work"));
            assertThat(asker.next().get("data").path("by").asText()).isEqualTo("worker");
        }
    }

    @Test
    void a_flood_that_goes_on_after_the_pauses_is_closed_4429() {
        WsClient agent = agents.register("agent-1");
        for (int i = 0; i < 10 * RATE && agent.isOpen(); i++) {
            agent.send("{\"subject\":\"test.echo\",\"data\":1}");
        }
        WsClient.Closed closed = agent.closed();
        assertThat(closed.code()).isEqualTo(4429);
        assertThat(closed.reason()).contains("agents.max_rate");
    }

    @ParameterizedTest
    @CsvSource({"0x89, pings", "0x8A, pongs", "0x00, empty parts of a message that never ends"})
    void what_says_nothing_is_bounded_as_what_does(String firstByte, String what) throws IOException {
        try (RawHttp agent = new RawHttp(gateway.port()).upgrade("/ws/agent")) {
            agent.frame(0x01, new byte[0]);
            for (int i = 0; i < 150; i++) { // within what any socket may send at once
                agent.frame(Integer.decode(firstByte), new byte[0]);
            }
            agent.frame(0x80, "{\"subject\":\"agent.heartbeat\"}".getBytes(StandardCharsets.UTF_8));
            agent.frameWith("not_registered");

            agent.frame(0x01, new byte[0]);
            CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 5000; i++) {
                    piece(agent, Integer.decode(firstByte));
                }
            });
            assertThat(agent.closeCode()).as(what).isEqualTo(4429);
            assertThat(flood).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    private static void piece(RawHttp agent, int firstByte) {
        try {
            agent.frame(firstByte, new byte[0]);
        } catch (IOException closed) {
            // as it is to be
        }
    }

    @Test
    void who_connects_anew_sends_no_more_frames_than_who_stays() {
        String token = agents.permanentToken("restless");
        long begun = System.nanoTime();
        int heard = 0;
        for (int connection = 0; connection < 6; connection++) {
            WsClient restless = WsClient.connect(gateway.ws("/ws/agent"), "Authorization", "Bearer " + token);
            for (int i = 0; i < 2 * RATE; i++) {
                restless.send("{\"subject\":\"test.echo\",\"reply\":\"inbox.e\",\"data\":{\"n\":1}}");
            }
            int answers = 0;
            while (answers++ < 2 * RATE
                    && restless.next("inbox.e").at("/data/n").asInt() == 1) {
                heard++;
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(heard).isLessThanOrEqualTo((int) (RATE * (2 + seconds)) + 1);
    }

    @Test
    void who_is_not_read_from_because_it_does_not_read_is_seen_off_with_a_handshake_all_the_same() throws Exception {
        RunningGateway generous = RunningGateway.start(folder.resolve("generous"), "agents.max_rate=1000");
        String token = generous.registrationToken("agent-1");
        String data = "x".repeat(60_000);
        try (RawHttp agent = new RawHttp(generous.port(), 4096).upgrade("/ws/agent")) {
            agent.text("{\"subject\":\"agent.register\",\"data\":{\"token\":\"" + token + "\"}}");
            agent.frameWith("agent.register.ack");
            AtomicInteger taken = new AtomicInteger();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                while (taken.get() < 270) { // more than the buffers of both sides hold
                    send(agent, "{\"subject\":\"test.echo\",\"data\":\"" + data + "\"}");
                    taken.incrementAndGet();
                }
            });
            AtomicInteger before = new AtomicInteger(-1);
            await().pollInterval(Duration.ofMillis(500)).until(() -> before.getAndSet(taken.get()) == taken.get());
            assertThat(sent).isNotDone();

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(generous::close);
            assertThat(agent.closeCode()).isEqualTo(CloseCode.GOING_AWAY.code());
            sent.join();
            agent.frame(0x88, new byte[] {(byte) (1001 >> 8), (byte) 1001});
            assertThat(agent.endsInOrder()).isTrue();
            stopped.join();
        }
    }

    private static void send(RawHttp agent, String frame) {
        try {
            agent.text(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(WsClient asker) {
        asker.send("{\"subject\":\"agents.worker.work\",\"reply\":\"inbox.q\",\"data\":{}}");
    }

    private static void answer(WsClient worker, JsonNode question) {
        worker.send("{\"subject\":\"" + question.get("reply").asText() + "\",\"data\":{\"by\":\"worker\"}}");
    }
}
