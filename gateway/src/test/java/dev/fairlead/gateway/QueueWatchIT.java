package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue of the process that does not move: seen from within, told to supervisors, and the end where it lasts. */
class QueueWatchIT {
    private static final Duration PERIOD = Duration.ofMillis(300);
    private static final int MORE_THAN_THERE_ARE_WORKERS = 64;

    @TempDir
    Path folder;

    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        gateway.gateway().watch(PERIOD, ends::add);
    }

    @AfterEach
    void stop() {
        stuck.countDown();
        gateway.close();
    }

    @Test
    void workers_that_all_wait_for_ever_fail_liveness_and_then_end_the_process() {
        assertThat(live()).isEqualTo(200);
        for (int i = 0; i < MORE_THAN_THERE_ARE_WORKERS; i++) {
            gateway.gateway().vertx().executeBlocking(this::waits, false);
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> live() == 503);
        assertThat(gateway.get("/api/health/live").body().path("detail").asText())
                .contains("workers", "not moved");
        await().atMost(Duration.ofSeconds(30)).until(() -> !ends.isEmpty());
        assertThat(ends.get(0)).contains("workers");
    }

    @Test
    void workers_that_go_on_in_time_are_well_again() {
        for (int i = 0; i < MORE_THAN_THERE_ARE_WORKERS; i++) {
            gateway.gateway().vertx().executeBlocking(this::waits, false);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> live() == 503);

        stuck.countDown();

        await().atMost(Duration.ofSeconds(10)).until(() -> live() == 200);
    }

    private Object waits() throws InterruptedException {
        stuck.await();
        return this;
    }

    private int live() {
        return gateway.get("/api/health/live").status();
    }
}
