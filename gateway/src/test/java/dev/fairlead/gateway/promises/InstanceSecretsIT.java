package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an instance, a process under the gateway's own account, can read of it. */
@Tag("attack")
class InstanceSecretsIT {
    private static final String CANARY = "canary-b7f3c1";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    @Test
    void neither_environment_nor_command_line_of_the_gateway_show_a_secret() throws Exception {
        Map<String, String> secrets = Map.of(
                "FAIRLEAD_ADMIN_PASSWORD", CANARY + "-password",
                "TASTY_CLIENT_SECRET", CANARY + "-client",
                "TASTY_REFRESH_TOKEN", CANARY + "-refresh",
                "KRAKEN_API_SECRET", CANARY + "-kraken",
                "FAIRLEAD_LLM_API_KEY", CANARY + "-model",
                "SEEN_BY_ALL", "open-7d21");
        Path data = home.resolve("data");
        try (GatewayProcess gateway = GatewayProcess.serve(
                home, secrets, "--port", "0", "--data-dir", data.toString(), "--set", "db.password=" + CANARY)) {
            String look =
                    "tr '\\\\0' '\\\\n' </proc/$PPID/environ; tr '\\\\0' '\\\\n' </proc/$PPID/cmdline; echo that-is-all";
            create(
                    gateway,
                    "{\"name\":\"curious\",\"command\":[\"/bin/sh\",\"-c\",\"" + look + "\"],\"autostart\":false}");
            post(gateway, "/api/instances/curious/start", "");
            Path log = data.resolve("logs/curious/current.log");
            await().atMost(Duration.ofSeconds(30)).until(() -> read(log).contains("that-is-all"));

            assertThat(read(log)).contains("SEEN_BY_ALL=open-7d21", "FAIRLEAD_ADMIN_PASSWORD=***", "serve");
            assertThat(read(log)).doesNotContain(CANARY);
        }
    }

    private static void create(GatewayProcess gateway, String json) throws Exception {
        assertThat(post(gateway, "/api/instances", json).path("name").asText()).isEqualTo("curious");
    }

    private static JsonNode post(GatewayProcess gateway, String path, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("Authorization", "Bearer " + CANARY + "-password")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return FrameCodec.tree(answer.body());
    }

    private static String read(Path log) throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
