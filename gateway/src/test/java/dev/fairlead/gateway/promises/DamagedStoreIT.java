package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database file that lost its end, its middle or all of it: told, with what is lost and what mends it. */
class DamagedStoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    @Test
    void a_file_that_lost_its_end_opens_and_says_how_much_may_be_missing() throws Exception {
        try (ServedGateway gateway = ServedGateway.start(data())) {
            WsClient.connect(
                            gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("receiver"))
                    .next("token.state");
            send(gateway, 1);
            Instant first = markAfter(Instant.EPOCH);
            Path then = Files.copy(database(), temp.resolve("then")); // nothing is written now: all was synced
            AtomicInteger sent = new AtomicInteger(1); // only what is written moves the mark
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                send(gateway, sent.incrementAndGet());
                return mark().isAfter(first.plusMillis(1_500));
            });
            gateway.kill();
            // What a power cut leaves of a disk that kept less than it said.
            Files.copy(then, database(), StandardCopyOption.REPLACE_EXISTING);

            gateway.startPlain();

            JsonNode store = gateway.get("/api/health").path("checks").path("store");
            assertThat(store.path("status").asText()).isEqualTo("degraded");
            assertThat(store.path("detail").asText())
                    .contains("the end of the database file is missing", " s before", "gateway/docs/recovery.md");
            assertThat(gateway.get("/api/messages?limit=100").path("messages").size())
                    .isEqualTo(1);
            gateway.kill();
            gateway.startPlain();
            assertThat(gateway.get("/api/health")
                            .path("checks")
                            .path("store")
                            .path("status")
                            .asText())
                    .as("it is told once: the next start knows what it has")
                    .isEqualTo("ok");
        }
    }

    @Test
    void a_file_that_is_empty_or_damaged_does_not_start_and_says_what_brings_it_back() throws Exception {
        try (ServedGateway gateway = ServedGateway.start(data())) {
            gateway.registrationToken("someone");
            markAfter(Instant.EPOCH);
            gateway.process().destroy();
            gateway.process().onExit().join();
        }
        byte[] whole = Files.readAllBytes(database());
        try (FileChannel file = FileChannel.open(database(), StandardOpenOption.WRITE)) {
            // H2 keeps two headers at the start; all that they lead to is behind them.
            file.write(ByteBuffer.allocate(whole.length * 8 / 10), 2 * 4096);
        }
        byte[] damaged = Files.readAllBytes(database());
        assertThat(refusal())
                .contains(
                        "is damaged",
                        "it held what was stored until",
                        "fairlead restore FILE --data-dir " + data(),
                        "org.h2.tools.Recover -dir " + data())
                .doesNotContain("db.password", "\tat ");

        assertThat(database()).as("what is left of it is left").hasBinaryContent(damaged);

        Files.write(database(), new byte[0]);
        assertThat(refusal()).contains("is empty (0 bytes)", "fairlead restore FILE", "delete that file");
        assertThat(Files.size(database())).isZero();
    }

    private String refusal() {
        try (GatewayProcess process =
                GatewayProcess.serve(temp.resolve("home"), Map.of(), "--port", "0", "--data-dir", data().toString())) {
            assertThat(process.exitCode()).isEqualTo(1);
            return process.output();
        }
    }

    private static void send(ServedGateway gateway, int number) {
        JsonNode answer = gateway.post(
                "/api/messages",
                "{\"to\":\"receiver\",\"type\":\"t\",\"payload\":\"" + number + "x".repeat(2_000) + "\"}");
        assertThat(answer.has("message_id")).as(answer.toString()).isTrue();
    }

    /** How far the store says it has come, once that is after {@code moment}. */
    private Instant markAfter(Instant moment) {
        return await().atMost(PATIENCE).until(this::mark, mark -> mark.isAfter(moment));
    }

    private Instant mark() throws IOException {
        Path mark = data().resolve("store-mark");
        return Files.exists(mark) ? Instant.parse(Files.readString(mark).strip()) : Instant.EPOCH;
    }

    private Path data() {
        return temp.resolve("data");
    }

    private Path database() {
        return data().resolve("fairlead.mv.db");
    }
}
