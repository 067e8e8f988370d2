package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailCommandIT {
    @TempDir
    Path folder;

    private RunningGateway gateway;
    private TestConsole console;
    private Path log;

    @BeforeEach
    void start() throws IOException {
        gateway = RunningGateway.start(folder.resolve("data"));
        WsClient agent = WsClient.connect(
                gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("agent-1"));
        agent.next("token.state");
        console = new TestConsole(folder).with("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port());
        log = Files.createDirectories(folder.resolve("data/logs/agent-1")).resolve("current.log");
        Files.writeString(log, "one\ntwo x\nthree\n");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_last_lines_are_printed() {
        assertThat(console.run("tail", "agent-1", "-n", "2")).isZero();

        assertThat(console.out()).isEqualTo("two x\nthree\n");
        assertThat(console.err()).isEmpty();
    }

    @Test
    void lines_without_the_text_are_left_out() {
        assertThat(console.run("tail", "agent-1", "--grep", "o x")).isZero();

        assertThat(console.out()).isEqualTo("two x\n");
    }

    /** A terminal of its own, by Python's pty; what comes out of it is what a person's would be given. */
    @Test
    @Tag("attack")
    void a_log_steers_no_terminal_and_a_pipe_gets_its_bytes() throws IOException {
        Tools.require("python3", "apt-get install python3");
        String line = "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u001b[2J gone";
        Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
        List<String> terminal = List.of("python3", "-c", "import pty, sys; pty.spawn(sys.argv[1:])");
        Map<String, String> environment = Map.of("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port());
        List<String> tail = List.of("tail", "agent-1", "-n", "1");
        try (GatewayProcess person = GatewayProcess.under(terminal, List.of(), folder, environment, tail);
                GatewayProcess pipe = GatewayProcess.under(List.of(), List.of(), folder, environment, tail)) {
            assertThat(person.exitCode()).isZero();
            assertThat(person.out())
                    .contains("\u001b[31mred\u001b[0m", "title", "gone")
                    .doesNotContain("\u001b]", "\u001b[2J", "\u0007");
            assertThat(pipe.exitCode()).isZero();
            assertThat(pipe.out()).isEqualTo(line + "\n");
        }
    }

    @Test
    void an_unknown_name_fails_and_says_so() {
        assertThat(console.run("tail", "nobody")).isEqualTo(1);
        assertThat(console.err()).contains("No instance or agent named 'nobody'");
        assertThat(console.run("tail", "nobody", "-f")).isEqualTo(1);
    }

    @Test
    void new_lines_follow_until_the_log_ends() throws IOException {
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> console.run("tail", "agent-1", "-f", "-n", "1"));
        await().until(() -> console.out().contains("three"));
        Files.writeString(log, "four\n", StandardOpenOption.APPEND);
        await().until(() -> console.out().contains("four"));
        gateway.delete("/api/agents/agent-1");

        assertThat(exit.join()).isZero();
        assertThat(console.out()).isEqualTo("three\nfour\n");
        assertThat(console.err()).contains("the log ended: it is deleted");
    }
}
