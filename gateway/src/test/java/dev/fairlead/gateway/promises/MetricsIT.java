package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.RunningGateway;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsIT {
    @TempDir
    Path temp;

    @Test
    void no_gauge_loses_what_it_measures_to_the_garbage_collector() {
        try (RunningGateway gateway = RunningGateway.start(temp.resolve("data"))) {
            WeakReference<Object> unheld = new WeakReference<>(new Object());
            Awaitility.await("a collection").until(() -> {
                System.gc();
                return unheld.get() == null;
            });
            assertThat(gateway.get("/metrics").raw().body().lines().filter(line -> line.endsWith(" NaN")))
                    .isEmpty();
        }
    }
}
