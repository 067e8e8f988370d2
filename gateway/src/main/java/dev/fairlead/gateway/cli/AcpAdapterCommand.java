package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.faces.acp.AcpAdapter;
import dev.fairlead.protocol.FairleadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code acp-adapter}: the process of an instance whose protocol is ACP; it lives in the environment of one. */
@Command(name = "acp-adapter", hidden = true, description = "Speaks ACP with the program of an instance.")
final class AcpAdapterCommand implements Callable<Integer> {

    private final Console console;

    @Option(
            names = "--folder",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the agent's token and sessions are kept.")
    private Path folder;

    @Option(
            names = "--allow",
            paramLabel = "WHAT",
            description = "What may be done for the agent in its working folder: fs, terminal.")
    private List<String> allowed = List.of();

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The program that speaks ACP.")
    private List<String> command;

    AcpAdapterCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try {
            AcpAdapter adapter = new AcpAdapter(
                    new AcpAdapter.Options(
                            command,
                            folder.toAbsolutePath().resolve(".fairlead"),
                            Path.of("").toAbsolutePath().toRealPath(),
                            Set.copyOf(allowed),
                            console.environment(),
                            setsid()),
                    console.out());
            TerminationSignals.onFirst(adapter::close);
            return adapter.untilEnded();
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.FAILED, "The working folder cannot be used: " + e.getMessage());
        } catch (FairleadException e) {
            throw new CommandFailure(
                    ExitStatus.USAGE, e.getMessage() + ": this is run by the gateway, for an instance that speaks ACP");
        }
    }

    private Optional<Path> setsid() {
        return Arrays.stream(console.variable("PATH").orElse("").split(":", -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, "setsid"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
