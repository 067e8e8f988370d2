package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code token create}. */
@Command(name = "token", description = "Registration tokens for agents.", subcommands = TokenCommand.Create.class)
final class TokenCommand {

    /** Asks for a token and writes it, alone, to stdout, so that {@code $(…)} takes it. */
    @Command(
            name = "create",
            description = {
                "Makes a token with which an agent of that name registers: good for one hour, once.",
                "Needs the admin password or an operator token. On the gateway's own machine its user needs to give"
                        + " neither: the password in the data folder is used."
            })
    static final class Create extends GatewayCommand {
        @Parameters(paramLabel = "NAME", description = "The agent's name.", converter = AgentName.Converter.class)
        private AgentName name;

        Create(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode body = JsonNodeFactory.instance.objectNode().put("agent_name", name.text());
            JsonNode answer = calls.post("/api/admin/tokens", body);
            write(answer, () -> {
                console().out().println(answer.path("token").asText());
                console()
                        .err()
                        .println("Good until " + answer.path("expires_at").asText() + ", once. Start the agent with"
                                + " this token in FAIRLEAD_TOKEN and the name " + name + " in FAIRLEAD_AGENT_NAME.");
            });
        }
    }
}
