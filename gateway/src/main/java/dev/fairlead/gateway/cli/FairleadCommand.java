package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.SettingsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
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
        })
public final class FairleadCommand {

    private static final List<Subcommand> SUBCOMMANDS = List.of(
            new Subcommand("serve", ServeCommand.class),
            new Subcommand("token", TokenCommand.class),
            new Subcommand("agents", AgentsCommand.class),
            new Subcommand("instances", InstancesCommand.class),
            new Subcommand("apply", ApplyCommand.class),
            new Subcommand("agent", AgentCommand.class),
            new Subcommand("messages", MessagesCommand.class),
            new Subcommand("quote", QuoteCommand.class),
            new Subcommand("chat", ChatCommand.class),
            new Subcommand("orders", OrdersCommand.class),
            new Subcommand("approvals", ApprovalsCommand.class),
            new Subcommand("alerts", AlertsCommand.class),
            new Subcommand("cluster", ClusterCommand.class),
            new Subcommand("open", OpenCommand.class),
            new Subcommand("mcp", McpCommand.class),
            new Subcommand("acp", AcpCommand.class),
            new Subcommand("ws", WsCommand.class),
            new Subcommand("tail", TailCommand.class),
            new Subcommand("logs", LogsCommand.class),
            new Subcommand("bench", BenchCommand.class),
            new Subcommand("prove", ProveCommand.class),
            new Subcommand("simulate-upstream", SimulateUpstreamCommand.class),
            new Subcommand("demo-agent", DemoAgentCommand.class),
            new Subcommand("demo-coder", DemoCoderCommand.class),
            new Subcommand("acp-adapter", AcpAdapterCommand.class),
            new Subcommand("backup", BackupCommand.class),
            new Subcommand("restore", RestoreCommand.class),
            new Subcommand("doctor", DoctorCommand.class),
            new Subcommand("completion", CompletionCommand.class),
            new Subcommand("man", ManCommand.class));

    private static final Pattern CONSTANTS = Pattern.compile("expected one of \\[([^\\]]*)] \\(case-insensitive\\)");

    private FairleadCommand() {}

    /** Runs one command line and answers its exit code. */
    public static int execute(Console console, String... args) {
        Optional<String> prepared = PreparedTexts.ofBuild().answer(List.of(args));
        if (prepared.isPresent()) {
            console.out().print(prepared.get());
            console.out().flush();
            return ExitStatus.OK.code();
        }
        return commandLine(console, args).execute(args);
    }

    /** All commands. */
    static CommandLine commandLine(Console console) {
        return commandLine(console, SUBCOMMANDS);
    }

    /**
     * What {@code args} need: where they begin with a command, that one alone, and where another follows that one is
     * the only one below it. Reading the options of all of them takes longer than most of them run.
     */
    static CommandLine commandLine(Console console, String... args) {
        String first = args.length == 0 ? "" : args[0];
        List<Subcommand> named = SUBCOMMANDS.stream()
                .filter(subcommand -> subcommand.name().equals(first))
                .map(subcommand -> args.length == 1 ? subcommand : subcommand.alone(args[1]))
                .toList();
        return commandLine(console, named.isEmpty() ? SUBCOMMANDS : named);
    }

    private static CommandLine commandLine(Console console, List<Subcommand> subcommands) {
        CommandLine commandLine = new CommandLine(new FairleadCommand(), new ConsoleFactory(console));
        subcommands.forEach(subcommand -> subcommand.addTo(commandLine));
        commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(new Misused());
        commandLine.setExecutionExceptionHandler(new Failed());
        return commandLine;
    }

    /**
     * Tells of wrong options. Both are classes of their own, since an archive of loaded classes has no lambda of an
     * interface that was compiled as long ago as these: without one, no class is looked for in the jar.
     */
    private static final class Misused implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException misuse, String[] args) {
            return misused(misuse);
        }
    }

    private static final class Failed implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
            return failed(failure, command);
        }
    }

    private static int misused(ParameterException misuse) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("fairlead: " + inTypedWords(misuse.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(misuse, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitStatus.USAGE.code();
    }

    /** The values an option takes are listed as they are typed, not as the code has them. */
    private static String inTypedWords(String message) {
        Matcher constants = CONSTANTS.matcher(String.valueOf(message));
        return constants.find()
                ? constants.replaceFirst(Matcher.quoteReplacement(
                        "expected one of " + constants.group(1).toLowerCase(Locale.ROOT)))
                : message;
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

    /**
     * A command of the first level.
     *
     * @param name also in its annotation, which costs time to read
     * @param below the only one that is wanted of those below it; empty where all are
     */
    private record Subcommand(String name, Class<?> type, Optional<Class<?>> below) {
        Subcommand(String name, Class<?> type) {
            this(name, type, Optional.empty());
        }

        /** With that one alone of those below it; as it is where it has no such one, or does something itself. */
        Subcommand alone(String word) {
            if (Callable.class.isAssignableFrom(type)) {
                return this;
            }
            return Stream.of(type.getAnnotation(Command.class).subcommands())
                    .filter(one -> one.getAnnotation(Command.class).name().equals(word))
                    .findFirst()
                    .map(one -> new Subcommand(name, type, Optional.of(one)))
                    .orElse(this);
        }

        void addTo(CommandLine root) {
            if (below.isEmpty()) {
                root.addSubcommand(name, type);
                return;
            }
            CommandLine group = new CommandLine(CommandSpec.create(), root.getFactory());
            root.addSubcommand(name, group);
            group.addSubcommand(below.get());
        }
    }

    /** Tells the version of the build. */
    static final class BuildVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {PreparedTexts.version()};
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
