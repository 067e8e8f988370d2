package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code agents ls}, {@code agents revoke} and {@code agents rotate}. */
@Command(
        name = "agents",
        description = "The agents that are known to the gateway.",
        subcommands = {AgentsCommand.Ls.class, AgentsCommand.Revoke.class, AgentsCommand.Rotate.class})
final class AgentsCommand {

    /** Lists them. */
    @Command(name = "ls", description = "Lists agents.")
    static final class Ls implements Callable<Integer> {
        private final Console console;

        @Mixin
        private GatewayOptions gateway;

        @Mixin
        private OutputOption output;

        Ls(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            JsonNode answer = new GatewayCalls(gateway).get("/api/agents");
            output.write(answer, () -> {
                TextTable table = new TextTable("NAME", "STATUS", "LAST SEEN", "CONNECTED", "VERSION");
                for (JsonNode agent : answer.path("agents")) {
                    table.row(
                            agent.path("name").asText(),
                            agent.path("status").asText(),
                            shown(agent, "last_seen"),
                            shown(agent, "connected_at"),
                            shown(agent, "version"));
                }
                table.print(console.out());
            });
            return ExitStatus.OK.code();
        }

        private static String shown(JsonNode agent, String field) {
            return agent.hasNonNull(field) ? agent.get(field).asText() : "-";
        }
    }

    /** Ends an agent's tokens. */
    @Command(name = "revoke", description = "Revokes an agent: its tokens are void and its connection is closed.")
    static final class Revoke implements Callable<Integer> {
        private final Console console;

        @Mixin
        private GatewayOptions gateway;

        @Mixin
        private OutputOption output;

        @Parameters(paramLabel = "NAME", description = "The agent's name.", converter = AgentName.Converter.class)
        private AgentName name;

        Revoke(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            JsonNode answer = new GatewayCalls(gateway).delete("/api/agents/" + name);
            output.write(answer, () -> console.err().println("Agent " + name + " is revoked."));
            return ExitStatus.OK.code();
        }
    }

    /** Replaces an agent's token. */
    @Command(
            name = "rotate",
            description = "Writes a new permanent token for an agent; the old one stays good for ten minutes.")
    static final class Rotate implements Callable<Integer> {
        private final Console console;

        @Mixin
        private GatewayOptions gateway;

        @Mixin
        private OutputOption output;

        @Parameters(paramLabel = "NAME", description = "The agent's name.", converter = AgentName.Converter.class)
        private AgentName name;

        Rotate(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            JsonNode answer = new GatewayCalls(gateway)
                    .post("/api/agents/" + name + "/rotate-token", JsonNodeFactory.instance.objectNode());
            output.write(answer, () -> {
                console.out().println(answer.path("token").asText());
                console.err()
                        .println("Put it where agent " + name + " keeps its token" + " (~/.fairlead/agents/" + name
                                + "/token) while the old one is still good.");
            });
            return ExitStatus.OK.code();
        }
    }
}
