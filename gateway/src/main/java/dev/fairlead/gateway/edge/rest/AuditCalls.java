package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.audit.AuditRequests;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import java.util.List;

/** {@code GET /api/audit}. */
public final class AuditCalls {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;

    private final Bus bus;

    public AuditCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/audit", Access.OPERATOR, call -> bus.request(
                        new AuditRequests.Page(call.query("cursor"), call.number("limit", PAGE, 1, MAX_PAGE)))
                .map(Answer::ok)));
    }
}
