package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.BlockedLoops;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A fleet file against a real gateway with real processes. */
@ExtendWith(BlockedLoops.class)
class ApplyIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String FLEET = """
            instances:
              web:
                command: [sleep, 600]
                depends_on: [db]
                labels: {team: a}
                state: running
              db:
                command: [sleep, 601]
                env: {PASSWORD: s3cret}
              spare:
                command: [sleep, 602]
            """;

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private TestConsole said = new TestConsole(Path.of("."));

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "instances.stop_grace=1s");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void only_what_differs_is_touched_and_it_is_shown_before() throws IOException {
        assertThat(apply(FLEET, "n\n")).isEqualTo(1);
        assertThat(said.out()).contains("web: created, started", "  env: PASSWORD (values are not shown)");
        assertThat(said.err()).contains("3 of 3 to change", "Nothing was changed");
        assertThat(names()).isEmpty();

        assertThat(apply(FLEET, "y\n")).as(said.err()).isZero();
        await().atMost(SOON).until(() -> "running".equals(status("web")));
        assertThat(status("db")).isEqualTo("running");
        assertThat(status("spare")).isEqualTo("stopped");
        long db = one("db").path("pid").asLong();
        long web = one("web").path("pid").asLong();

        assertThat(apply(FLEET, "", "--dry-run")).isZero();
        assertThat(said.out()).contains("web: unchanged", "db: unchanged", "spare: unchanged");
        assertThat(said.err()).contains("0 of 3 to change");

        String changed = FLEET.replace("team: a", "team: b")
                .replace("PASSWORD: s3cret", "PASSWORD: other")
                .replace("sleep, 602", "sleep, 603");
        assertThat(apply(changed, "", "--dry-run")).isZero();
        assertThat(said.out())
                .contains(
                        "web: changed\n  labels: {\"team\":\"a\"} -> {\"team\":\"b\"}",
                        "db: changed, restarted",
                        "spare: changed\n  command: sleep 602 -> sleep 603")
                .doesNotContain("s3cret", "other");
        assertThat(one("db").path("pid").asLong()).isEqualTo(db);

        assertThat(apply(changed, "", "--yes")).as(said.err()).isZero();
        await().atMost(SOON)
                .until(() ->
                        "running".equals(status("db")) && one("db").path("pid").asLong() != db);
        assertThat(environment(one("db").path("pid").asLong())).contains("PASSWORD=other");
        assertThat(one("web").path("pid").asLong()).isEqualTo(web);
        assertThat(apply(changed, "", "--yes", "--output", "json")).isZero();
        assertThat(said.out()).contains("{\"name\":\"web\",\"acts\":[\"unchanged\"],\"changes\":[]}");
    }

    @Test
    void what_the_gateway_refuses_is_told_with_its_line_before_anything_is_changed() throws IOException {
        String wrong = """
                instances:
                  good:
                    command: [sleep, 600]
                  bad:
                    command: [sleep, 600]
                    env:
                      LD_PRELOAD: x.so
                  other:
                    command: [no-such-program]
                    depends_on: [nobody]
                """;
        assertThat(apply(wrong, "", "--yes")).isEqualTo(2);
        assertThat(said.err())
                .contains("line 7 of ", "instance 'bad': ", "LD_PRELOAD", "instance 'other': ", "Nothing was changed");
        assertThat(names()).isEmpty();
        String circle = """
                instances:
                  a: {command: [sleep, 1], depends_on: [b]}
                  b: {command: [sleep, 1], depends_on: [a]}
                """;
        assertThat(apply(circle, "", "--yes")).isEqualTo(2);
        assertThat(said.err()).contains("line 2 of ", "a circle of depends_on", "a, b");
    }

    @Test
    void settings_and_labels_change_from_the_command_line() {
        assertThat(run("instances", "create", "web", "-l", "team=a", "-l", "tier=web", "--", "sleep", "600"))
                .isZero();
        assertThat(run("instances", "start", "web")).isZero();
        assertThat(run("instances", "label", "web", "team=b", "tier-", "new="))
                .as(said.err())
                .isZero();
        assertThat(one("web").path("labels")).hasToString("{\"new\":\"\",\"team\":\"b\"}");
        assertThat(run("instances", "set", "web", "--restart", "always", "--autostart", "--health", "tcp"))
                .isZero();
        assertThat(run("instances", "set", "web", "--health", "none", "--no-autostart"))
                .isZero();
        assertThat(one("web").path("restart").asText()).isEqualTo("always");
        assertThat(one("web").path("autostart").asBoolean()).isFalse();
        assertThat(one("web").has("health_check")).isFalse();
        assertThat(run("instances", "set", "web", "--", "sleep", "601")).isEqualTo(1);
        assertThat(said.err()).contains("stop it first");
        assertThat(run("instances", "set", "web")).isEqualTo(2);
        assertThat(run("instances", "label", "web", "team")).isEqualTo(2);
        assertThat(run("instances", "set", "gone", "--restart", "always")).isEqualTo(1);
        assertThat(said.err()).contains("No instance named 'gone'");
    }

    private int run(String... line) {
        List<String> all = new ArrayList<>(List.of("instances"));
        all.addAll(List.of(line).subList(1, 2));
        all.addAll(List.of("--gateway-url", "http://127.0.0.1:" + gateway.port()));
        all.addAll(List.of(line).subList(2, line.length));
        said = new TestConsole(folder);
        return said.run(all.toArray(String[]::new));
    }

    private int apply(String yaml, String typed, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("fleet.yaml"), yaml);
        List<String> line = new ArrayList<>(List.of("apply", file.toString()));
        line.addAll(List.of(options));
        line.addAll(List.of("--gateway-url", "http://127.0.0.1:" + gateway.port()));
        said = new TestConsole(folder).typing(typed);
        return said.run(line.toArray(String[]::new));
    }

    private List<String> names() {
        return gateway.get("/api/instances").body().path("instances").findValuesAsText("name");
    }

    private JsonNode one(String name) {
        return gateway.get("/api/instances/" + name).body();
    }

    private String status(String name) {
        return one(name).path("status").asText();
    }

    private static List<String> environment(long pid) throws IOException {
        return List.of(Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0"));
    }
}
