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

/**
 * Somebody who types what a page shows, in a home of their own with the product on the path, and looks whether it says
 * what stands below. Ports are others, so that it goes beside a gateway of the machine.
 */
final class Newcomer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final int port = freePort();
    private final int webPort = freePort();
    private final List<Process> running = new ArrayList<>();
    private final PrintedText printed;

    Newcomer(Path home) throws IOException {
        this.home = home;
        Path bin = Files.createDirectory(home.resolve("bin"));
        GatewayProcess.installTo(bin.resolve("fairlead"), home);
        printed = new PrintedText(Map.of(
                "18800", Integer.toString(port), "9000", Integer.toString(webPort), "/home/you", home.toString()));
    }

    /** Of the gateway, which is 18800 on the page. */
    int port() {
        return port;
    }

    void type(ShownCommand shown) throws Exception {
        type(shown, Map.of());
    }

    /** @param environment that the command finds besides, as settings of a gateway */
    void type(ShownCommand shown, Map<String, String> environment) throws Exception {
        String command = shown.command();
        if (command.startsWith("fairlead chat")) {
            chat(shown);
        } else if (shown.goesOn()) {
            Path said = home.resolve("said-" + running.size());
            ProcessBuilder builder = shell(command);
            builder.environment().putAll(environment);
            running.add(builder.redirectOutput(said.toFile()).start());
            Awaitility.await(command).atMost(PATIENCE).untilAsserted(() -> has(Files.readString(said), shown.below()));
        } else if (shown.looks()) {
            Awaitility.await(command).atMost(PATIENCE).untilAsserted(() -> has(ended(start(command)), shown.below()));
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

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A gateway among what was typed ends first, by itself, and its programs with it. */
    @Override
    public void close() {
        for (Process process : running) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        for (Process process : running) {
            try {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
