package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances whose output the gateway writes to their logs itself: nothing is dropped, they wait instead. */
class PipedLogIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int FILE = 64 * 1024;
    private static final int KEPT = 10;
    /** Of its lines; twice and a half the bound. */
    private static final int LAST = 250_007;

    private static final long BOUND = (KEPT + 1L) * FILE;
    /** Files, and what the gateway keeps of their positions. */
    private static final long SMALL = 16 * 1024;
    /** What the pipe holds, and what the gateway has in hand. */
    private static final int UNDER_WAY = 2 * 64 * 1024;

    @TempDir
    Path folder;

    private GatewayProcess gateway;

    @AfterEach
    void stop() {
        gateway.close();
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments).contains(mark())
                                || List.of(arguments).contains(Integer.toString(LAST)))
                        .isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }

    private String mark() {
        return "writer-of-" + folder.getFileName();
    }

    private void serve(int size, int kept) {
        gateway = GatewayProcess.serve(
                folder,
                Map.of(),
                "--port",
                "0",
                "--data-dir",
                folder.resolve("data").toString(),
                "--set",
                "logs.rotate_size=" + size,
                "--set",
                "logs.rotate_keep=" + kept,
                "--set",
                "instances.stop_grace=1s");
        assertThat(gateway.port()).isPositive();
    }

    private JsonNode send(String method, String path, String json, int status) {
        HttpResponse<String> answer = gateway.send(method, path, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return FrameCodec.tree(answer.body());
    }

    private JsonNode create(String name, String script) {
        return send(
                "POST",
                "/api/instances",
                "{\"name\":\"" + name + "\",\"command\":[\"sh\",\"-c\"," + FrameCodec.text(script) + ",\"" + mark()
                        + "\"],\"log\":\"pipe\"}",
                201);
    }

    private void start(String name) {
        send("POST", "/api/instances/" + name + "/start", "", 202);
    }

    private JsonNode instance(String name) {
        return send("GET", "/api/instances/" + name, "", 200);
    }

    private void awaitStatus(String name, String status) {
        await().atMost(PATIENCE)
                .until(() -> instance(name).get("status").asText().equals(status));
    }

    private Path log(String name) {
        return folder.resolve("data/logs/" + name);
    }

    private long onDisk(String name) throws IOException {
        try (Stream<Path> files = Files.list(log(name))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** The lines of all its files, the oldest first, without those of the gateway. */
    private List<String> lines(String name, int kept) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int number = kept; number >= 0; number--) {
            Path file = log(name).resolve(number == 0 ? "current.log" : "current.log." + number);
            if (Files.isRegularFile(file)) {
                Files.readString(file, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("--- started "))
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void one_that_writes_as_fast_as_it_can_waits_where_its_log_has_no_room_and_loses_no_line() throws IOException {
        serve(FILE, KEPT);
        JsonNode made = create("fast", "exec seq 1 " + LAST);
        assertThat(made.get("log").asText()).isEqualTo("pipe");
        // The oldest file cannot be replaced: the log is full and may not take more.
        Path inTheWay = Files.createDirectories(log("fast").resolve("current.log." + KEPT));
        Files.createFile(inTheWay.resolve("not-empty"));
        start("fast");

        await().atMost(PATIENCE).until(() -> gateway.output().contains("gets no new file"));
        assertThat(onDisk("fast")).isBetween(BOUND * 3 / 5, BOUND + SMALL);
        assertThat(instance("fast").get("status").asText()).isEqualTo("running");
        List<String> whileItWaits = lines("fast", KEPT);
        assertThat(whileItWaits).isEqualTo(numbers(1, whileItWaits.size()));

        Files.delete(inTheWay.resolve("not-empty"));
        Files.delete(inTheWay);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            assertThat(onDisk("fast")).isLessThanOrEqualTo(BOUND + SMALL);
            return instance("fast").get("status").asText().equals("stopped");
        });
        assertThat(instance("fast").get("exit_code").asInt()).isZero();
        List<String> kept = lines("fast", KEPT);
        assertThat(kept).isEqualTo(numbers(LAST - kept.size() + 1, LAST));
        assertThat(onDisk("fast")).isGreaterThan(BOUND * 3 / 5);
    }

    @Test
    void one_whose_gateway_is_killed_waits_for_the_next_and_loses_what_was_under_way_at_most() throws IOException {
        serve(16 * FILE, 100);
        create("steady", "i=0; while :; do i=$((i+1)); echo $i; done");
        start("steady");
        awaitStatus("steady", "running");
        long pid = instance("steady").get("pid").asLong();
        for (int kill = 1; kill <= 2; kill++) {
            awaitGrowth();
            gateway.kill();
            assertThat(ProcessHandle.of(pid)).as("its writer").isPresent();
            serve(16 * FILE, 100);
            awaitStatus("steady", "running");
            assertThat(instance("steady").get("pid").asLong()).isEqualTo(pid);
        }
        awaitGrowth();
        send("POST", "/api/instances/steady/stop", "", 202);
        awaitStatus("steady", "stopped");

        List<Integer> gaps = new ArrayList<>();
        int before = 0;
        for (String line : lines("steady", 100)) {
            int number = Integer.parseInt(line);
            if (number != before + 1) {
                gaps.add(number - before);
            }
            before = number;
        }
        assertThat(gaps).hasSizeLessThanOrEqualTo(2).allSatisfy(gap -> assertThat(gap)
                .isBetween(1, UNDER_WAY / 2));
    }

    private void awaitGrowth() throws IOException {
        long before = onDisk("steady");
        await().atMost(PATIENCE).until(() -> onDisk("steady") > before + 2 * FILE);
    }

    @Test
    void what_it_wrote_last_is_told_with_its_end_and_it_writes_a_file_again_when_it_is_set_to() throws IOException {
        serve(FILE, KEPT);
        create("short", "echo begun; echo failed >&2; printf 'without an end'; exit 3");
        start("short");
        awaitStatus("short", "stopped");
        assertThat(lines("short", KEPT)).containsExactly("begun", "failed", "without an end");

        JsonNode refused = send("PATCH", "/api/instances/short", "{\"log\":\"tee\"}", 400);
        assertThat(refused.get("error").get("message").asText()).contains("file or pipe");
        assertThat(send("PATCH", "/api/instances/short", "{\"log\":\"file\"}", 200)
                        .get("log")
                        .asText())
                .isEqualTo("file");
        start("short");
        await().atMost(PATIENCE).until(() -> lines("short", KEPT).size() == 6);
        awaitStatus("short", "stopped");
        assertThat(lines("short", KEPT))
                .containsExactly("begun", "failed", "without an end", "begun", "failed", "without an end");
    }
}
