package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code token create}, {@code token ls} and {@code token revoke}. */
@Command(
        name = "token",
        description = "Registration tokens for agents, and keys for what else may come in.",
        subcommands = {TokenCommand.Create.class, TokenCommand.Ls.class, TokenCommand.Revoke.class})
final class TokenCommand {
    /** Asks for a token and writes it, alone, to stdout, so that {@code $(…)} takes it. */
    @Command(
            name = "create",
            description = {
                "Makes a token with which an agent of that name registers: good for one hour, once.",
                "With --mcp, --openai or --metrics, a key for that instead: good there alone, until it is revoked.",
                "Needs the admin password or an operator token. On the gateway's own machine its user needs to give"
                        + " neither: the password in the data folder is used."
            })
    static final class Create extends GatewayCommand {
        @Parameters(paramLabel = "NAME", description = "The agent's name.", converter = AgentName.Converter.class)
        private AgentName name;

        @ArgGroup
        private Kind kind = new Kind();

        @Option(
                names = "--scope",
                paramLabel = "read|operate|trade",
                split = ",",
                description = "What a key may do (default: read); may be repeated.")
        private List<String> scopes = new ArrayList<>();

        @Spec
        private CommandSpec command;

        /** Whose door the key opens; without any, a registration token is made. */
        static final class Kind {
            @Option(names = "--mcp", description = "A key for MCP clients.")
            private boolean mcp;

            @Option(names = "--openai", description = "A key for clients of the OpenAI API.")
            private boolean openai;

            @Option(names = "--metrics", description = "A key that reads /metrics and nothing else.")
            private boolean metrics;

            String text() {
                return mcp ? "mcp" : openai ? "openai" : metrics ? "metrics" : "agent";
            }
        }

        Create(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            if (kind.text().equals("agent")) {
                registration(calls);
            } else {
                key(calls);
            }
        }

        private void registration(GatewayCalls calls) {
            if (!scopes.isEmpty()) {
                throw new ParameterException(
                        command.commandLine(), "--scope is for the keys that --mcp and --openai make");
            }
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

        private void key(GatewayCalls calls) {
            ObjectNode body = JsonNodeFactory.instance
                    .objectNode()
                    .put("kind", kind.text())
                    .put("name", name.text());
            if (!scopes.isEmpty()) {
                ArrayNode wanted = body.putArray("scopes");
                scopes.forEach(wanted::add);
            }
            JsonNode answer = calls.post("/api/admin/tokens", body);
            write(answer, () -> {
                console().out().println(answer.path("token").asText());
                console()
                        .err()
                        .println("Good until it is revoked: fairlead token revoke "
                                + answer.path("id").asText());
            });
        }
    }

    /** Lists the keys there are. */
    @Command(name = "ls", aliases = "list", description = "Lists keys; never their text.")
    static final class Ls extends GatewayCommand {
        Ls(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get("/api/admin/tokens");
            write(answer, () -> {
                TextTable table = new TextTable("NAME", "KIND", "SCOPES", "CREATED", "LAST USED", "ID");
                for (JsonNode key : answer.path("tokens")) {
                    List<String> scopes = new ArrayList<>();
                    key.path("scopes").forEach(scope -> scopes.add(scope.asText()));
                    table.row(
                            key.path("name").asText(),
                            key.path("kind").asText(),
                            String.join(",", scopes),
                            shown(key, "created_at"),
                            shown(key, "last_used_at"),
                            key.path("id").asText());
                }
                table.print(console().out());
            });
        }
    }

    /** Ends a key. */
    @Command(name = "revoke", description = "Revokes a key: it is good for nothing from then on.")
    static final class Revoke extends GatewayCommand {
        @Parameters(paramLabel = "ID", description = "As 'token ls' shows it.")
        private String id;

        Revoke(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.delete("/api/admin/tokens/" + encoded(id));
            tell(answer, "Key " + id + " is revoked.");
        }
    }
}
