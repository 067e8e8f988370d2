package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.demo.agent.Role;
import dev.fairlead.gateway.demo.agent.SampleAgent;
import dev.fairlead.protocol.FairleadException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo-agent}: what {@code serve --demo} starts as instances; it lives in the environment of one. */
@Command(name = "demo-agent", hidden = true, description = "Runs one of the sample agents of 'serve --demo'.")
final class DemoAgentCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "One of ${COMPLETION-CANDIDATES}.")
    private Role role;

    DemoAgentCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try {
            SampleAgent agent =
                    new SampleAgent(role, console.environment(), Path.of("").toAbsolutePath(), console.out());
            TerminationSignals.onFirst(agent::close);
            return StoppedClient.status(agent.untilStopped()).code();
        } catch (FairleadException e) {
            throw new CommandFailure(
                    ExitStatus.USAGE, e.getMessage() + ": this is run by 'fairlead serve --demo', as an instance");
        }
    }
}
