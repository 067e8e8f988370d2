package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.settings.SettingsLoader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code serve} for the launcher to learn from which classes that needs: a gateway of its own in a new folder, on any
 * free port and with no setting of the environment, until it has answered its first requests.
 */
final class Rehearsal {
    private static final String ORIGIN = "--rehearse";
    private static final List<String> PATHS = List.of("/api/health", "/", "/api/agents");

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

    private static Future<Void> answered(Gateway gateway) {
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
                        answered.complete();
                    } catch (IOException e) {
                        answered.fail(e);
                    }
                },
                "fairlead-visitor");
        visitor.start();
        return answered.future();
    }
}
