package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.SettingsLoader;
import dev.fairlead.gateway.settings.SettingsPrinter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Option(
            names = "--demo",
            description = "Also runs the upstream's simulator and three sample agents, with a data folder of their own"
                    + " (~/.fairlead-demo).")
    private boolean demo;

    @Option(
            names = "--token-life",
            paramLabel = "DURATION",
            converter = TokenLife.class,
            description = "With --demo: the life of the upstream's token, such as 60s (default: 15m).")
    private Optional<Duration> tokenLife = Optional.empty();

    @Spec
    private CommandSpec command;

    @Option(names = "--rehearse", hidden = true, description = "Ends once the first requests are answered.")
    private Optional<Path> rehearsal = Optional.empty();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (rehearsal.isPresent()) {
            return new Rehearsal(rehearsal.get(), console).untilAnswered();
        }
        if (tokenLife.isPresent() && !demo) {
            throw new ParameterException(
                    command.commandLine(), "--token-life is the simulated upstream's, and that comes with --demo");
        }
        if (demo && !printConfig) {
            return new DemoRun(console, options, tokenLife).untilStopped();
        }
        SettingsLoader.Loaded loaded = demo ? DemoRun.load(options, Map.of()) : options.load();
        if (printConfig) {
            console.out().print(SettingsPrinter.yaml(loaded.values()));
            console.out().flush();
            return ExitStatus.OK.code();
        }
        return new GatewayRun(loaded.settings(), console).untilStopped();
    }
}
