package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.store.PostgresServer;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway keeps is fetched while it works, and brought back when it does not. */
class BackupIT {
    @TempDir
    Path temp;

    @Test
    void what_was_acknowledged_before_a_backup_is_there_after_it_was_brought_back() throws Exception {
        Path data = temp.resolve("data");
        Path file = temp.resolve("fairlead.zip");
        Set<String> before;
        String token;
        try (RunningGateway gateway = RunningGateway.start(data)) {
            token = new Agents(gateway).permanentToken("receiver");
            Set<String> acknowledged = new ConcurrentSkipListSet<>();
            AtomicBoolean done = new AtomicBoolean();
            Thread load = new Thread(() -> {
                while (!done.get()) {
                    acknowledged.add(send(gateway));
                }
            });
            acknowledged.add(send(gateway));
            before = new TreeSet<>(acknowledged);
            load.start();
            GatewayProcess backup = run(gateway, "backup", file.toString());
            assertThat(backup.exitCode()).as(backup.output()).isZero();
            done.set(true);
            load.join();
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(acknowledged.size()).as("it was at work").isGreaterThan(before.size());

            GatewayProcess early = restore(data, file);
            assertThat(early.exitCode()).isEqualTo(1);
            assertThat(early.err()).contains("in use by another gateway");
        }
        Files.write(data.resolve("fairlead.mv.db"), new byte[100]);
        Files.delete(data.resolve("signing-key"));

        GatewayProcess restored = restore(data, file);

        assertThat(restored.exitCode()).as(restored.output()).isZero();
        assertThat(restored.err()).contains("Restored " + data, "fairlead.mv.db.replaced-");
        try (RunningGateway gateway = RunningGateway.start(data)) {
            Set<String> kept = new TreeSet<>();
            gateway.get("/api/messages?limit=1000")
                    .body()
                    .get("messages")
                    .forEach(message -> kept.add(message.path("message_id").asText()));
            assertThat(kept).containsAll(before);
            new Agents(gateway).connect(token).close();
            JsonNode health = gateway.get("/api/health").body();
            assertThat(health.path("status").asText()).as(health.toString()).isEqualTo("ok");
        }
    }

    @Test
    void a_file_that_was_cut_off_is_refused_before_anything_is_changed() throws Exception {
        Path data = temp.resolve("data");
        Path file = temp.resolve("fairlead.zip");
        try (RunningGateway gateway = RunningGateway.start(data)) {
            assertThat(run(gateway, "backup", file.toString()).exitCode()).isZero();
        }
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));
        byte[] database = Files.readAllBytes(data.resolve("fairlead.mv.db"));

        GatewayProcess restored = restore(data, file);

        assertThat(restored.exitCode()).isEqualTo(1);
        assertThat(restored.err()).contains("not a whole backup");
        assertThat(data.resolve("fairlead.mv.db")).hasBinaryContent(database);
    }

    @Test
    void a_database_of_a_server_is_left_to_its_own_tools() throws Exception {
        try (PostgresServer server = PostgresServer.start();
                RunningGateway gateway = RunningGateway.start(
                        temp.resolve("data"),
                        "db.url=" + server.settings().url().orElseThrow(),
                        "db.user=postgres",
                        "db.password=postgres")) {
            GatewayProcess backup =
                    run(gateway, "backup", temp.resolve("fairlead.zip").toString());
            assertThat(backup.exitCode()).isEqualTo(1);
            assertThat(backup.err()).contains("pg_dump");
            assertThat(temp.resolve("fairlead.zip")).doesNotExist();
        }
    }

    private static String send(RunningGateway gateway) {
        return gateway.post("/api/messages", "{\"to\":\"receiver\",\"type\":\"t\",\"payload\":1}")
                .body()
                .path("message_id")
                .asText();
    }

    private GatewayProcess run(RunningGateway gateway, String... command) {
        return GatewayProcess.run(
                temp.resolve("home"),
                Map.of(
                        "FAIRLEAD_ADMIN_PASSWORD",
                        RunningGateway.PASSWORD,
                        "FAIRLEAD_URL",
                        gateway.http("").toString()),
                command);
    }

    private GatewayProcess restore(Path data, Path file) {
        return GatewayProcess.run(
                temp.resolve("home"), Map.of(), "restore", file.toString(), "--data-dir", data.toString());
    }
}
