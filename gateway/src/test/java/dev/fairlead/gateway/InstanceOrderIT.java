package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Instances that depend on each other, as real processes of a real gateway. */
@ExtendWith(BlockedLoops.class)
class InstanceOrderIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String[] SETTINGS = {"instances.stop_grace=1s", "instances.health_interval=200ms"};

    @TempDir
    Path folder;

    @Test
    void an_ordered_start_goes_on_where_it_was_when_its_gateway_was_killed() throws IOException {
        String data = folder.resolve("data").toString();
        List<String> serve = List.of("--port", "0", "--data-dir", data, "--set", SETTINGS[0]);
        try (GatewayProcess first = GatewayProcess.serve(folder, Map.of(), serve.toArray(String[]::new))) {
            ObjectNode db = definition("db", tells("db") + until("go") + "echo The DB is Listening; exec sleep 600");
            db.putObject("ready_when").put("log", "is listening");
            send(first, "/api/instances", db);
            send(first, "/api/instances", after("db", "started", definition("migrate", tells("migrate"))));
            send(
                    first,
                    "/api/instances",
                    after("migrate", "completed", definition("web", tells("web") + "exec sleep 600")));
            send(first, "/api/instances/web/start", JsonNodeFactory.instance.objectNode());
            await().atMost(SOON).until(() -> order().equals(List.of("db")));
            assertThat(instance(first, "db").path("reason").asText()).contains("is ready when its log says");
            assertThat(instance(first, "web").path("reason").asText()).contains("until 'migrate' has completed");
            first.kill();
        }
        Files.createFile(folder.resolve("go"));
        await().atMost(SOON).until(() -> Files.readString(folder.resolve("data/logs/db/current.log"))
                .contains("Listening"));
        try (GatewayProcess next = GatewayProcess.serve(folder, Map.of(), serve.toArray(String[]::new))) {
            assertThat(next.port()).isPositive(); // it listens
            await().atMost(SOON)
                    .until(() -> instance(next, "web").path("status").asText().equals("running"));
            assertThat(order()).containsExactly("db", "migrate", "web");
            assertThat(instance(next, "db").path("status").asText()).isEqualTo("running");
            next.terminate();
            assertThat(next.exitCode()).isZero();
        }
    }

    @Test
    void a_scheduled_start_is_made_once_whenever_its_gateway_is_killed() throws IOException {
        List<String> serve =
                List.of("--port", "0", "--data-dir", folder.resolve("data").toString());
        try (GatewayProcess first = GatewayProcess.serve(folder, Map.of(), serve.toArray(String[]::new))) {
            ObjectNode job = definition("job", tells("job") + until("go"));
            assertThat(first.port()).isPositive(); // it listens
            await().atMost(SOON.multipliedBy(2)).until(() -> {
                Instant soon = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(5);
                job.putObject("schedule").put("at", soon.toString()); // again, where that was over before it was read
                return first.send("POST", "/api/instances", job.toString()).statusCode() == 201;
            });
            first.kill();
        }
        try (GatewayProcess second = GatewayProcess.serve(folder, Map.of(), serve.toArray(String[]::new))) {
            assertThat(second.port()).isPositive();
            await().atMost(SOON).until(() -> order().equals(List.of("job")));
            second.kill();
        }
        try (GatewayProcess third = GatewayProcess.serve(folder, Map.of(), serve.toArray(String[]::new))) {
            assertThat(third.port()).isPositive();
            await().atMost(SOON)
                    .until(() -> instance(third, "job").path("status").asText().equals("running"));
            assertThat(instance(third, "job").has("next_run")).isFalse();
            Files.createFile(folder.resolve("go"));
            await().atMost(SOON)
                    .until(() -> instance(third, "job").path("status").asText().equals("stopped"));
            assertThat(order()).containsExactly("job");
            assertThat(third.send("GET", "/api/instances/job/events", "").body())
                    .contains("\"actor\":\"schedule\"");
        }
    }

    @Test
    void an_instance_is_in_the_group_of_its_limits_before_its_program_begins() throws IOException {
        Path group = Files.createDirectory(folder.resolve("group"));
        Files.writeString(group.resolve("cgroup.controllers"), "cpu io memory\n");
        Files.writeString(group.resolve("cgroup.subtree_control"), "");
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"), "instances.cgroup=" + group)) {
            ObjectNode bounded =
                    definition("bounded", "cat " + group.resolve("*bounded/cgroup.procs") + "; exec sleep 600");
            bounded.put("memory_max", "64MiB").put("cpu_max", 0.5);
            assertThat(gateway.post("/api/instances", bounded.toString()).status())
                    .isEqualTo(201);
            gateway.post("/api/instances/bounded/start", "");
            await().atMost(SOON).until(() -> gateway.get("/api/instances/bounded/logs")
                    .body()
                    .path("lines")
                    .toString()
                    .contains("\""
                            + gateway.get("/api/instances/bounded")
                                    .body()
                                    .path("pid")
                                    .asText() + "\""));
            JsonNode runs = gateway.get("/api/instances/bounded").body();
            Path own = groupOf("bounded", group);
            assertThat(Files.readString(own.resolve("memory.max"))).isEqualTo("67108864");
            assertThat(Files.readString(own.resolve("cpu.max"))).isEqualTo("50000 100000");
            assertThat(runs.path("memory_max").asText()).isEqualTo("64MiB");
            assertThat(runs.path("cpu_max").asDouble()).isEqualTo(0.5);
            assertThat(runs.has("limits_not_kept")).isFalse();

            Files.writeString(group.resolve("cgroup.controllers"), "io\n");
            ObjectNode free = definition("free", "exec sleep 600").put("memory_max", "64MiB");
            assertThat(gateway.post("/api/instances", free.toString()).status()).isEqualTo(201);
            gateway.post("/api/instances/free/start", "");
            await().atMost(SOON).until(() -> gateway.get("/api/instances/free")
                    .body()
                    .path("status")
                    .asText()
                    .equals("running"));
            assertThat(gateway.get("/api/instances/free")
                            .body()
                            .path("limits_not_kept")
                            .asText())
                    .contains(group.toString(), "cpu and memory", "Delegate=yes");
        }
    }

    @Test
    void one_that_its_group_does_not_take_in_runs_without_limits_and_says_why_and_no_other_does() throws IOException {
        Path group = Files.createDirectory(folder.resolve("group"));
        Files.writeString(group.resolve("cgroup.controllers"), "cpu io memory\n");
        Files.writeString(group.resolve("cgroup.subtree_control"), "");
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"), "instances.cgroup=" + group)) {
            startBounded(gateway, "kept");
            String kept = groupOf("kept", group).getFileName().toString();
            Path shut = group.resolve(kept.substring(0, kept.length() - "kept".length()) + "shut");
            Files.createDirectories(shut.resolve("cgroup.procs")); // nothing can be written there
            startBounded(gateway, "shut");
            assertThat(gateway.get("/api/instances/shut")
                            .body()
                            .path("limits_not_kept")
                            .asText())
                    .contains("refuses", shut.resolve("cgroup.procs").toString());
            assertThat(gateway.get("/api/instances/kept").body().has("limits_not_kept"))
                    .isFalse();
        }
    }

    private static void startBounded(RunningGateway gateway, String name) {
        ObjectNode bounded = definition(name, "exec sleep 600").put("memory_max", "64MiB");
        assertThat(gateway.post("/api/instances", bounded.toString()).status()).isEqualTo(201);
        gateway.post("/api/instances/" + name + "/start", "");
        await().atMost(SOON).until(() -> status(gateway, name).equals("running"));
    }

    /** An instance's group below a group: its name begins with its gateway's, which no test knows before. */
    private static Path groupOf(String instance, Path group) throws IOException {
        try (Stream<Path> groups = Files.list(group)) {
            return groups.filter(each -> each.getFileName().toString().endsWith(instance))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void what_is_waited_for_may_be_a_port_an_answer_or_a_check() throws IOException {
        int free = freePort();
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"), SETTINGS)) {
            sleeper(gateway, "queue", "\"ready_when\":{\"port\":" + free + "}");
            int port = sleeper(gateway, "api", "\"ready_when\":{\"http\":\"/up\"}");
            sleeper(
                    gateway,
                    "web",
                    "\"depends_on\":[{\"name\":\"queue\"},{\"name\":\"api\",\"condition\":\"healthy\"}]");
            assertThat(gateway.post("/api/instances/web/start", "{}").status()).isEqualTo(202);
            await().atMost(SOON).until(() -> reason(gateway, "queue").contains("port " + free));
            assertThat(reason(gateway, "web")).contains("'queue' has started", "'api' is healthy");
            HttpServer answers = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            answers.createContext("/up", exchange -> {
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            answers.start();
            try (ServerSocket taken = new ServerSocket(free, 50, InetAddress.getLoopbackAddress())) {
                assertThat(taken.isBound()).isTrue();
                await().atMost(SOON).until(() -> status(gateway, "web").equals("running"));
            } finally {
                answers.stop(0);
            }
        }
    }

    @Test
    void what_cannot_be_waited_for_is_refused_by_its_field() {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"), SETTINGS)) {
            sleeper(gateway, "db", "\"depends_on\":[]");
            sleeper(gateway, "web", "\"depends_on\":[{\"name\":\"db\"}]");
            assertThat(refusal(gateway, "{\"depends_on\":[{\"name\":\"web\"}]}"))
                    .contains("db → web → db");
            assertThat(refusal(gateway, "{\"depends_on\":[{\"name\":\"gone\"}]}"))
                    .contains("'gone'");
            assertThat(refusal(gateway, "{\"depends_on\":[{\"name\":\"web\",\"condition\":\"up\"}]}"))
                    .contains("started, healthy or completed");
            assertThat(refusal(gateway, "{\"depends_on\":[{}]}")).contains("depends_on");
            assertThat(refusal(gateway, "{\"depends_on\":[null]}")).contains("depends_on");
            assertThat(refusal(gateway, "{\"ready_when\":{\"log\":\"a\",\"port\":1}}"))
                    .contains("ready_when");
            assertThat(refusal(gateway, "{\"ready_when\":{\"port\":0}}")).contains("ready_when.port");
            assertThat(refusal(gateway, "{\"ready_when\":{\"http\":\"up\"}}")).contains("ready_when.http");
            assertThat(refusal(gateway, "{\"schedule\":{\"cron\":\"61 * * * *\"}}"))
                    .contains("schedule.cron");
            assertThat(refusal(gateway, "{\"schedule\":{\"at\":\"soon\"}}")).contains("schedule.at");
            assertThat(refusal(gateway, "{\"schedule\":{\"at\":\"2026-01-01T00:00:00.000Z\"}}"))
                    .contains("no time to come");
            assertThat(gateway.post("/api/instances/db/archive", "{}").status()).isEqualTo(202);
            assertThat(gateway.delete("/api/instances/db").status()).isEqualTo(409);
        }
    }

    private static ObjectNode definition(String name, String script) {
        ObjectNode made = JsonNodeFactory.instance.objectNode().put("name", name);
        made.putArray("command").add("sh").add("-c").add(script);
        return made;
    }

    private static ObjectNode after(String other, String condition, ObjectNode definition) {
        definition.putArray("depends_on").addObject().put("name", other).put("condition", condition);
        return definition;
    }

    /** Leaves its name behind when it runs. */
    private String tells(String name) {
        return "echo " + name + " >> " + folder.resolve("order") + "; ";
    }

    private String until(String file) {
        return "until [ -e " + folder.resolve(file) + " ]; do sleep 0.1; done; ";
    }

    private List<String> order() throws IOException {
        Path told = folder.resolve("order");
        return Files.exists(told) ? Files.readAllLines(told) : List.of();
    }

    private static void send(GatewayProcess gateway, String path, JsonNode body) {
        assertThat(gateway.send("POST", path, body.toString()).statusCode()).isBetween(200, 202);
    }

    private static JsonNode instance(GatewayProcess gateway, String name) {
        return FrameCodec.tree(gateway.send("GET", "/api/instances/" + name, "").body());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int sleeper(RunningGateway gateway, String name, String more) {
        RunningGateway.Reply made = gateway.post(
                "/api/instances", "{\"name\":\"" + name + "\",\"command\":[\"sleep\",\"600\"]," + more + "}");
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        return made.body().path("port").asInt();
    }

    private static String refusal(RunningGateway gateway, String change) {
        RunningGateway.Reply answer = gateway.send("PATCH", "/api/instances/db", change);
        assertThat(answer.status()).as(change).isEqualTo(400);
        return answer.body().at("/error/message").asText();
    }

    private static String reason(RunningGateway gateway, String name) {
        return gateway.get("/api/instances/" + name).body().path("reason").asText();
    }

    private static String status(RunningGateway gateway, String name) {
        return gateway.get("/api/instances/" + name).body().path("status").asText();
    }
}
