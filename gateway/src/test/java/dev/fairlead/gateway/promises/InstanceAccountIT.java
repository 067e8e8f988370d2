package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.testing.Account;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances under another account: what they get, what is kept from them, and where it is refused. */
@Tag("attack")
@Tag("alone")
class InstanceAccountIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static String uid;

    @BeforeAll
    static void start() throws Exception {
        Account guest = Account.GUEST.required();
        uid = Files.getAttribute(Path.of("/var/lib", guest.name()), "unix:uid").toString();
        gateway = RunningGateway.start(
                folder.resolve("data"), "instances.user=" + guest.name(), "instances.env_allow=LD_PRELOAD");
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (gateway != null) {
            gateway.close();
            new ProcessBuilder("rm", "-rf", home().resolve(".fairlead").toString())
                    .start()
                    .waitFor();
        }
    }

    @Test
    void it_has_a_home_and_a_working_folder_of_its_own_and_no_capability() throws IOException {
        JsonNode made = started(
                "housed",
                "id -un; pwd; echo $HOME:$USER:$LOGNAME; echo TMP=$TMPDIR; grep -E 'Cap(Inh|Prm|Eff|Amb)'"
                        + " /proc/self/status | sort -u -k2; touch kept && ls; echo end");

        String log = log("housed", "end");

        Path own = home().resolve(".fairlead/instances/housed");
        assertThat(log.lines().skip(1).toList())
                .startsWith("fairlead-guest", own.toString(), home() + ":fairlead-guest:fairlead-guest", "TMP=")
                .contains("kept");
        assertThat(log.lines().filter(line -> line.startsWith("Cap")))
                .singleElement()
                .asString()
                .endsWith("\t0000000000000000");
        assertThat(made.path("user").asText()).isEqualTo("fairlead-guest");
        assertThat(made.path("cwd").asText()).isEqualTo(own.toString());
        assertThat(mode(own)).isEqualTo("rwx------");
        Path file = folder.resolve("data/logs/housed/current.log");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(Files.getOwner(file)).isEqualTo(Files.getOwner(folder));
    }

    @Test
    void nothing_of_the_gateways_can_be_read() {
        Path data = folder.resolve("data");
        // Not kept away by what lies above the data folder alone.
        assertThat(folder.toFile().setExecutable(true, false)).isTrue();
        long pid = ProcessHandle.current().pid();
        started(
                "curious",
                "ls " + data + " && echo READ; for one in " + data + "/admin-password " + data + "/signing-key " + data
                        + "/logs/curious/current.log " + data + "/fairlead.mv.db /proc/" + pid + "/environ /proc/" + pid
                        + "/mem /proc/" + pid + "/fd/1; do head -c 1 $one >/dev/null && echo READ $one; done;"
                        + " echo $(curl -s -o /dev/null -w '%{http_code}' $(echo $FAIRLEAD_URL | sed s/^ws/http/)/api/agents);"
                        + " echo end");

        assertThat(log("curious", "end"))
                .doesNotContain("READ")
                .contains(
                        "admin-password' for reading: Permission denied",
                        "environ' for reading: Permission denied",
                        "\n401\n");
    }

    @Test
    void a_variable_that_loads_code_has_its_effect_when_the_account_is_another_already() {
        ObjectNode json = json("loaded", "true").put("autostart", false);
        json.putArray("command").add("true");
        json.putObject("env").put("LD_PRELOAD", "/nowhere.so");
        post("/api/instances", json, 201);
        post("/api/instances/loaded/start", FrameCodec.object(), 202);

        await().atMost(PATIENCE).until(() -> read("loaded").contains("/nowhere.so"));
        await().atMost(PATIENCE).until(() -> state("loaded").equals("stopped"));

        assertThat(read("loaded").lines().filter(line -> line.contains("/nowhere.so")))
                .hasSize(1);
    }

    @Test
    void stopping_ends_what_left_its_session_too() {
        started(
                "family",
                "trap '' TERM; (setsid sh -c '(sleep 611 & sleep 612) &' &); setsid sleep 613 & sleep 614 & echo end;"
                        + " while :; do sleep 1; done");
        log("family", "end");
        await().atMost(PATIENCE).until(() -> sleeping("61[1-4]") == 4);

        post("/api/instances/family/stop", FrameCodec.object(), 202);

        await().atMost(PATIENCE).until(() -> sleeping("61[1-4]") == 0);
        await().atMost(PATIENCE).until(() -> state("family").equals("stopped"));
    }

    @Test
    void it_is_adopted_by_the_gateway_after_one_that_was_killed() throws IOException {
        Path data = Files.createDirectory(folder.resolve("adopted-home"));
        String[] serve = {
            "--port", "0", "--data-dir", data.resolve("data").toString(), "--set", "instances.user=fairlead-guest"
        };
        long pid;
        try (GatewayProcess first = GatewayProcess.serve(data, Map.of(), serve)) {
            first.send(
                    "POST", "/api/instances", json("survivor", "exec sleep 621").toString());
            first.send("POST", "/api/instances/survivor/start", "");
            await().atMost(PATIENCE).until(() -> state(first).equals("running") && sleeping("621") == 1);
            pid = FrameCodec.tree(
                            first.send("GET", "/api/instances/survivor", "").body())
                    .path("pid")
                    .asLong();
            first.kill();
        }
        try (GatewayProcess second = GatewayProcess.serve(data, Map.of(), serve)) {
            await().atMost(PATIENCE).until(() -> state(second).equals("running"));
            JsonNode again = FrameCodec.tree(
                    second.send("GET", "/api/instances/survivor", "").body());
            assertThat(again.path("pid").asLong()).isEqualTo(pid);
            assertThat(again.path("cwd").asText()).startsWith(home().toString());

            second.send("POST", "/api/instances/survivor/stop", "");
            await().atMost(PATIENCE).until(() -> sleeping("621") == 0);
        }
    }

    @Test
    void one_instance_may_have_another_account_and_change_it_while_it_stands() throws IOException {
        Path own = Files.createDirectory(folder.resolve("games"));
        assertThat(folder.toFile().setExecutable(true, false)).isTrue();
        assertThat(own.toFile().setWritable(true, false)
                        && own.toFile().setReadable(true, false)
                        && own.toFile().setExecutable(true, false))
                .isTrue();
        JsonNode made = post(
                "/api/instances",
                json("player", "id -un; echo $HOME; echo end")
                        .put("user", "games")
                        .put("cwd", own.toString()),
                201);
        assertThat(made.path("user").asText()).isEqualTo("games");
        post("/api/instances/player/start", FrameCodec.object(), 202);
        // It has no home that is its own.
        assertThat(log("player", "end")).contains("\ngames\n" + own + "\n");
        await().atMost(PATIENCE).until(() -> state("player").equals("stopped"));

        RunningGateway.Reply changed = gateway.send(
                "PATCH",
                "/api/instances/player",
                FrameCodec.object().put("user", "").toString());
        assertThat(changed.body().path("user").asText()).isEqualTo("fairlead-guest");
        assertThat(changed.body().path("cwd").asText()).isEqualTo(own.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                no-such-one | no account 'no-such-one' on this machine; make one: useradd
                root        | is root, or the one the gateway runs as
                5           | Field 'user' is the name of an account
                -x          | Field 'user' is the name of an account
                games       | no home folder of its own for a working folder; give it one, or set cwd
                """)
    void what_cannot_be_kept_is_refused_at_creation(String user, String why) {
        JsonNode refused = post("/api/instances", json("refused", "true").put("user", user), 400);

        assertThat(refused.path("error").path("message").asText()).contains(why);
        assertThat(gateway.get("/api/instances/refused").status()).isEqualTo(404);
    }

    @Test
    void a_folder_the_account_cannot_enter_is_refused_at_creation() throws IOException {
        Path closed = Files.createDirectory(
                folder.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        JsonNode refused = post("/api/instances", json("shut-out", "true").put("cwd", closed.toString()), 400);

        assertThat(refused.path("error").path("message").asText())
                .contains("account 'fairlead-guest' cannot use its working folder or program");
    }

    @Test
    void a_gateway_that_may_not_change_the_account_does_not_start_and_doctor_says_why() throws IOException {
        Path home = Files.createDirectory(folder.resolve("daemon"));
        assertThat(folder.toFile().setExecutable(true, false)).isTrue();
        assertThat(home.toFile().setWritable(true, false)).isTrue();
        String why = "this gateway may not run programs as account 'fairlead-guest': it has no CAP_SETUID, CAP_SETGID,"
                + " CAP_KILL, CAP_SYS_PTRACE; run it as root";
        List<String> settings = List.of(
                "--port", "0", "--data-dir", home.resolve("data").toString(), "--set", "instances.user=fairlead-guest");

        try (GatewayProcess refused = asDaemon(home, "serve", settings);
                GatewayProcess doctor = asDaemon(home, "doctor", settings)) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("instances.user cannot be kept: " + why)
                    .doesNotContain("\tat ");
            assertThat(doctor.exitCode()).isEqualTo(1);
            assertThat(doctor.out()).contains(why);
        }
    }

    private static GatewayProcess asDaemon(Path home, String command, List<String> settings) {
        List<String> all = new java.util.ArrayList<>(List.of(command));
        all.addAll(settings);
        return GatewayProcess.under(
                Account.GATEWAY.prefixThatReadsAll(), JVM, home, Map.of("HOME", home.toString()), all);
    }

    private static Path home() {
        return Path.of("/var/lib", Account.GUEST.name());
    }

    private static String state(String name) {
        return gateway.get("/api/instances/" + name).body().path("status").asText();
    }

    private static String state(GatewayProcess gateway) {
        return FrameCodec.tree(
                        gateway.send("GET", "/api/instances/survivor", "").body())
                .path("status")
                .asText();
    }

    /** How many processes of the guest sleep for so long. */
    private static long sleeping(String seconds) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> isGuests(pid) && commandLine(pid).matches("sleep\0" + seconds + "\0"))
                .count();
    }

    private static boolean isGuests(long pid) {
        try {
            return Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")
                    .toString()
                    .equals(uid);
        } catch (IOException gone) {
            return false;
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private static ObjectNode json(String name, String script) {
        ObjectNode json = FrameCodec.object().put("name", name);
        json.putArray("command").add("sh").add("-c").add(script);
        return json;
    }

    private static JsonNode started(String name, String script) {
        JsonNode made = post("/api/instances", json(name, script), 201);
        post("/api/instances/" + name + "/start", FrameCodec.object(), 202);
        return made;
    }

    private static JsonNode post(String path, ObjectNode json, int status) {
        RunningGateway.Reply reply = gateway.post(path, json.toString());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
        return reply.body();
    }

    private static String log(String name, String last) {
        await().atMost(PATIENCE).until(() -> read(name).contains("\n" + last + "\n"));
        return read(name);
    }

    private static String read(String name) {
        Path log = folder.resolve("data/logs/" + name + "/current.log");
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
