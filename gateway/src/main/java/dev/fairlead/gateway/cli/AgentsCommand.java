package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code agents ls}, {@code agents revoke} and {@code agents rotate}. */
@Command(
        name = "agents",
        description = "The agents that are known to the gateway.",
        subcommands = {AgentsCommand.Ls.class, AgentsCommand.Revoke.class, AgentsCommand.Rotate.class})
final class AgentsCommand {

    /** Lists them. */
    @Command(name = "ls", description = "Lists agents.")
    static final class Ls extends GatewayCommand {
        Ls(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get("/api/agents");
            write(answer, () -> {
                TextTable table = new TextTable("NAME", "STATUS", "LAST SEEN", "CONNECTED", "VERSION");
                for (JsonNode agent : answer.path("agents")) {
                    table.row(
                            agent.path("name").asText(),
                            agent.path("status").asText(),
                            shown(agent, "last_seen"),
                            shown(agent, "connected_at"),
                            shown(agent, "version"));
                }
                table.print(console().out());
            });
        }
    }

    /** Ends an agent's tokens. */
    @Command(name = "revoke", description = "Revokes an agent: its tokens are void and its connection is closed.")
    static final class Revoke extends GatewayCommand {
        @Parameters(paramLabel = "NAME", description = "The agent's name.", converter = AgentName.Converter.class)
        private AgentName name;

        Revoke(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.delete("/api/agents/" + name);
            tell(answer, "Agent " + name + " is revoked.");
        }
    }

    /** Replaces an agent's token. */
    @Command(
            name = "rotate",
            description = "Writes a new permanent token for an agent; the old one stays good for ten minutes.")
    static final class Rotate extends GatewayCommand {
        @Parameters(paramLabel = "NAME", description = "The agent's name.", converter = AgentName.Converter.class)
        private AgentName name;

        Rotate(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer =
                    calls.post("/api/agents/" + name + "/rotate-token", JsonNodeFactory.instance.objectNode());
            write(answer, () -> {
                console().out().println(answer.path("token").asText());
                console()
                        .err()
                        .println("Put it where agent " + name + " keeps its token" + " (~/.fairlead/agents/" + name
                                + "/token) while the old one is still good.");
            });
        }
    }
}
