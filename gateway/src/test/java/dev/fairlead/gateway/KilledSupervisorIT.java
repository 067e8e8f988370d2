package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is killed at any moment leaves no instance twice and none unowned. */
@Tag("alone")
class KilledSupervisorIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Promised; held by the median, since any one kill may meet a machine that is busy with other things. */
    private static final Duration TAKEN_UP = Duration.ofSeconds(5);

    private static final int FIRST_SECONDS = 7_300;

    @TempDir
    Path folder;

    private int port;
    private Process gateway;

    @Test
    void no_instance_runs_twice_or_unowned_after_kill_9() throws Exception {
        survives(3, 3);
    }

    @Test
    @Tag("long")
    void no_instance_of_ten_runs_twice_or_unowned_after_20_times_kill_9() throws Exception {
        survives(10, 20);
    }

    @AfterEach
    void stop() {
        gateway.destroyForcibly();
        sleepers(Integer.MAX_VALUE).forEach(ProcessHandle::destroyForcibly);
    }

    private void survives(int instances, int kills) throws Exception {
        Random random = new Random(kills);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start();
        for (int i = 0; i < instances; i++) {
            send(
                    "POST",
                    "/api/instances",
                    "{\"name\":\"i-" + i + "\",\"command\":[\"sleep\",\"" + (FIRST_SECONDS + i)
                            + "\"],\"restart\":\"always\"}");
            send("POST", "/api/instances/i-" + i + "/start", "");
        }
        List<Duration> took = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            if (kill > 0) { // something is always being started when it is killed
                sleepers(instances).stream().limit(2).forEach(ProcessHandle::destroyForcibly);
                send("POST", "/api/instances/i-" + random.nextInt(instances) + "/restart", "");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
            }
            gateway.destroyForcibly().waitFor();
            start();
            long answering = System.nanoTime();
            await().atMost(PATIENCE).untilAsserted(() -> assertOneEach(instances));
            took.add(Duration.ofNanos(System.nanoTime() - answering));
        }
        assertThat(took.stream().sorted().toList().get(kills / 2)).isLessThanOrEqualTo(TAKEN_UP);
        gateway.destroy();
        assertThat(gateway.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(sleepers(instances)).isEmpty();
    }

    private void assertOneEach(int instances) throws Exception {
        List<Long> running =
                sleepers(instances).stream().map(ProcessHandle::pid).sorted().toList();
        JsonNode list = send("GET", "/api/instances", "").get("instances");
        List<Long> owned = new ArrayList<>();
        for (JsonNode instance : list) {
            assertThat(instance.get("status").asText()).isEqualTo("running");
            owned.add(instance.get("pid").asLong());
        }
        assertThat(running)
                .as(() -> list + "\n"
                        + running.stream().map(KilledSupervisorIT::seen).toList() + "\n" + log())
                .hasSize(instances);
        assertThat(owned).containsExactlyInAnyOrderElementsOf(running);
    }

    /** What tells where a process is from. */
    private static String seen(long pid) {
        Path process = Path.of("/proc", String.valueOf(pid));
        try {
            return Files.readString(process.resolve("stat")).strip() + " "
                    + Stream.of(Files.readString(process.resolve("environ")).split("\0"))
                            .filter(variable -> variable.startsWith("FAIRLEAD_SPAWN_ID="))
                            .toList();
        } catch (IOException e) {
            return pid + " " + e;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("gateway.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void start() throws IOException {
        gateway = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-jar",
                        Path.of("target", "fairlead.jar").toAbsolutePath().toString(),
                        "serve",
                        "--port",
                        String.valueOf(port),
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--set",
                        "instances.stop_grace=1s")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("gateway.log").toFile()))
                .start();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> send("GET", "/api/health", "").has("version"));
    }

    private JsonNode send(String method, String path, String json) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        json.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return FrameCodec.tree(
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    private static List<ProcessHandle> sleepers(int instances) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> arguments.length == 1 && isOurs(arguments[0], instances))
                        .isPresent())
                .toList();
    }

    private static boolean isOurs(String argument, int instances) {
        return argument.matches("7[34][0-9][0-9]") && Integer.parseInt(argument) - FIRST_SECONDS < instances;
    }
}
