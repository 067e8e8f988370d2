package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.http.HttpServerRequest;

/**
 * Tells the audit trail what the edge alone knows: who was not let in, what failed before a concern could say so, and
 * what is done or read that no concern tells of. Telling costs a message on the bus; it is put together and written
 * elsewhere.
 */
public final class CallAudit {
    /** The kind of all that is refused to who is not known. */
    private static final String ACCESS = "access";

    private final Gatekeeper gatekeeper;
    private final Bus bus;
    private final TimeSource time;

    public CallAudit(Gatekeeper gatekeeper, Bus bus, TimeSource time) {
        this.gatekeeper = gatekeeper;
        this.bus = bus;
        this.time = time;
    }

    /** A request was not let in; what is wrong with it otherwise is not told. */
    public void refused(HttpServerRequest request, FairleadException why) {
        if (isRefusal(why)) {
            record(
                    AuditEvents.STRANGER,
                    ACCESS,
                    request.method() + " " + request.path(),
                    gatekeeper.addressOf(request),
                    AuditEvents.REFUSED,
                    why.code().wire());
        }
    }

    /** A call of somebody who was let in came to nothing; that something could not be read is not told. */
    void failed(Endpoint endpoint, Call call, FairleadException why) {
        Endpoint.Audit audit = endpoint.audit();
        boolean told = endpoint.writes() || audit.action().isPresent();
        if (told && !audit.byConcern() && endpoint.access() != Access.PUBLIC) {
            record(
                    call.principal().actor(),
                    audit.action().orElseGet(() -> endpoint.method() + " " + endpoint.path()),
                    call.target(),
                    call.address(),
                    isRefusal(why) ? AuditEvents.REFUSED : AuditEvents.FAILED,
                    why.code().wire());
        }
    }

    /** A call of somebody who was let in did what it is for. */
    void done(Endpoint endpoint, Call call) {
        if (call.principal() instanceof Principal.Operator operator) {
            endpoint.audit()
                    .action()
                    .ifPresent(action -> record(
                            operator.actor(),
                            action,
                            endpoint.audit().target().apply(call),
                            call.address(),
                            AuditEvents.OK,
                            ""));
        }
    }

    private static boolean isRefusal(FairleadException why) {
        return why.code().httpStatus() == 401
                || why.code().httpStatus() == 403
                || why.code() == ErrorCode.TOO_MANY_REQUESTS;
    }

    private void record(String actor, String action, String target, String address, String outcome, String detail) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(time.instant(), actor, action, target, address, outcome, detail));
    }
}
