package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.GatewayProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The readme's five minutes as a newcomer takes them: each command is typed as it stands, one after the other, and says
 * what stands below it. Ports are others, so that it runs beside a gateway of the machine.
 */
class ReadmeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final List<Process> running = new ArrayList<>();
    private GatewayProcess gateway;
    private PrintedText printed;
    private int port;

    @Test
    void every_command_does_what_the_page_shows() throws Exception {
        Path bin = Files.createDirectory(home.resolve("bin"));
        GatewayProcess.installTo(bin.resolve("fairlead"), home);
        port = freePort();
        printed = new PrintedText(Map.of(
                "18800", Integer.toString(port), "9000", Integer.toString(freePort()), "/home/you", home.toString()));
        gateway = GatewayProcess.serve(home, Map.of(), "--port", Integer.toString(port));
        gateway.port();
        int typed = 0;
        for (ShownCommand shown : ShownCommand.on(Path.of("..", "README.md"))) {
            if (!shown.command().startsWith("java ")) { // the demo has a test of its own
                typed++;
                type(shown);
            }
        }
        assertThat(typed).isGreaterThan(5);
    }

    @AfterEach
    void end() {
        running.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
        if (gateway != null) {
            gateway.terminate();
            gateway.exit(PATIENCE);
        }
    }

    private void type(ShownCommand shown) throws Exception {
        String command = shown.command();
        if (command.startsWith("fairlead chat")) {
            chat(shown);
        } else if (shown.goesOn()) {
            Path said = home.resolve("said");
            running.add(shell(command).redirectOutput(said.toFile()).start());
            Awaitility.await(command).atMost(PATIENCE).untilAsserted(() -> has(Files.readString(said), shown.below()));
        } else {
            has(ended(start(command)), shown.below());
        }
    }

    /** The first line below is typed; what is answered depends on what there is. */
    private void chat(ShownCommand shown) throws Exception {
        Process chat = start(shown.command());
        try (var in = chat.outputWriter()) {
            in.write(shown.below().get(0) + "\n");
        }
        has(ended(chat), shown.below().subList(1, shown.below().size()));
    }

    private void has(String said, List<String> shown) {
        assertThat(printed.missing(said, shown)).as(said).isEmpty();
    }

    private Process start(String command) throws IOException {
        Process process = shell(command).start();
        running.add(process);
        return process;
    }

    private ProcessBuilder shell(String command) {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", printed.asTyped(command))
                .directory(home.toFile())
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        environment.put("HOME", home.toString());
        environment.put("PATH", home.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("FAIRLEAD_URL", "http://127.0.0.1:" + port);
        return builder;
    }

    private static String ended(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
