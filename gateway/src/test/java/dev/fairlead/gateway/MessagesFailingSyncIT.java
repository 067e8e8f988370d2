package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails to keep what was written: nothing it did not keep is acknowledged. */
@Tag("slow")
class MessagesFailingSyncIT {
    private static final Path STRACE = Path.of("/usr/bin/strace");

    @TempDir
    Path folder;

    @Test
    void what_was_acknowledged_on_a_failing_disk_is_recovered() throws Exception {
        assumeTrue(Files.isExecutable(STRACE), "strace injects the faults: apt-get install strace");
        Set<String> acknowledged = new HashSet<>();
        int refused = 0;
        List<String> faults = List.of(
                STRACE.toString(),
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync,fdatasync,msync",
                "-e",
                "inject=fsync,fdatasync,msync:error=EIO:when=60+7");
        try (ServedGateway gateway = ServedGateway.under(faults, folder.resolve("data"))) {
            gateway.start();
            registered(gateway);
            for (int i = 0; i < 300; i++) {
                JsonNode answer =
                        gateway.post("/api/messages", "{\"to\":\"receiver\",\"type\":\"t\",\"payload\":" + i + "}");
                if (answer.has("message_id")) {
                    acknowledged.add(answer.get("message_id").asText());
                } else {
                    assertThat(answer.get("error").get("code").asText()).isIn("storage_unavailable", "outcome_unknown");
                    refused++;
                }
            }
            gateway.kill();
            gateway.startPlain();
            Set<String> recovered = new HashSet<>();
            gateway.get("/api/messages?limit=1000")
                    .get("messages")
                    .forEach(message -> recovered.add(message.get("message_id").asText()));
            assertThat(recovered).containsAll(acknowledged);
            assertThat(acknowledged).isNotEmpty();
            assertThat(refused).as("faults that were noticed").isPositive();
        }
    }

    private static void registered(ServedGateway gateway) {
        WsClient agent = WsClient.connect(
                gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("receiver"));
        agent.next("agent.register.ack");
        agent.close();
    }
}
