package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real disk that fills up and is emptied again, under the gateway as people run it. */
class FullDiskIT {
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @TempDir
    Path temp;

    @Test
    void reads_and_writes_are_back_within_5_s_after_there_is_space_again() throws IOException {
        SmallDisk disk = SmallDisk.at(temp.resolve("disk"));
        try (ServedGateway gateway =
                ServedGateway.under(disk.prefix(), disk.path().resolve("data"))) {
            gateway.start();
            for (int round = 0; round < 2; round++) {
                disk.fill(gateway.process().pid());
                await("a refusal").atMost(Duration.ofSeconds(20)).until(() -> code(write(gateway))
                        .equals("storage_unavailable"));
                await("the fault lasts a while, under load")
                        .during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> !read(gateway).isEmpty() && !write(gateway).isEmpty());
                disk.empty(gateway.process().pid());
                await("writes and reads")
                        .atMost(RECOVERY)
                        .until(() ->
                                write(gateway).has("token") && read(gateway).has("messages"));
            }
            assertThat(gateway.get("/api/health").path("status").asText()).isEqualTo("ok");
        }
    }

    private static JsonNode write(ServedGateway gateway) {
        return gateway.post("/api/admin/tokens", "{\"agent_name\":\"later\"}");
    }

    private static JsonNode read(ServedGateway gateway) {
        return gateway.get("/api/messages");
    }

    private static String code(JsonNode answer) {
        return answer.path("error").path("code").asText();
    }
}
