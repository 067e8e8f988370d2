package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFileTest {
    @TempDir
    Path folder;

    @Test
    void an_instance_is_read_as_rest_takes_it() throws IOException {
        FleetFile.Definition web = read("""
                        instances:
                          web:
                            command: [python3, -m, http.server, 9000]
                            env:
                              DEBUG: yes
                              VERSION: 1.10
                            port: 9000
                            autostart: true
                            health: http:/up
                            labels: {team: a}
                            depends_on: [db, migrate:completed, {name: api, condition: healthy}]
                            ready_when:
                              log: listening
                            state: running
                        """).get(0);
        assertThat(web.name()).isEqualTo("web");
        assertThat(web.body())
                .hasToString("{\"command\":[\"python3\",\"-m\",\"http.server\",\"9000\"],"
                        + "\"env\":{\"DEBUG\":\"yes\",\"VERSION\":\"1.10\"},\"port\":9000,\"autostart\":true,"
                        + "\"health\":{\"type\":\"http\",\"path\":\"/up\"},\"labels\":{\"team\":\"a\"},"
                        + "\"depends_on\":[{\"name\":\"db\"},{\"name\":\"migrate\",\"condition\":\"completed\"},"
                        + "{\"name\":\"api\",\"condition\":\"healthy\"}],\"ready_when\":{\"log\":\"listening\"}}");
        assertThat(web.state()).contains("running");
        assertThat(web.dependsOn()).containsExactly("db", "migrate", "api");
        assertThat(web.place("port")).startsWith("line 7 of ");
        assertThat(web.place("cwd")).isEqualTo(web.place(""));
    }

    @Test
    void all_that_is_wrong_is_told_with_its_line_and_field() {
        refused(
                """
                instances:
                  web:
                    command: python3
                    port: "90x"
                    autostart: yes
                    ready_when: {says: hello}
                    colour: red
                  Web: {}
                  db:
                    env: [A]
                    state: up
                fleet: {}
                """,
                "line 3 of ",
                "instances.web.command is a list",
                "line 4 of ",
                "instances.web.port is a whole number",
                "line 5 of ",
                "instances.web.autostart is true or false",
                "line 6 of ",
                "instances.web.ready_when.says is not known; there are http, log, port",
                "line 7 of ",
                "instances.web.colour is not known; there are command, cwd",
                "line 8 of ",
                "instances.Web: a name matches",
                "line 10 of ",
                "instances.db.env is a map",
                "instances.db.command is missing",
                "instances.db.state is running or stopped",
                "line 12 of ",
                "'fleet' is not known");
    }

    @Test
    void what_is_there_twice_or_an_alias_is_refused() {
        refused("instances:\n  a: {command: [x], port: 1, port: 2}\n", "line 2", "instances.a.port is there twice");
        refused("instances:\n  a: {command: [x]}\n  a: {command: [y]}\n", "line 3", "instances.a is there twice");
        refused("instances:\n  a: &a {command: [x]}\n  b: *a\n", "aliases are not taken; write the value out");
    }

    @Test
    void what_is_no_fleet_file_is_refused_and_never_repeated() {
        refused("", "names no instances");
        refused("[]", "line 1", "a fleet file is a map");
        refused("instances: {a: {env: {TOKEN: s3cret\n", "not YAML");
        refused("instances: {a: {env: s3cret}}", "instances.a.env is a map");
        refused("a: ".repeat(50_000) + "\n", "not YAML");
        refused("#".repeat((1 << 20) + 1), "larger than 1MiB");
        assertThatThrownBy(() -> FleetFile.read(folder.resolve("gone.yaml"))).hasMessageContaining("does not exist");
    }

    private List<FleetFile.Definition> read(String yaml) throws IOException {
        return FleetFile.read(Files.writeString(folder.resolve("fleet.yaml"), yaml));
    }

    private void refused(String yaml, String... why) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll(why)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("s3cret"));
    }
}
