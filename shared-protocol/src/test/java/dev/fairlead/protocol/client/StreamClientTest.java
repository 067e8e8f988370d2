package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.LogsFrame;
import dev.fairlead.protocol.StreamControl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamClientTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String SNAPSHOT = "{\"type\":\"snapshot\",\"instances\":[],\"epoch\":\"e1\",\"seq\":7}";

    private final Vertx vertx = Vertx.vertx();
    private final List<ConnectionState> states = new CopyOnWriteArrayList<>();
    private final List<ReceivedFrame> frames = new CopyOnWriteArrayList<>();
    private ScriptedGateway gateway;

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    @Test
    void frames_come_in_order_and_say_what_they_are() throws Exception {
        gateway(a -> a.accept(ws -> {
            ws.writeTextMessage(SNAPSHOT);
            ws.writeTextMessage("{\"type\":\"instance_deleted\",\"name\":\"a\",\"epoch\":\"e1\",\"seq\":8}");
            ws.writeTextMessage("{\"type\":\"pong\"}");
            ws.writeTextMessage("{\"type\":\"resumed\",\"epoch\":\"e1\",\"seq\":8}");
        }));
        done(stream("/ws/instances").start());
        await().atMost(SOON).until(() -> frames.size() == 3);
        assertThat(frames)
                .extracting(ReceivedFrame::kind)
                .containsExactly(ReceivedFrame.Kind.SNAPSHOT, ReceivedFrame.Kind.DELTA, ReceivedFrame.Kind.RESUMED);
        assertThat(frames.get(0).text()).isEqualTo(SNAPSHOT);
    }

    @Test
    void after_a_reconnect_it_goes_on_where_it_was() throws Exception {
        gateway(a -> a.accept(ws -> {
            ws.writeTextMessage(a.number() == 1 ? SNAPSHOT : "{\"type\":\"resumed\",\"epoch\":\"e1\",\"seq\":8}");
            ws.writeTextMessage("{\"type\":\"x\",\"epoch\":\"e1\",\"seq\":" + (7 + a.number()) + "}");
            if (a.number() < 3) {
                ws.close((short) 1001, "");
            }
        }));
        stream("/ws/messages?instance=a").start();
        await().atMost(SOON).until(() -> frames.size() == 6);
        assertThat(gateway.attempts)
                .extracting(ScriptedGateway.Attempt::uri)
                .containsExactly(
                        "/ws/messages?instance=a",
                        "/ws/messages?instance=a&since=e1%3A8",
                        "/ws/messages?instance=a&since=e1%3A9");
    }

    @Test
    void a_log_goes_on_after_its_cursor() throws Exception {
        gateway(a -> a.accept(ws -> {
            ws.writeTextMessage(
                    "{\"type\":\"backlog\",\"lines\":[\"x\"],\"times\":[null],\"count\":1," + "\"cursor\":\"f=1/20\"}");
            if (a.number() == 1) {
                ws.close();
            }
        }));
        stream("/ws/instances/a/logs?backlog=10").start();
        await().atMost(SOON).until(() -> gateway.attempts.size() == 2);
        assertThat(gateway.attempts.get(1).uri()).isEqualTo("/ws/instances/a/logs?backlog=10&since=f%3D1%2F20");
        assertThat(frames.get(0).as(LogsFrame.class))
                .isEqualTo(LogsFrame.Backlog.of(List.of("x"), List.of(Optional.empty()), "f=1/20"));
    }

    @ParameterizedTest
    @CsvSource({"4400,BAD_REQUEST", "4401,UNAUTHORIZED", "4403,FORBIDDEN", "4404,NOT_FOUND"})
    void an_error_that_will_not_go_away_ends_it(int close, ErrorCode code) throws Exception {
        gateway(a -> a.accept(ws -> {
            ws.writeTextMessage(
                    "{\"type\":\"error\",\"code\":\"instance_not_found\",\"message\":\"m\",\"retryable\":false}");
            ws.close((short) close, "No instance named 'a'");
        }));
        assertThat(code(stream("/ws/instances/a/logs").start())).isEqualTo(code);
        assertThat(frames).extracting(ReceivedFrame::kind).containsExactly(ReceivedFrame.Kind.ERROR);
        assertThat(gateway.attempts).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400,BAD_REQUEST", "401,UNAUTHORIZED", "403,FORBIDDEN", "404,NOT_FOUND"})
    void a_refused_upgrade_ends_it(int status, ErrorCode code) throws Exception {
        gateway(a -> a.refuse(status, "<html>"));
        assertThat(code(stream("/ws/instances").start())).isEqualTo(code);
        assertThat(gateway.attempts).hasSize(1);
    }

    @Test
    void an_error_frame_resets_no_backoff_any_other_frame_does() throws Exception {
        gateway(a -> a.accept(ws -> {
            ws.writeTextMessage(
                    a.number() == 3 ? SNAPSHOT : "{\"type\":\"error\",\"code\":\"internal\",\"message\":\"m\"}");
            ws.close((short) 4500, "");
        }));
        stream("/ws/instances").start();
        await().atMost(SOON).until(() -> delays().size() >= 4);
        assertThat(delays().subList(0, 4)).containsExactly(10L, 20L, 10L, 20L);
    }

    @Test
    void pings_keep_a_quiet_stream_and_a_dead_one_is_noticed() throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.listen(ws);
            ws.writeTextMessage(SNAPSHOT);
            if (a.number() == 1) {
                ws.textMessageHandler(text -> {
                    gateway.received.add(text);
                    if (gateway.received.size() < 30) { // then it falls silent
                        ws.writeTextMessage("{\"type\":\"pong\"}");
                    }
                });
            }
        }));
        StreamClientOptions options =
                options("/ws/instances").withPingInterval(Duration.ofMillis(30)).withSilence(Duration.ofMillis(400));
        start(StreamClient.create(vertx, options));
        await().atMost(SOON).until(() -> gateway.received.size() >= 25);
        assertThat(gateway.attempts).hasSize(1);
        await().atMost(SOON).until(() -> gateway.attempts.size() == 2);
        assertThat(gateway.received).allMatch("{\"type\":\"ping\"}"::equals);
        assertThat(states).asString().contains("Nothing heard for 0.4 s");
    }

    @Test
    void protocol_pings_count_as_life() throws Exception {
        gateway(a -> a.accept(ws -> {
            ws.writeTextMessage(SNAPSHOT);
            vertx.setPeriodic(30, id -> ws.writePing(io.vertx.core.buffer.Buffer.buffer()));
            vertx.setTimer(1_200, id -> ws.writeTextMessage("{\"type\":\"x\"}"));
        }));
        start(StreamClient.create(vertx, options("/ws/instances").withSilence(Duration.ofMillis(300))));
        await().atMost(SOON).until(() -> frames.size() == 2);
        assertThat(gateway.attempts).hasSize(1);
    }

    @Test
    void a_client_asks_for_more_on_the_connection_it_has() throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.listen(ws);
            ws.writeTextMessage(SNAPSHOT);
        }));
        StreamClient client = stream("/ws/instances");
        done(client.start());
        client.send(new StreamControl.SetIncludeArchived(true));
        await().atMost(SOON).until(() -> gateway.received.size() == 1);
        assertThat(gateway.received).containsExactly("{\"type\":\"set_include_archived\",\"value\":true}");
    }

    @Test
    void what_is_larger_than_a_message_may_be_is_not_taken() throws Exception {
        gateway(a -> a.accept(ws -> {
            gateway.listen(ws);
            ws.writeTextMessage("{\"type\":\"x\",\"y\":\"" + "z".repeat(300 * 1024) + "\"}");
        }));
        stream("/ws/instances").start();
        await().atMost(SOON).until(() -> gateway.attempts.size() >= 2);
        assertThat(frames).isEmpty();
    }

    @Test
    void a_message_at_the_limit_is_taken_whole() throws Exception {
        String large = "{\"type\":\"x\",\"y\":\"" + "z".repeat(255 * 1024) + "\"}";
        gateway(a -> a.accept(ws -> ws.writeTextMessage(large)));
        done(stream("/ws/instances").start());
        await().atMost(SOON).until(() -> frames.size() == 1);
        assertThat(frames.get(0).text()).isEqualTo(large);
    }

    @Test
    void no_compression_is_offered_and_the_token_is_in_no_url() throws Exception {
        gateway(a -> a.refuse(404, "" + a.request().headers().contains("Sec-WebSocket-Extensions")));
        StreamClientOptions options = options("/ws/instances").withToken("canary");
        start(StreamClient.create(vertx, options));
        await().atMost(SOON).until(() -> states.get(states.size() - 1) instanceof ConnectionState.Stopped);
        ScriptedGateway.Attempt attempt = gateway.attempts.get(0);
        assertThat(attempt.authorization()).isEqualTo("Bearer canary");
        assertThat(attempt.uri()).doesNotContain("canary");
        assertThat(attempt.request().headers().contains("Sec-WebSocket-Extensions"))
                .isFalse();
        assertThat(options.toString() + states).doesNotContain("canary");
    }

    @Test
    void it_says_good_bye_while_it_waits_to_reconnect_too() throws Exception {
        gateway(a -> a.refuse(503, ""));
        StreamClient client = stream("/ws/instances");
        Future<Void> started = client.start();
        await().atMost(SOON).until(() -> !gateway.attempts.isEmpty());
        done(client.close());
        assertThat(client.state()).isInstanceOf(ConnectionState.Stopped.class);
        assertThat(code(started)).isEqualTo(ErrorCode.CONNECTION_LOST);
    }

    private void gateway(Consumer<ScriptedGateway.Attempt> script) throws Exception {
        gateway = new ScriptedGateway(vertx, script);
    }

    private StreamClientOptions options(String path) {
        return StreamClientOptions.of(gateway.url(path))
                .withBackoff(() -> Backoff.of(Duration.ofMillis(10), Duration.ofMillis(40), () -> -1L));
    }

    private StreamClient stream(String path) {
        return StreamClient.create(vertx, options(path)).onState(states::add).onFrame(frames::add);
    }

    private void start(StreamClient client) {
        client.onState(states::add).onFrame(frames::add).start();
    }

    private List<Long> delays() {
        return states.stream()
                .filter(ConnectionState.Disconnected.class::isInstance)
                .map(state -> Math.round(
                        ((ConnectionState.Disconnected) state).retryIn().toNanos() / 1e6))
                .toList();
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static ErrorCode code(Future<?> future) {
        await().atMost(SOON).until(future::isComplete);
        return ((FairleadException) future.cause()).code();
    }
}
