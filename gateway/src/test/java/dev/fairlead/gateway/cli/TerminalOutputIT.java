package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands write on a terminal and into a pipe, each a process of its own beside a gateway that is one. */
@Tag("attack")
class TerminalOutputIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    /** On terminals of their own, by Python's pty; what comes out of them is what a person's would be given. */
    @Test
    void what_a_program_writes_steers_no_terminal_and_a_pipe_gets_its_bytes() throws IOException {
        Tools.require("python3", "apt-get install python3");
        String style = "\u001b[31mred\u001b[0m";
        String line = style + " \u001b]0;title\u0007 \u001b[2J \u009b2J gone";
        try (ServedGateway gateway = ServedGateway.startSmall(folder.resolve("data"), "auth.mode=required")) {
            gateway.post(
                    "/api/instances",
                    "{\"name\":\"noisy\",\"command\":[\"sh\",\"-c\",\"printf '\\\\033[31mred\\\\033[0m"
                            + " \\\\033]0;title\\\\007 \\\\033[2J \\\\302\\\\2332J gone\\\\n'; exec sleep 600\"]}");
            gateway.post("/api/instances/noisy/start", "{}");
            await().atMost(SOON)
                    .until(() -> gateway.text("/api/instances/noisy/logs").contains("gone"));
            String url = gateway.http("").toString();
            read(url, style, line);
        }
    }

    private void read(String url, String style, String line) {
        try (GatewayProcess person = onTerminal(url, "tail", "noisy", "-n", "1");
                GatewayProcess pipe = inPipe(url, "tail", "noisy", "-n", "1");
                GatewayProcess watching = onTerminal(url, "ws", "/ws/instances/noisy/logs?backlog=1");
                GatewayProcess program = inPipe(url, "ws", "/ws/instances/noisy/logs?backlog=1")) {
            assertThat(person.exitCode()).as(person.output()).isZero();
            assertThat(person.out())
                    .contains(style, "title", "gone", "⟨U+009B⟩")
                    .doesNotContain("\u001b]", "\u001b[2J", "\u0007", "\u009b");
            assertThat(pipe.exitCode()).as(pipe.output()).isZero();
            assertThat(pipe.out()).isEqualTo(line + "\n");

            await().atMost(SOON)
                    .until(() ->
                            watching.out().contains("gone") && program.out().contains("gone"));
            assertThat(watching.out()).contains("⟨U+009B⟩").doesNotContain("\u001b", "\u0007", "\u009b");
            assertThat(FrameCodec.tree(program.out().lines().findFirst().orElseThrow())
                            .at("/lines/0")
                            .asText())
                    .isEqualTo(line);
            assertThat(program.out()).contains("\u009b");
        }
    }

    private GatewayProcess onTerminal(String url, String... command) {
        return commanding(List.of("python3", "-c", "import pty, sys; pty.spawn(sys.argv[1:])"), url, command);
    }

    private GatewayProcess inPipe(String url, String... command) {
        return commanding(List.of(), url, command);
    }

    private GatewayProcess commanding(List<String> prefix, String url, String... command) {
        Map<String, String> environment = Map.of(
                "FAIRLEAD_URL",
                url,
                "FAIRLEAD_TOKEN",
                RunningGateway.PASSWORD,
                "FAIRLEAD_DATA_DIR",
                folder.resolve("data").toString());
        return GatewayProcess.under(
                prefix, List.of("-XX:TieredStopAtLevel=1"), folder.resolve("home"), environment, List.of(command));
    }
}
