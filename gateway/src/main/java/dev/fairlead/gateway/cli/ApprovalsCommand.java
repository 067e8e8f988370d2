package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.VisibleText;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code approvals}, {@code approvals approve} and {@code approvals deny}. */
@Command(
        name = "approvals",
        description = "What waits for a person: calls of tools, orders, what agents ask.",
        subcommands = {ApprovalsCommand.Approve.class, ApprovalsCommand.Deny.class})
final class ApprovalsCommand extends GatewayCommand {
    private static final int SHOWN_DETAIL = 60;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "waiting, approved, denied or expired (default: ${DEFAULT-VALUE}).")
    private String status = "waiting";

    @Option(names = "--all", description = "Those that are answered or expired, too.")
    private boolean all;

    ApprovalsCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        JsonNode answer = calls.get("/api/approvals" + (all ? "" : "?status=" + encoded(status)));
        write(answer, () -> print(answer));
    }

    private void print(JsonNode answer) {
        TextTable table = new TextTable("ID", "KIND", "SUBJECT", "DETAIL", "STATUS", "EXPIRES");
        for (JsonNode approval : answer.path("approvals")) {
            table.row(
                    approval.path("id").asText(),
                    approval.path("kind").asText(),
                    approval.path("subject").asText(),
                    VisibleText.cut(approval.path("detail").asText(), SHOWN_DETAIL),
                    approval.path("status").asText(),
                    approval.path("expires_at").asText());
        }
        table.print(console().out());
    }

    /** An answer to one. */
    private abstract static class Answer extends GatewayCommand {
        @Parameters(paramLabel = "ID", description = "The approval's id.")
        private String id;

        Answer(Console console) {
            super(console);
        }

        final void post(GatewayCalls calls, String call, ObjectNode body) {
            JsonNode approval = calls.post("/api/approvals/" + encoded(id) + call, body);
            tell(
                    approval,
                    approval.path("subject").asText() + " ("
                            + approval.path("id").asText() + ") is "
                            + approval.path("status").asText() + ".");
        }
    }

    /** Lets it happen. */
    @Command(name = "approve", description = "Lets it happen. The first answer wins.")
    static final class Approve extends Answer {
        Approve(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            post(calls, "/approve", JsonNodeFactory.instance.objectNode());
        }
    }

    /** Keeps it from happening. */
    @Command(name = "deny", description = "Keeps it from happening. The first answer wins.")
    static final class Deny extends Answer {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for who asked.")
        private Optional<String> reason = Optional.empty();

        Deny(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            reason.ifPresent(text -> body.put("reason", text));
            post(calls, "/deny", body);
        }
    }
}
