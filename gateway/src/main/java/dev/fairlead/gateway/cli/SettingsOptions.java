package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The gateway's settings as the command line names them; all sources together, the command line last. */
final class SettingsOptions {

    private final Console console;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "The address to listen on (http.host).")
    private Optional<String> host = Optional.empty();

    @Option(names = "--port", paramLabel = "PORT", description = "The port to listen on (http.port).")
    private Optional<String> port = Optional.empty();

    @Option(names = "--data-dir", paramLabel = "FOLDER", description = "Where everything is kept (data_dir).")
    private Optional<String> dataDir = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with settings.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets one setting; may be repeated.")
    private List<String> assignments = new ArrayList<>();

    @Option(names = "--log-format", paramLabel = "text|json", description = "The form of the log (log.format).")
    private Optional<String> logFormat = Optional.empty();

    @Option(
            names = "--cluster",
            hidden = true,
            description = "As a node of several over one PostgreSQL (cluster.enabled).")
    private boolean cluster;

    SettingsOptions(Console console) {
        this.console = console;
    }

    /**
     * The settings in force.
     *
     * @throws dev.fairlead.gateway.settings.SettingsException naming everything that is wrong
     */
    SettingsLoader.Loaded load() {
        return load(Map.of(), "");
    }

    /**
     * The settings in force, where some are preset: those outrank file and environment, and nothing else.
     *
     * @param origin of the presets, for people
     * @throws dev.fairlead.gateway.settings.SettingsException naming everything that is wrong
     */
    SettingsLoader.Loaded load(Map<String, String> presets, String origin) {
        SettingsLoader loader = SettingsLoader.nothing();
        config.ifPresent(loader::file);
        loader.environment(console.environment());
        presets.forEach((key, text) -> loader.set(key, text, origin));
        loader.set(assignments);
        host.ifPresent(text -> loader.set("http.host", text, "--host"));
        port.ifPresent(text -> loader.set("http.port", text, "--port"));
        dataDir.ifPresent(text -> loader.set("data_dir", text, "--data-dir"));
        if (cluster) {
            loader.set("cluster.enabled", "true", "--cluster");
        }
        logFormat.ifPresent(text -> loader.set("log.format", text, "--log-format"));
        return loader.load();
    }
}
