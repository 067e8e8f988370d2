package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that only take room do not keep others from being served. */
@Tag("attack")
@Tag("alone")
class FloodsIT {
    private static final int ROUNDS = 200;

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private final List<RawHttp> flood = new ArrayList<>();

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "http.handshake_timeout=3s");
        gateway.get("/api/health");
    }

    @AfterEach
    void stop() throws IOException {
        for (RawHttp one : flood) {
            one.close();
        }
        gateway.close();
    }

    @Test
    void health_is_told_in_time_beside_2000_connections_of_which_half_send_a_head_byte_by_byte() throws IOException {
        for (int i = 0; i < 2000; i++) {
            flood.add(new RawHttp(gateway.port()));
        }
        Histogram latency = new Histogram(3);
        for (int round = 0; round < ROUNDS; round++) {
            trickle(round);
            long before = System.nanoTime();
            assertThat(gateway.get("/api/health").status()).isEqualTo(200);
            latency.recordValue(System.nanoTime() - before);
        }
        assertThat(Duration.ofNanos(latency.getValueAtPercentile(99))).isLessThan(Duration.ofMillis(500));
        // However steadily they trickle, none is served and all are cut off.
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            trickle(0);
            return flood.stream().allMatch(FloodsIT::ended);
        });
    }

    private void trickle(int round) {
        String head = "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + "x".repeat(ROUNDS);
        for (int i = 0; i < flood.size(); i += 2) {
            try {
                flood.get(i).send(head.substring(round, round + 1));
            } catch (IOException cut) {
                // as it should be, in time
            }
        }
    }

    private static boolean ended(RawHttp connection) {
        return connection.isCut();
    }
}
