package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A program that a killed gateway was starting, and that comes up when its successor has looked what there is. */
@ExtendWith(BlockedLoops.class)
class StrayProgramIT {
    private static final String MARKER = "FAIRLEAD_SPAWN_ID";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void is_ended_and_those_of_instances_are_not() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder)) {
            gateway.post("/api/instances", "{\"name\":\"one\",\"command\":[\"sleep\",\"600\"]}");
            gateway.post("/api/instances/one/start", "");
            await().atMost(SOON).until(() -> one(gateway).path("pid").asLong() > 0);
            long own = one(gateway).path("pid").asLong();
            await().atMost(SOON).until(() -> marker(own) != null); // until its program is what runs

            Process stray =
                    started(marker(own).replaceFirst("[^.]*$", UUID.randomUUID().toString()));
            Process anothers = started("another-" + marker(own));
            try {
                assertThat(stray.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(anothers.isAlive()).isTrue();
                assertThat(one(gateway).path("pid").asLong()).isEqualTo(own);
                assertThat(one(gateway).path("restarts").asInt()).isZero();
            } finally {
                stray.destroyForcibly();
                anothers.destroyForcibly();
            }
        }
    }

    private static JsonNode one(RunningGateway gateway) {
        return gateway.get("/api/instances/one").body();
    }

    private static Process started(String marker) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "601");
        builder.environment().put(MARKER, marker);
        return builder.start();
    }

    private static String marker(long pid) throws IOException {
        return Stream.of(Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0"))
                .filter(variable -> variable.startsWith(MARKER + "="))
                .map(variable -> variable.substring(MARKER.length() + 1))
                .findFirst()
                .orElse(null);
    }
}
