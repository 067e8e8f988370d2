package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Instances that are real processes of a real gateway. */
@Tag("alone")
@ExtendWith(BlockedLoops.class)
class InstancesIT extends OneGatewayOfInstances {
    /** A second on a busy machine: the promise is one second on an idle one. */
    private static final Duration SOON = Duration.ofSeconds(3);

    InstancesIT() {
        super("instances.stop_grace=1s", "instances.health_interval=200ms");
    }

    @Test
    void the_stream_shows_an_instance_from_its_making_to_its_end() {
        WsClient stream = WsClient.connect(gateway.ws("/ws/instances"));
        JsonNode snapshot = stream.next();
        assertThat(snapshot.get("instances")).isEmpty();
        assertThat(snapshot.get("include_archived").asBoolean()).isFalse();

        create("agent-1", SLEEPER, "");
        JsonNode created = stream.next();
        assertThat(created.get("type").asText()).isEqualTo("instance_created");
        assertThat(created.get("status").asText()).isEqualTo("stopped");
        assertThat(created.get("port").asInt()).isGreaterThanOrEqualTo(18_801);

        assertThat(act("agent-1", "start", 202).get("status").asText()).isEqualTo("starting");
        assertThat(stream.next().get("status").asText()).isEqualTo("starting");
        JsonNode running = stream.next();
        assertThat(running.get("status").asText()).isEqualTo("running");
        assertThat(ProcessHandle.of(running.get("pid").asLong())).isPresent();

        ProcessHandle.of(running.get("pid").asLong()).orElseThrow().destroyForcibly();
        JsonNode stopped = stream.next();
        assertThat(stopped.get("type").asText()).isEqualTo("status_changed");
        assertThat(stopped.get("status").asText()).isEqualTo("stopped");
        assertThat(stopped.get("pid").isNull()).isTrue();
        assertThat(stopped.get("exit_code").asInt()).isEqualTo(137);
        stream.close();
    }

    @Test
    void who_does_not_include_archived_instances_hears_nothing_of_them() {
        WsClient without = WsClient.connect(gateway.ws("/ws/instances"));
        WsClient with = WsClient.connect(gateway.ws("/ws/instances"));
        without.next();
        with.next();
        with.send("{\"type\":\"set_include_archived\",\"value\":true}");
        assertThat(with.next().get("include_archived").asBoolean()).isTrue();

        create("old", SLEEPER, "");
        act("old", "archive", 202);
        assertThat(gateway.delete("/api/instances/old").status()).isEqualTo(204);
        create("new", SLEEPER, "");

        assertThat(types(without, 3)).containsExactly("instance_created", "instance_archived", "instance_created");
        assertThat(types(with, 4))
                .containsExactly("instance_created", "instance_archived", "instance_deleted", "instance_created");
        without.send("{\"type\":\"set_include_archived\",\"value\":\"yes\"}");
        assertThat(without.next().get("code").asText()).isEqualTo("bad_request");
        without.close();
        with.close();
    }

    @Test
    void what_a_process_tree_uses_is_sampled_and_told() {
        create("busy", "[\"sh\",\"-c\",\"echo begun; (while :; do :; done) & sleep 600\"]", "");
        assertThat(gateway.get("/api/instances/busy/usage").body().path("samples"))
                .isEmpty();
        act("busy", "start", 202);
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.get("/api/instances/busy/usage?range=10m")
                .body()
                .at("/samples/1/cpu_percent")
                .isNumber());

        JsonNode usage = gateway.get("/api/instances/busy/usage").body();
        assertThat(usage.path("supported").asBoolean()).isTrue();
        assertThat(usage.path("resolution_seconds").asInt()).isEqualTo(5);
        JsonNode last = usage.path("samples").get(usage.path("samples").size() - 1);
        assertThat(last.path("cpu_percent").asDouble()).isPositive();
        assertThat(last.path("memory_bytes").asLong()).isGreaterThan(100_000);
        assertThat(last.path("processes").asInt()).isEqualTo(3);
        assertThat(last.path("threads").asInt()).isEqualTo(3);
        assertThat(last.path("open_files").asInt()).isGreaterThan(2);
        assertThat(last.path("log_bytes").asLong()).isPositive();
        assertThat(gateway.get("/api/instances/busy/usage?range=24h")
                        .body()
                        .path("resolution_seconds")
                        .asInt())
                .isEqualTo(60);
        assertThat(gateway.get("/api/instances/busy/usage?range=2d").status()).isEqualTo(400);
        JsonNode fleet = gateway.get("/api/usage").body();
        assertThat(fleet.at("/instances/busy/memory_bytes").asLong()).isPositive();
        assertThat(fleet.at("/gateway/heap_bytes").asLong()).isPositive();
        assertThat(fleet.has("trends")).isFalse();
        JsonNode trend = gateway.get("/api/usage?range=10m").body().at("/trends/busy");
        assertThat(trend.path("cpu_percent")).hasSize(30);
        assertThat(trend.at("/memory_bytes/29").asLong()).isGreaterThan(100_000);
        assertThat(trend.at("/memory_bytes/0").asLong()).isZero();
        assertThat(gateway.get("/api/usage?range=2d").status()).isEqualTo(400);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateway.get("/api/usage")
                                .body()
                                .at("/gateway/cpu_percent")
                                .asDouble()
                        > 0);
        await().atMost(SOON.multipliedBy(3)).until(() -> gateway.get("/metrics")
                .raw()
                .body()
                .contains("fairlead_instance_memory_bytes{instance=\"busy\"}"));
        assertThat(gateway.get("/metrics").raw().body())
                .contains("fairlead_instance_cpu{")
                .doesNotContain(" NaN\n");
    }

    @Test
    void a_last_line_without_its_end_is_whole_when_its_process_is_over() {
        create("mute", "[\"sh\",\"-c\",\"printf 'ready\\\\nFATAL: no config'; exit 3\"]", "");
        for (int run = 1; run <= 2; run++) {
            act("mute", "start", 202);
            await().atMost(SOON.multipliedBy(3)).until(() -> "stopped".equals(status("mute")));
        }

        JsonNode lines = gateway.get("/api/instances/mute/logs").body().get("lines");
        List<String> told = new ArrayList<>();
        lines.forEach(line -> told.add(line.asText().replaceAll("started [0-9TZ:.-]+", "started")));
        assertThat(told)
                .containsExactly(
                        "--- started ---", "ready", "FATAL: no config", "--- started ---", "ready", "FATAL: no config");
    }

    @Test
    void a_program_that_is_missing_for_a_moment_is_started_when_it_is_there() throws IOException {
        Path program = folder.resolve("upgraded");
        Files.writeString(program, "#!/bin/sh\nexec sleep 60\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        create("upgraded", "[\"" + program + "\"]", ",\"restart\":\"always\"");
        Files.move(program, folder.resolve("upgraded.old"));
        act("upgraded", "start", 202);
        await().atMost(SOON).until(() -> gateway.get("/api/instances/upgraded")
                .body()
                .path("reason")
                .asText()
                .contains("could not be started"));

        Files.move(folder.resolve("upgraded.old"), program);
        await().atMost(SOON.multipliedBy(5)).until(() -> "running".equals(status("upgraded")));
    }

    @Test
    void a_program_is_told_who_it_is_and_nothing_else_of_the_gateway() throws IOException {
        create("env", "[\"env\"]", ",\"env\":{\"OWN\":\"x y\"}");
        act("env", "start", 202);
        await().atMost(SOON.multipliedBy(3)).until(() -> "stopped".equals(status("env")));

        List<String> lines = Files.readAllLines(log("env")).stream()
                .filter(line -> !line.startsWith("--- started "))
                .toList();
        assertThat(lines)
                .contains(
                        "OWN=x y",
                        "FAIRLEAD_URL=http://127.0.0.1:" + gateway.port(),
                        "FAIRLEAD_AGENT_NAME=env",
                        "PORT="
                                + gateway.get("/api/instances/env")
                                        .body()
                                        .get("port")
                                        .asInt());
        assertThat(lines).anyMatch(line -> line.startsWith("FAIRLEAD_TOKEN=ey"));
        assertThat(lines.stream()
                        .map(line -> line.substring(0, line.indexOf('=')))
                        .collect(Collectors.toSet()))
                .isSubsetOf(
                        "OWN",
                        "FAIRLEAD_URL",
                        "FAIRLEAD_AGENT_NAME",
                        "FAIRLEAD_TOKEN",
                        "FAIRLEAD_SPAWN_ID",
                        "PORT",
                        "PATH",
                        "HOME",
                        "LANG",
                        "TZ",
                        "TMPDIR",
                        "USER",
                        "SHELL",
                        "LC_ALL",
                        "LC_CTYPE",
                        "LC_MESSAGES");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log("env"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(log("env").getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_tree_that_ignores_TERM_is_gone_after_the_grace_grandchildren_and_deserters_included() {
        String script =
                "trap '' TERM; (trap '' TERM; sleep 651 & setsid sleep 652 & wait) & while :; do sleep 653; done";
        create("stubborn", "[\"sh\",\"-c\",\"" + script + "\"]", "");
        act("stubborn", "start", 202);
        await().atMost(SOON).until(() -> sleepers("651", "652", "653") == 3);

        long before = System.nanoTime();
        act("stubborn", "stop", 202);
        await().pollInterval(Duration.ofMillis(20)).until(() -> "stopped".equals(status("stubborn")));

        assertThat(sleepers("651", "652", "653")).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
    }

    @Test
    void what_a_program_leaves_behind_is_ended_when_it_dies() {
        create("parent", "[\"sh\",\"-c\",\"sleep 661 & sleep 662 & wait\"]", "");
        act("parent", "start", 202);
        await().atMost(SOON).until(() -> sleepers("661", "662") == 2);

        long pid = gateway.get("/api/instances/parent").body().get("pid").asLong();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        await().atMost(SOON).until(() -> sleepers("661", "662") == 0);
    }

    @Test
    void a_port_that_stops_answering_makes_it_unhealthy_and_one_that_does_again_running() throws IOException {
        Path flag = Files.createFile(folder.resolve("up"));
        String server = "import http.server,os\\n"
                + "class H(http.server.BaseHTTPRequestHandler):\\n"
                + " def do_GET(s):\\n  s.send_response(200 if os.path.exists('" + flag
                + "') else 500)\\n  s.end_headers()\\n"
                + "http.server.HTTPServer(('127.0.0.1',int(os.environ['PORT'])),H).serve_forever()";
        create("web", "[\"python3\",\"-c\",\"" + server + "\"]", ",\"health\":{\"type\":\"http\",\"path\":\"/\"}");
        act("web", "start", 202);
        await().atMost(SOON.multipliedBy(3)).until(() -> "passing"
                .equals(gateway.get("/api/instances/web").body().path("health").asText()));

        Files.delete(flag);
        await().atMost(SOON.multipliedBy(3)).until(() -> "unhealthy".equals(status("web")));
        Files.createFile(flag);
        await().atMost(SOON.multipliedBy(3)).until(() -> "running".equals(status("web")));
    }

    @Test
    void a_command_that_does_not_fit_the_state_names_the_state_and_the_way_out() {
        create("one", SLEEPER, "");
        assertThat(gateway.post("/api/instances/one/stop", "").status()).isEqualTo(409);
        RunningGateway.Reply refused = gateway.delete("/api/instances/one");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("error").get("code").asText()).isEqualTo("invalid_state");
        assertThat(refused.body().get("error").get("message").asText())
                .contains("stopped")
                .contains("archive it first");
        assertThat(gateway.get("/api/instances/none").status()).isEqualTo(404);
        assertThat(gateway.send("PATCH", "/api/instances/one", "{\"restart\":\"always\"}")
                        .body()
                        .get("restart")
                        .asText())
                .isEqualTo("always");
        JsonNode twin =
                gateway.post("/api/instances/one/clone", "{\"name\":\"two\"}").body();
        assertThat(twin.get("restart").asText()).isEqualTo("always");
        assertThat(twin.get("port").asInt())
                .isGreaterThan(
                        gateway.get("/api/instances/one").body().get("port").asInt());
    }

    @Test
    void the_next_gateway_adopts_what_this_one_leaves_running() {
        gateway.close();
        gateway =
                RunningGateway.start(folder.resolve("data"), "instances.on_shutdown=leave", "instances.stop_grace=1s");
        create("stays", SLEEPER, ",\"restart\":\"always\"");
        act("stays", "start", 202);
        await().atMost(SOON).until(() -> "running".equals(status("stays")));
        long pid = gateway.get("/api/instances/stays").body().get("pid").asLong();

        gateway.close();
        assertThat(ProcessHandle.of(pid)).isPresent();
        gateway = RunningGateway.start(folder.resolve("data"), "instances.stop_grace=1s");

        JsonNode adopted = gateway.get("/api/instances/stays").body();
        assertThat(adopted.get("pid").asLong()).isEqualTo(pid);
        assertThat(adopted.get("status").asText()).isEqualTo("running");
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(SOON.multipliedBy(2)).until(() -> "running".equals(status("stays")) && pid("stays") != pid);
    }

    @Test
    void an_ordinary_shutdown_ends_what_runs() {
        create("ends", SLEEPER, "");
        act("ends", "start", 202);
        await().atMost(SOON).until(() -> "running".equals(status("ends")));
        ProcessHandle process = ProcessHandle.of(pid("ends")).orElseThrow();

        gateway.close();
        assertThat(process.isAlive()).isFalse();
        gateway = RunningGateway.start(folder.resolve("data"));
        assertThat(status("ends")).isEqualTo("stopped");
    }

    private long pid(String name) {
        return gateway.get("/api/instances/" + name).body().path("pid").asLong();
    }

    private Path log(String name) {
        return folder.resolve("data/logs/" + name + "/current.log");
    }

    private static List<String> types(WsClient stream, int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> stream.next().get("type").asText())
                .toList();
    }

    private static long sleepers(String... seconds) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments ->
                                arguments.length == 1 && List.of(seconds).contains(arguments[0]))
                        .isPresent())
                .count();
    }
}
