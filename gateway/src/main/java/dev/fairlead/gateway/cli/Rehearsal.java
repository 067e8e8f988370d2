package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.settings.SettingsLoader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code serve} for the launcher to learn from which classes that and the other commands need: a gateway of its own in
 * a new folder, on any free port and with no setting of the environment, until it has answered its first requests.
 */
final class Rehearsal {
    private static final String ORIGIN = "--rehearse";
    private static final List<String> PATHS = List.of("/api/health", "/", "/api/agents");

    private static final List<List<String>> COMMANDS = List.of(
            List.of("agents", "--help"),
            List.of("agents", "ls"),
            List.of("instances", "ls"),
            List.of("messages", "ls"),
            List.of("orders", "ls"),
            List.of("approvals"),
            List.of("alerts"),
            List.of("token", "ls"),
            List.of("doctor"));

    private final Path folder;
    private final Console console;

    Rehearsal(Path folder, Console console) {
        this.folder = folder;
        this.console = console;
    }

    int untilAnswered() {
        Settings settings = SettingsLoader.nothing()
                .set("data_dir", folder.toString(), ORIGIN)
                .set("http.host", "127.0.0.1", ORIGIN)
                .set("http.port", "0", ORIGIN)
                .load()
                .settings();
        GatewayRun run = new GatewayRun(settings, console);
        return run.with(gateway -> answered(gateway).onSuccess(done -> run.stop()))
                .untilStopped();
    }

    private Future<Void> answered(Gateway gateway) {
        Promise<Void> answered = Promise.promise();
        Thread visitor = new Thread(
                () -> {
                    try {
                        for (String path : PATHS) {
                            URI address = URI.create("http://127.0.0.1:" + gateway.port() + path);
                            try (InputStream answer = address.toURL().openStream()) {
                                answer.readAllBytes();
                            }
                        }
                        commands(gateway);
                        answered.complete();
                    } catch (IOException e) {
                        answered.fail(e);
                    }
                },
                "fairlead-visitor");
        visitor.start();
        return answered.future();
    }

    /** What they answer is nobody's; those that cannot reach it have loaded what they need too. */
    private void commands(Gateway gateway) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Map<String, String> environment =
                Map.of("FAIRLEAD_URL", "http://127.0.0.1:" + gateway.port(), "FAIRLEAD_DATA_DIR", folder.toString());
        Console quiet = new Console(InputStream.nullInputStream(), nowhere, nowhere, environment, folder);
        // Each has classes of its own, which all of them name.
        FairleadCommand.commandLine(quiet);
        for (List<String> words : COMMANDS) {
            var unused = FairleadCommand.execute(quiet, words.toArray(String[]::new));
        }
    }
}
