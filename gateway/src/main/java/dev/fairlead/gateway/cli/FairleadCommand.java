package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.settings.SettingsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the commands. */
@Command(
        name = "fairlead",
        description = "A self-hosted gateway for fleets of agents.",
        mixinStandardHelpOptions = true,
        versionProvider = FairleadCommand.BuildVersion.class,
        synopsisSubcommandLabel = "<command>",
        scope = CommandLine.ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong options, arguments or settings",
            "3:the gateway cannot be reached",
            "4:token or password missing or refused"
        },
        subcommands = {
            ServeCommand.class,
            TokenCommand.class,
            AgentsCommand.class,
            InstancesCommand.class,
            AgentCommand.class,
            MessagesCommand.class,
            QuoteCommand.class,
            ChatCommand.class,
            OrdersCommand.class,
            WsCommand.class,
            TailCommand.class,
            BenchCommand.class,
            SimulateUpstreamCommand.class,
            DemoAgentCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        })
public final class FairleadCommand {

    private FairleadCommand() {}

    /** Runs one command line and answers its exit code. */
    public static int execute(Console console, String... args) {
        return commandLine(console).execute(args);
    }

    static CommandLine commandLine(Console console) {
        CommandLine commandLine = new CommandLine(new FairleadCommand(), new ConsoleFactory(console));
        commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(FairleadCommand::misused);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        return commandLine;
    }

    private static int misused(ParameterException misuse, String[] args) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("fairlead: " + misuse.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(misuse, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitStatus.USAGE.code();
    }

    private static int failed(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (failure instanceof CommandFailure told) {
            err.println("fairlead: " + told.getMessage());
            return told.status().code();
        }
        if (failure instanceof SettingsException wrong) {
            wrong.problems().forEach(problem -> err.println("fairlead: " + problem));
            return ExitStatus.USAGE.code();
        }
        err.println("fairlead: unexpected failure, please report it:");
        failure.printStackTrace(err);
        return ExitStatus.FAILED.code();
    }

    /** Tells the version of the build. */
    static final class BuildVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"fairlead " + Version.current()};
        }
    }

    /** Gives the console to each command and option group whose constructor asks for it. */
    private record ConsoleFactory(Console console) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (var constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Console.class) {
                    return type.cast(constructor.newInstance(console));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
