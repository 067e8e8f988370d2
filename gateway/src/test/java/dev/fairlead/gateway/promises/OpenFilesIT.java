package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the system allows few open files, connections leave some to everything else. */
class OpenFilesIT {
    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    Path folder;

    @Test
    void with_256_open_files_400_connections_take_none_from_store_and_health_and_few_words_are_lost_on_it()
            throws IOException {
        try (GatewayProcess gateway = GatewayProcess.under(
                List.of("/bin/sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"),
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"),
                folder,
                Map.of("FAIRLEAD_ADMIN_PASSWORD", PASSWORD),
                List.of(
                        "serve",
                        "--port",
                        "0",
                        "--data-dir",
                        folder.resolve("data").toString()))) {
            int port = gateway.port();
            assertThat(gateway.output()).contains("256 open files").contains("http.max_connections");
            int saidBefore = gateway.output().lines().toList().size();
            List<RawHttp> flood = new ArrayList<>();
            try {
                for (int i = 0; i < 400; i++) {
                    flood.add(RawHttp.from("127.0.0.2", port));
                }
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> gateway.output().contains("Connections are refused"));
                assertThat(gateway.send("GET", "/api/health", "").statusCode()).isEqualTo(200);
                assertThat(gateway.send(
                                        "POST",
                                        "/api/admin/tokens",
                                        "{\"agent_name\":\"agent-1\"}",
                                        "Authorization",
                                        "Bearer " + PASSWORD)
                                .statusCode())
                        .isEqualTo(201);
            } finally {
                for (RawHttp one : flood) {
                    one.close();
                }
            }
            assertThat(gateway.output().lines().toList().size() - saidBefore).isLessThan(10);
            assertThat(gateway.output()).doesNotContain("\tat ");
        }
    }
}
