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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one agent may take of what is there for all. */
@Tag("attack")
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
                folder.resolve("data"),
                "agents.request_max_pending=" + PENDING,
                "agents.max_rate=" + RATE,
                "messages.max_backlog_bytes=64KiB");
        agents = new Agents(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_sender_has_so_many_requests_open_and_leaves_room_for_others_and_the_operator() throws Exception {
        WsClient worker = agents.register("worker");
        WsClient greedy = agents.register("greedy");
        WsClient modest = agents.register("modest");
        for (int i = 0; i <= PENDING; i++) {
            ask(greedy);
        }
        JsonNode refused = greedy.next().get("data").get("error");
        assertThat(refused.get("code").asText()).isEqualTo("busy");
        assertThat(refused.get("message").asText()).contains("agents.request_max_pending");
        for (int i = 0; i < PENDING; i++) {
            worker.next("work");
        }

        ask(modest);
        answer(worker, worker.next("work"));
        assertThat(modest.next().get("data").path("by").asText()).isEqualTo("worker");
        Thread answering = new Thread(() -> answer(worker, worker.next("work")));
        answering.start();
        assertThat(gateway.post(
                                "/api/agents/worker/request",
                                "{\"subject\":\"work\",\"data\":{}}",
                                "Authorization",
                                "Bearer " + RunningGateway.PASSWORD)
                        .status())
                .isEqualTo(200);
        answering.join();
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
    void messages_that_wait_for_an_absent_agent_are_bounded_in_bytes_and_leave_room_for_other_recipients() {
        agents.permanentToken("absent");
        WsClient hoarder = agents.register("hoarder");
        WsClient modest = agents.register("modest");
        for (int i = 0; i < 4; i++) {
            hoarder.send(message("absent", 20_000));
        }
        JsonNode refused = hoarder.next("error").get("data").get("error");
        assertThat(refused.get("message").asText()).contains("messages.max_backlog_bytes");

        agents.permanentToken("worker");
        modest.send(message("worker", 10));
        assertThat(modest.next("message.send.ack").get("data").get("message_id").asText())
                .isNotEmpty();
    }

    @Test
    void a_registration_token_that_was_used_is_worth_nothing_to_who_replays_it() {
        String token = gateway.registrationToken("agent-1");
        URI first = gateway.ws("/ws/agent?nonce=of-the-first");
        WsClient lost = WsClient.connect(first, "Authorization", "Bearer " + token);
        String permanent = given(lost);
        for (String path : List.of("/ws/agent", "/ws/agent?nonce=of-another", "/ws/agent?nonce=")) {
            assertThat(WsClient.refusal(gateway.ws(path), "Authorization", "Bearer " + token))
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(lost.isOpen()).isTrue();
        // Whose reply was lost asks again with what it asked with.
        assertThat(given(WsClient.connect(first, "Authorization", "Bearer " + token)))
                .isEqualTo(permanent);
    }

    private static String given(WsClient agent) {
        return agent.next("agent.register.ack").get("data").get("token").asText();
    }

    private static String message(String to, int length) {
        return "{\"subject\":\"message.send\",\"data\":{\"to\":\"" + to + "\",\"type\":\"note\",\"payload\":\""
                + "x".repeat(length) + "\"}}";
    }

    @Test
    void a_burst_is_told_to_wait_and_what_follows_the_wait_is_heard() {
        WsClient agent = agents.register("agent-1");
        WsClient other = agents.register("agent-2");
        for (int i = 0; i < 2 * RATE + 40; i++) {
            agent.send("{\"subject\":\"test.echo\",\"data\":" + i + "}");
        }
        JsonNode refused = agent.next("error").get("data").get("error");
        assertThat(refused.get("code").asText()).isEqualTo("rate_limited");
        assertThat(refused.get("subject").asText()).isEqualTo("test.echo");
        assertThat(refused.get("retry_after_ms").asLong()).isPositive();
        assertThat(refused.get("message").asText()).contains("agents.max_rate");
        agent.send("{\"subject\":\"test.echo\",\"data\":\"last\"}");
        assertThat(agent.next(frame -> frame.path("data").asText().equals("last"))
                        .get("subject")
                        .asText())
                .isEqualTo("test.echo");
        other.send("{\"subject\":\"test.echo\",\"data\":1}");
        other.next("test.echo");
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
