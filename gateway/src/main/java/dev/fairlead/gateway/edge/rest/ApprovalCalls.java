package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** {@code /api/approvals}. */
public final class ApprovalCalls {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;

    private record Reason(Optional<String> reason) {}

    private final Bus bus;

    public ApprovalCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/approvals", Access.OPERATOR, this::list),
                Endpoint.get("/api/approvals/:id", Access.OPERATOR, call -> bus.request(
                                new ApprovalCommands.Get(call.path("id")))
                        .map(found -> Answer.ok(found.approval()))),
                Endpoint.post("/api/approvals/:id/approve", Access.OPERATOR, call -> decide(call, true))
                        .auditedByConcern(),
                Endpoint.post("/api/approvals/:id/deny", Access.OPERATOR, call -> decide(call, false))
                        .auditedByConcern());
    }

    private Future<Answer> list(Call call) {
        return bus.request(new ApprovalCommands.ListApprovals(
                        call.query("status").map(ApprovalCalls::status), call.number("limit", PAGE, 1, MAX_PAGE)))
                .map(Answer::ok);
    }

    private Future<Answer> decide(Call call, boolean approve) {
        Optional<String> reason = call.optionalBody(Reason.class).flatMap(Reason::reason);
        return bus.request(new ApprovalCommands.Decide(
                        call.path("id"), approve, reason, call.principal().actor(), call.address()))
                .map(done -> Answer.ok(done.approval()));
    }

    private static Approval.Status status(String text) {
        return Approval.Status.of(text)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Parameter 'status' is waiting, approved, denied or expired"));
    }
}
