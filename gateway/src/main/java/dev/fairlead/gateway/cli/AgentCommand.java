package dev.fairlead.gateway.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code agent}: an agent for trying things out, and an example of one. */
@Command(
        name = "agent",
        description = {
            "Runs a reference agent: registers, heartbeats, reconnects for ever, answers ping, echo and status.",
            "Its permanent token is kept in ~/.fairlead/agents/<name>/token; until there is one it needs a registration"
                    + " token ('fairlead token create NAME') in FAIRLEAD_TOKEN or --token."
        })
final class AgentCommand implements Callable<Integer> {

    private static final String DEFAULT_URL = "http://127.0.0.1:18800";
    /** As many messages as a gateway lets an agent hold at a time. */
    private static final int MAX_CONCURRENCY = 64;
    /** What a gateway sets in the environment of its instances. */
    private static final String INSTANCE = "FAIRLEAD_SPAWN_ID";

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--gateway-url",
            paramLabel = "URL",
            description = "The gateway (default: FAIRLEAD_URL, else " + DEFAULT_URL + ").")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "The data folder of a gateway on this machine, which proves who listens before a token is"
                    + " shown (default: FAIRLEAD_DATA_DIR, else ~/.fairlead).")
    private Optional<Path> dataDir = Optional.empty();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The registration token, good for one hour, once (default: FAIRLEAD_TOKEN).")
    private Optional<String> token = Optional.empty();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            converter = AgentName.Converter.class,
            description = "The agent's name (default: FAIRLEAD_AGENT_NAME, else the one the token is for).")
    private Optional<AgentName> name = Optional.empty();

    @Option(
            names = "--exec",
            paramLabel = "CMD",
            description =
                    "A shell command that handles messages: it gets each one's JSON on stdin, and acknowledges it by"
                            + " ending with 0. Without it messages are printed and acknowledged.")
    private Optional<String> exec = Optional.empty();

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "How many of them may run at a time (default: ${DEFAULT-VALUE}, which keeps their order).")
    private int concurrency = 1;

    AgentCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String gateway = url.or(() -> console.variable("FAIRLEAD_URL")).orElse(DEFAULT_URL);
        Optional<String> registration = token.or(() -> console.variable("FAIRLEAD_TOKEN"));
        String self = name.map(AgentName::text)
                .or(() -> console.variable("FAIRLEAD_AGENT_NAME"))
                .or(() -> registration.flatMap(TokenName::of))
                .orElseThrow(() -> misused("An agent needs a name: --name or FAIRLEAD_AGENT_NAME"));
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw misused("--concurrency is from 1 to " + MAX_CONCURRENCY);
        }
        try {
            AgentAddress address = AgentAddress.at(gateway);
            return new AgentRun(
                            console,
                            address.url(),
                            self,
                            registration,
                            exec,
                            concurrency,
                            () -> prove(address.gateway()))
                    .untilStopped()
                    .code();
        } catch (IllegalArgumentException e) {
            throw misused("The gateway's URL (--gateway-url, FAIRLEAD_URL) is http://host:port or https://host:port");
        }
    }

    private void prove(URI gateway) {
        folder().ifPresent(folder -> new GatewayProof(gateway, Optional.of(folder)).requireWhereKnown());
    }

    /** An instance has its gateway's address from the gateway itself, which need not be that of its home folder. */
    private Optional<Path> folder() {
        boolean told =
                dataDir.isPresent() || console.variable("FAIRLEAD_DATA_DIR").isPresent();
        return told || console.variable(INSTANCE).isEmpty()
                ? Optional.of(GatewayOptions.dataFolder(console, dataDir))
                : Optional.empty();
    }

    private ParameterException misused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
