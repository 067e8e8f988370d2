package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.number;
import static dev.fairlead.gateway.tools.GatewayTools.text;
import static dev.fairlead.gateway.tools.GatewayTools.tool;

import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import java.util.Arrays;
import java.util.List;

/** What an agent can see of the inbox of approvals; it answers none. */
final class ApprovalTools {
    private static final int DEFAULT_APPROVALS = 20;
    private static final int MAX_APPROVALS = 100;
    private static final List<String> STATUSES =
            Arrays.stream(Approval.Status.values()).map(Approval.Status::wire).toList();

    private ApprovalTools() {}

    static List<Tool> of(Bus bus) {
        return List.of(tool(
                "list_approvals",
                Effect.READ,
                "Lists what waits, or waited, for a person's approval, newest first.",
                Parameters.of()
                        .optional()
                        .choice("status", "Only those in this status", STATUSES)
                        .number("limit", "How many; default " + DEFAULT_APPROVALS, 1, MAX_APPROVALS)
                        .build(),
                (args, caller) -> bus.request(new ApprovalCommands.ListApprovals(
                        text(args, "status").flatMap(Approval.Status::of), number(args, "limit", DEFAULT_APPROVALS)))));
    }
}
