package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of faces, made, shown and revoked by a shell. */
class TokenCommandIT {
    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "auth.mode=required");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_key_is_the_one_line_on_stdout_and_good_until_it_is_revoked() {
        String key = out("token", "create", "scraper", "--metrics").strip();
        assertThat(metrics(key)).isEqualTo(200);
        String row = out("token", "ls")
                .lines()
                .filter(line -> line.startsWith("scraper "))
                .findFirst()
                .orElseThrow();
        assertThat(row).contains("metrics", "read").doesNotContain(key);
        out("token", "revoke", row.strip().substring(row.strip().lastIndexOf(' ') + 1));
        assertThat(metrics(key)).isEqualTo(401);
        assertThat(out("token", "list")).doesNotContain("scraper");
    }

    @Test
    void scopes_are_given_by_name_to_keys_that_have_them() {
        assertThat(out("token", "create", "reader", "--mcp", "--scope", "read,operate", "--output", "json"))
                .contains("\"scopes\":[\"read\",\"operate\"]", "\"token\":");
        assertThat(console().run("token", "create", "greeter", "--scope", "read"))
                .isEqualTo(2);
        assertThat(console().run("token", "create", "two", "--mcp", "--openai")).isEqualTo(2);
        assertThat(console().run("token", "create", "all", "--mcp", "--scope", "all"))
                .isEqualTo(1);
    }

    private String out(String... command) {
        TestConsole console = console();
        assertThat(console.run(command)).as(console.err()).isZero();
        return console.out();
    }

    private TestConsole console() {
        return new TestConsole(folder)
                .with("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port())
                .with("FAIRLEAD_DATA_DIR", folder.resolve("data").toString())
                .with("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD);
    }

    private int metrics(String key) {
        return gateway.get("/metrics", "Authorization", "Bearer " + key).status();
    }
}
