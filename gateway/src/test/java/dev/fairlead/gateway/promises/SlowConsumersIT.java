package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.GatewayBus;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.AgentStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One client that does not read costs little memory, and nobody else notices it. */
@Tag("alone")
class SlowConsumersIT {
    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final String PADDING = "x".repeat(2000);
    private static final long MEGABYTE = 1L << 20;

    @TempDir
    Path folder;

    private final MovableTime time = new MovableTime();
    private RunningGateway gateway;
    private Bus bus;
    private int published;

    @BeforeEach
    void start() {
        start("data");
    }

    private void start(String data, String... settings) {
        gateway = RunningGateway.start(folder.resolve(data), time, settings);
        bus = GatewayBus.of(gateway.gateway());
    }

    /** Whoever stalls is to be there still when it reads again, however long the machine takes until then. */
    private void startPatient() {
        gateway.close();
        start("patient", "ws.slow_close_after=5m");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_stalled_client_is_told_the_state_anew_once_it_reads_again() throws Exception {
        startPatient();
        unnoticed(5, 1000, 10_000, Duration.ofSeconds(2));
    }

    @Test
    @Tag("slow")
    void one_stalled_among_50_at_5000_events_a_second_is_not_noticed() throws Exception {
        startPatient();
        unnoticed(50, 5000, 100_000, Duration.ofMillis(250));
    }

    @Test
    void a_client_that_takes_nothing_for_10_s_is_closed_1008_slow_consumer() throws Exception {
        WsClient healthy = WsClient.connect(gateway.ws("/ws/events"));
        try (RawHttp stalled = new RawHttp(gateway.port(), RECEIVE_BUFFER).upgrade("/ws/events")) {
            publish(10_000, 5000, PADDING);
            arrived(healthy);

            for (int step = 0; step < 2; step++) { // a clock that leaps further is waited out before anybody is judged
                time.advance(Duration.ofMillis(4400));
                // Longer than it takes the edge to look, shorter than a peer has to answer the close.
                await().during(Duration.ofMillis(1100))
                        .atMost(Duration.ofSeconds(5))
                        .until(healthy::isOpen);
            }

            assertThat(stalled.closeCode()).isEqualTo(1008);
        }
        healthy.send("{\"type\":\"ping\"}").next("pong");
    }

    private void unnoticed(int healthy, int rate, int events, Duration p99) throws Exception {
        Histogram latency = new ConcurrentHistogram(3);
        List<EventReader> readers = new ArrayList<>();
        for (int i = 0; i < healthy; i++) {
            readers.add(new EventReader(gateway.port(), latency));
        }
        publish(rate, rate, ""); // warm
        readers.forEach(reader -> reader.await(published));
        latency.reset();
        String padding = rate <= 1000 ? PADDING : "";
        publish(rate, rate, padding); // what they see with nobody stalled, on this machine at this time
        readers.forEach(reader -> reader.await(published));
        Duration alone = Duration.ofNanos(latency.getValueAtPercentile(99));
        Duration limit = alone.compareTo(p99.dividedBy(2)) > 0 ? alone.multipliedBy(2) : p99;
        latency.reset();
        try (RawHttp stalled = new RawHttp(gateway.port(), RECEIVE_BUFFER).upgrade("/ws/events")) {
            long before = heap();
            publish(events, rate, padding);
            readers.forEach(reader -> reader.await(published));
            // What is still on its way to the disk goes; what is kept for the one that reads nothing would not.
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(heap() - before).isLessThan(20 * MEGABYTE));
            assertThat(Duration.ofNanos(latency.getValueAtPercentile(99))).isLessThan(limit);

            String resync = stalled.frameWith("\"resync\":true");
            assertThat(resync).startsWith("{\"type\":\"snapshot\"");
            publish(1, 1, "after");
            assertThat(stalled.frameWith("after")).startsWith("{\"type\":\"channel_event\"");
        }
        readers.forEach(EventReader::close);
    }

    private void publish(int events, int rate, String padding) {
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            long due = start + i * 1_000_000_000L / rate;
            for (long ahead = due - System.nanoTime(); ahead > 0; ahead = due - System.nanoTime()) {
                LockSupport.parkNanos(ahead);
            }
            published++;
            bus.publish(
                    AgentEvent.class,
                    new AgentEvent.StatusChanged(
                            "nobody",
                            AgentStatus.STALE,
                            published,
                            Instant.EPOCH,
                            "#" + published + " " + System.nanoTime() + " " + padding));
        }
    }

    private void arrived(WsClient client) {
        client.next(frame -> detail(frame).startsWith("#" + published + " "));
    }

    private static String detail(JsonNode frame) {
        return frame.path("detail").asText();
    }

    private static long heap() {
        IntStream.range(0, 3).forEach(i -> System.gc());
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
