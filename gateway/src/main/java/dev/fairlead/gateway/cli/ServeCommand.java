package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.SettingsLoader;
import dev.fairlead.gateway.settings.SettingsPrinter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serve}: the gateway. */
@Command(
        name = "serve",
        description = {
            "Runs the gateway until it is told to stop.",
            "Settings come from defaults, --config, the environment (FAIRLEAD_ and the key in capitals, '.' as '_') and"
                    + " the options here; the later wins."
        })
final class ServeCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private SettingsOptions options;

    @Option(
            names = "--print-config",
            description = "Print all settings and where each comes from, secrets masked, and exit.")
    private boolean printConfig;

    @Option(names = "--demo", hidden = true)
    private boolean demo;

    @Option(names = "--cluster", hidden = true)
    private boolean cluster;

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (demo || cluster) {
            throw new CommandFailure(
                    ExitStatus.USAGE, (demo ? "--demo" : "--cluster") + " is not available in this version");
        }
        SettingsLoader.Loaded loaded = options.load();
        if (printConfig) {
            console.out().print(SettingsPrinter.yaml(loaded.values()));
            console.out().flush();
            return ExitStatus.OK.code();
        }
        return new GatewayRun(loaded.settings(), console).untilStopped();
    }
}
